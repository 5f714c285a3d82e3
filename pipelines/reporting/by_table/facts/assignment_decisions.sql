-- What was decided in the night: whom the members were given to by which method, and why assignments ended.
WITH tonight AS (FROM facts.assignment_decisions WHERE decided_on = getvariable('business_date'))
SELECT
    count(*) FILTER (action = 'ASSIGN') AS made, count(*) FILTER (action = 'ASSIGN' AND late_add) AS late_adds,
    count(*) FILTER (action = 'END') AS ended,
    (SELECT list(m ORDER BY decisions DESC, method) FROM (
        SELECT method, count(*) AS decisions FROM tonight WHERE action = 'ASSIGN' GROUP BY ALL) AS m) AS made_by_method,
    (SELECT list(e ORDER BY decisions DESC, reason) FROM (
        SELECT reason, count(*) AS decisions FROM tonight WHERE action = 'END' GROUP BY ALL) AS e) AS ended_by_reason
FROM tonight
