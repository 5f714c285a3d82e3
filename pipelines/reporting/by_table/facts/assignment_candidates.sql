-- Who was considered for the assignments of the night, and why most were not chosen.
WITH tonight AS (
    SELECT c.outcome FROM facts.assignment_candidates AS c
    JOIN facts.assignment_decisions AS d ON d.decision = c.decision
    WHERE d.decided_on = getvariable('business_date')
)
SELECT
    count(*) AS considered, count(*) FILTER (outcome = 'CHOSEN') AS chosen,
    (SELECT list(o ORDER BY candidates DESC, outcome) FROM (
        SELECT outcome, count(*) AS candidates FROM tonight GROUP BY ALL) AS o) AS considered_by_outcome
FROM tonight
