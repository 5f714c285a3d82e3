-- What is due, what was met and what is late, of the stricter reading of each rule.
WITH target AS (FROM exchange.clocks WHERE is_target AND status <> 'VOID')
SELECT
    count(*) FILTER (status = 'OPEN') AS open,
    count(*) FILTER (status = 'OPEN' AND due = getvariable('business_date')) AS due_today,
    count(*) FILTER (status = 'MET') AS met, count(*) FILTER (status = 'LATE' AND met_on IS NOT NULL) AS met_late,
    count(*) FILTER (status = 'LATE' AND met_on IS NULL) AS overdue,
    (SELECT list(c ORDER BY overdue DESC, rule, name) FROM (
        SELECT
            rule, name, count(*) FILTER (status = 'OPEN') AS open, count(*) FILTER (status = 'MET') AS met,
            count(*) FILTER (status = 'LATE' AND met_on IS NOT NULL) AS met_late,
            count(*) FILTER (status = 'LATE' AND met_on IS NULL) AS overdue
        FROM target GROUP BY ALL) AS c) AS by_clock
FROM target
