-- The only reasons that end an assignment: the authorization ended, the provider can no longer serve, the JI liaison
-- decided for another provider that has a place (R17), or the member has another one since two CINs turned out to be one
-- person. Everyone else goes on with the provider they have, before and after the release (R18).
INSERT INTO facts.assignment_decisions BY NAME
WITH ends AS (
    SELECT
        made.*,
        CASE
            WHEN held.lost IS NOT NULL THEN held.lost
            WHEN kept.cin IS NULL THEN 'CORRECTION'
            WHEN move.cin IS NOT NULL THEN 'PROVIDER_CHANGE'
        END AS why
    FROM held
    JOIN facts.assignment_decisions AS made ON made.decision = held.decision
    LEFT JOIN kept ON kept.assignment_id = held.assignment_id
    LEFT JOIN liaison_moves AS move ON move.cin = held.cin
)
SELECT
    (SELECT coalesce(max(decision), 0) FROM facts.assignment_decisions)
        + row_number() OVER (ORDER BY cin, assignment_id) AS decision,
    getvariable('business_date') AS decided_on, 'END' AS action, assignment_id, cin, npi, method, prior_npi, late_add,
    why AS reason
FROM ends
WHERE why IS NOT NULL;
