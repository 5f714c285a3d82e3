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

-- Decisions that can be followed tonight: as many as the chosen provider has places, whoever has no provider first.
CREATE OR REPLACE TEMP TABLE liaison_moves AS
SELECT choice.cin, choice.npi
FROM liaison_choices AS choice
JOIN newest_episodes AS e ON e.cin = choice.cin AND e.authorization_status IN ('PENDING_RELEASE', 'ACTIVE')
JOIN roster AS chosen ON chosen.npi = choice.npi AND chosen.active AND chosen.ji_provider
JOIN loads ON loads.npi = choice.npi
LEFT JOIN exchange.ecm_assignments AS a ON a.cin = choice.cin AND a.ended_on IS NULL
WHERE a.cin IS NULL OR (choice.npi <> a.npi AND choice.decided_on >= a.assigned_on)
QUALIFY row_number() OVER (PARTITION BY choice.npi ORDER BY a.cin IS NOT NULL, choice.decided_on, choice.cin)
    <= loads.capacity - loads.open;

INSERT INTO facts.assignment_decisions BY NAME
WITH ends AS (
    SELECT
        a.*,
        CASE
            WHEN e.cin IS NULL OR e.authorization_status IN ('CLOSED', 'EXPIRED') THEN 'ELIG_LOST'
            WHEN r.npi IS NULL OR NOT r.active OR NOT r.ji_provider THEN 'PROVIDER_CHANGE'
            WHEN l.cin IS NOT NULL THEN 'PROVIDER_CHANGE'
        END AS why
    FROM exchange.ecm_assignments AS a
    LEFT JOIN newest_episodes AS e ON e.cin = a.cin
    LEFT JOIN roster AS r ON r.npi = a.npi
    LEFT JOIN liaison_moves AS l ON l.cin = a.cin
    WHERE a.ended_on IS NULL
)
SELECT
    (SELECT coalesce(max(decision), 0) FROM facts.assignment_decisions) + row_number() OVER (ORDER BY cin) AS decision,
    getvariable('business_date') AS decided_on, 'END' AS action, assignment_id, cin, npi, method, prior_npi, late_add,
    why AS reason, '{}' AS candidates
FROM ends
WHERE why IS NOT NULL;
