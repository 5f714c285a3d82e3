-- The only reasons that end an assignment: the authorization ended, the provider can no longer serve, or the JI liaison
-- decided for another provider that has a place.
CREATE OR REPLACE TEMP TABLE newest_episodes AS
SELECT e.*, a.status AS authorization_status, a.authorization_id
FROM exchange.ji_episodes AS e
JOIN exchange.ecm_authorizations AS a ON a.episode_id = e.episode_id
QUALIFY row_number() OVER (PARTITION BY e.cin ORDER BY e.ordinal DESC) = 1;

CREATE OR REPLACE TEMP TABLE liaison_choices AS
SELECT cin, npi, decided_on
FROM facts.liaison_decisions
QUALIFY row_number() OVER (PARTITION BY cin ORDER BY sequence DESC) = 1;

CREATE OR REPLACE TEMP TABLE loads AS
SELECT r.npi, r.capacity, count(a.assignment_id) AS open
FROM roster AS r
LEFT JOIN exchange.ecm_assignments AS a ON a.npi = r.npi AND a.ended_on IS NULL
GROUP BY r.npi, r.capacity;

INSERT INTO facts.assignment_decisions BY NAME
WITH ends AS (
    SELECT
        a.*,
        CASE
            WHEN e.cin IS NULL OR e.authorization_status IN ('CLOSED', 'EXPIRED') THEN 'ELIG_LOST'
            WHEN r.npi IS NULL OR NOT r.active OR NOT r.ji_provider THEN 'PROVIDER_CHANGE'
            WHEN l.decided_on >= a.assigned_on AND l.npi <> a.npi THEN 'PROVIDER_CHANGE'
        END AS why
    FROM exchange.ecm_assignments AS a
    LEFT JOIN newest_episodes AS e ON e.cin = a.cin
    LEFT JOIN roster AS r ON r.npi = a.npi
    LEFT JOIN (
        SELECT choice.*
        FROM liaison_choices AS choice
        JOIN roster AS chosen ON chosen.npi = choice.npi AND chosen.active AND chosen.ji_provider
        JOIN loads ON loads.npi = choice.npi AND loads.open < loads.capacity
    ) AS l ON l.cin = a.cin
    WHERE a.ended_on IS NULL
)
SELECT
    (SELECT coalesce(max(decision), 0) FROM facts.assignment_decisions) + row_number() OVER (ORDER BY cin) AS decision,
    getvariable('business_date') AS decided_on, 'END' AS action, assignment_id, cin, npi, method, prior_npi, late_add,
    why AS reason, '{}' AS candidates
FROM ends
WHERE why IS NOT NULL;
