-- Who is authorized and has no provider, why, and for how long.
SELECT
    count(*) AS members, coalesce(max(getvariable('business_date') - since), 0) AS longest_wait_days,
    (SELECT list(r ORDER BY members DESC, reason) FROM (
        SELECT reason, count(*) AS members FROM exchange.unassigned GROUP BY ALL) AS r) AS by_reason
FROM exchange.unassigned
