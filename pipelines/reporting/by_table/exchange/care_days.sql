-- On how many days providers cared for their members, by what they did.
SELECT
    count(*) AS days, count(DISTINCT cin) AS members, count(*) FILTER (NOT is_served) AS of_members_not_served,
    (SELECT list(k ORDER BY kind) FROM (SELECT kind, count(*) AS days FROM exchange.care_days GROUP BY ALL) AS k) AS by_kind
FROM exchange.care_days
