-- Each clock by its name: what of it is due, overdue, and how it was kept of those that fell due in the last days.
SELECT
    name, rule,
    count(*) FILTER (status = 'OPEN' AND due = $on) AS due_today,
    count(*) FILTER (status = 'OPEN' AND due > $on AND due <= $on + CAST($ahead AS INTEGER)) AS due_soon,
    count(*) FILTER (status = 'LATE' AND met_on IS NULL) AS overdue,
    count(*) FILTER (status = 'MET' AND due BETWEEN $on - CAST($back AS INTEGER) AND $on) AS kept,
    count(*) FILTER (status IN ('MET', 'LATE') AND due BETWEEN $on - CAST($back AS INTEGER) AND $on) AS fell_due
FROM exchange.clocks
WHERE is_target AND status <> 'VOID'
GROUP BY name, rule
ORDER BY overdue DESC, due_today DESC, rule, name
