-- Clocks by the day they fall due: kept in time, kept late, not kept, still open.
SELECT
    CAST(d.day AS DATE) AS day,
    count(*) FILTER (c.status = 'MET') AS in_time, count(*) FILTER (c.status = 'LATE' AND c.met_on IS NOT NULL) AS late,
    count(*) FILTER (c.status = 'LATE' AND c.met_on IS NULL) AS missed, count(*) FILTER (c.status = 'OPEN') AS open
FROM (SELECT unnest(generate_series($on - CAST($back AS INTEGER), $on + CAST($ahead AS INTEGER), INTERVAL 1 DAY)) AS day) AS d
LEFT JOIN exchange.clocks AS c ON c.due = d.day AND c.is_target AND c.status <> 'VOID'
GROUP BY d.day ORDER BY d.day
