-- Where sources contradict each other.
SELECT
    count(*) AS contradictions, count(*) FILTER (since = getvariable('business_date')) AS new_tonight,
    (SELECT list(k ORDER BY contradictions DESC, kind) FROM (
        SELECT kind, rule, count(*) AS contradictions FROM exchange.ji_contradictions GROUP BY ALL) AS k) AS by_kind
FROM exchange.ji_contradictions
