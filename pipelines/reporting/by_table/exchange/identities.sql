-- Of how many rows it is certain whom they mean, and what became of the others.
SELECT
    count(*) FILTER (cin IS NOT NULL) AS matched, count(*) FILTER (method = 'REVIEW') AS in_review,
    count(*) FILTER (method = 'UNMATCHED') AS unmatched, count(*) FILTER (method = 'EXPIRED') AS expired,
    (SELECT list(i ORDER BY kind, rows DESC, method, reason) FROM (
        SELECT kind, method, reason, count(*) AS rows FROM exchange.identities GROUP BY ALL) AS i) AS by_outcome
FROM exchange.identities
