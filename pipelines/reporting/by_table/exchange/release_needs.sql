-- What people need at their release, and what of it somebody must see to now.
SELECT
    count(*) FILTER (is_missing) AS missing, count(*) FILTER (status = 'ARRANGED') AS arranged,
    (SELECT list(n ORDER BY need, status) FROM (
        SELECT need, status, count(*) AS needs, count(*) FILTER (is_missing) AS to_see_to
        FROM exchange.release_needs GROUP BY ALL) AS n) AS by_need
FROM exchange.release_needs
