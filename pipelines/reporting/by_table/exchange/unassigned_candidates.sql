-- Why nobody can take those who are unassigned.
SELECT
    count(DISTINCT cin) AS members, count(DISTINCT npi) AS providers_considered,
    (SELECT list(o ORDER BY candidates DESC, outcome) FROM (
        SELECT outcome, count(*) AS candidates FROM exchange.unassigned_candidates GROUP BY ALL) AS o) AS by_outcome
FROM exchange.unassigned_candidates
