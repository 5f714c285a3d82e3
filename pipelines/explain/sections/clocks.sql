-- What is due when, what met it, and by which calendar it was counted.
SELECT
    rule, name AS clock, trigger_date AS starts, concat(days, ' ', lower(unit)) AS days, due,
    CASE WHEN is_target THEN 'yes' END AS target, status, met_on AS met, met_by AS by, calendar
FROM exchange.clocks
WHERE list_contains($cins, cin)
ORDER BY due NULLS LAST, rule, name
