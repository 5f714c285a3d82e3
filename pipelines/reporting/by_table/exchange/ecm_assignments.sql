-- Who has a provider, who got one in the night, and who lost it.
SELECT
    count(*) FILTER (ended_on IS NULL) AS open,
    count(*) FILTER (assigned_on = getvariable('business_date')) AS made,
    count(*) FILTER (assigned_on = getvariable('business_date') AND late_add) AS late_adds,
    count(*) FILTER (ended_on = getvariable('business_date')) AS ended,
    (SELECT list(m ORDER BY open DESC, method) FROM (
        SELECT
            method, count(*) FILTER (ended_on IS NULL) AS open,
            count(*) FILTER (assigned_on = getvariable('business_date')) AS made,
            count(*) FILTER (ended_on = getvariable('business_date')) AS ended
        FROM exchange.ecm_assignments GROUP BY ALL) AS m) AS by_method
FROM exchange.ecm_assignments
