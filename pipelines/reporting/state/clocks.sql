-- What was due in the month, by rule: how much was done in time, late, or not at all by the last day.
SELECT
    rule, name, count(*) AS due, count(*) FILTER (status = 'MET') AS met,
    count(*) FILTER (status = 'LATE' AND met_on IS NOT NULL) AS met_late,
    count(*) FILTER (status = 'LATE' AND met_on IS NULL) AS missed,
    count(*) FILTER (status = 'OPEN') AS open, count(*) FILTER (status = 'VOID') AS void
FROM exchange.clocks
WHERE is_target AND due BETWEEN getvariable('first_day') AND getvariable('last_day')
GROUP BY rule, name
ORDER BY CAST(rule[2:] AS INTEGER), name
