-- What says that a member is of the JI population: each locator of the 834 that found the indicator, and each source that
-- told it in another way, with the first and the last day on which it did. The value found stays here.
WITH told AS (
    SELECT cin, '834' AS kind, locator AS source, place, file_date AS told_on, effective_date
    FROM exchange.ji_evidence
    UNION ALL BY NAME
    SELECT cin, said_by AS kind, source, received_on AS told_on FROM exchange.ji_statements
),
of_persons AS (
    SELECT t.* REPLACE (coalesce(a.cin, t.cin) AS cin)
    FROM told AS t
    LEFT JOIN exchange.cin_aliases AS a ON a.alias = t.cin
)
SELECT
    cin, kind, source, place, min(told_on) AS first_told_on, max(told_on) AS last_told_on,
    min(effective_date) AS effective_from
FROM of_persons
WHERE cin IN (SELECT cin FROM episodes_of_month)
GROUP BY cin, kind, source, place
ORDER BY cin, kind, source, place NULLS FIRST
