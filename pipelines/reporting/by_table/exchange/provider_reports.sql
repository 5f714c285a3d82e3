-- Of how many members providers report, and how these stand with them.
SELECT
    count(DISTINCT cin) AS members, count(DISTINCT npi) AS providers,
    (SELECT list(s ORDER BY members DESC, standing) FROM (
        SELECT coalesce(standing, 'UNKNOWN') AS standing, count(*) AS members
        FROM exchange.provider_reports GROUP BY ALL) AS s) AS by_standing
FROM exchange.provider_reports
