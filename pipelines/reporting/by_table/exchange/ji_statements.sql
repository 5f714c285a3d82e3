-- Who said something of incarceration and release.
SELECT
    count(DISTINCT cin) AS members,
    (SELECT list(s ORDER BY said_by) FROM (
        SELECT said_by, count(*) AS statements, count(DISTINCT cin) AS members FROM exchange.ji_statements GROUP BY ALL) AS s)
        AS by_speaker
FROM exchange.ji_statements
