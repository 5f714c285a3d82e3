-- Who has whom tonight, what of it can no longer be, and where the liaison wants somebody else (R17). Everyone else goes on
-- with the provider they have, before and after the release (R18).
CREATE OR REPLACE TEMP TABLE newest_episodes AS
SELECT e.*, a.status AS authorization_status, a.authorization_id
FROM exchange.ji_episodes AS e
JOIN exchange.ecm_authorizations AS a ON a.episode_id = e.episode_id
QUALIFY row_number() OVER (PARTITION BY e.cin ORDER BY e.ordinal DESC) = 1;

CREATE OR REPLACE TEMP TABLE liaison_choices AS
SELECT coalesce(aliases.cin, d.cin) AS cin, d.npi, d.decided_on
FROM facts.liaison_decisions AS d
LEFT JOIN exchange.cin_aliases AS aliases ON aliases.alias = d.cin
QUALIFY row_number() OVER (PARTITION BY coalesce(aliases.cin, d.cin) ORDER BY d.sequence DESC) = 1;

CREATE OR REPLACE TEMP TABLE held AS
SELECT
    a.assignment_id, a.decision, a.cin, a.npi, a.assigned_on,
    CASE
        WHEN e.cin IS NULL OR e.authorization_status IN ('CLOSED', 'EXPIRED') THEN 'ELIG_LOST'
        WHEN r.npi IS NULL OR NOT r.active OR NOT r.ji_provider THEN 'PROVIDER_CHANGE'
    END AS lost
FROM exchange.ecm_assignments AS a
LEFT JOIN newest_episodes AS e ON e.cin = a.cin
LEFT JOIN roster AS r ON r.npi = a.npi
WHERE a.ended_on IS NULL;

-- Of several, the one that the liaison decided on stays, else the earliest.
CREATE OR REPLACE TEMP TABLE kept AS
SELECT h.*
FROM held AS h
LEFT JOIN liaison_choices AS choice ON choice.cin = h.cin AND choice.npi = h.npi
WHERE h.lost IS NULL
QUALIFY row_number() OVER (PARTITION BY h.cin ORDER BY choice.npi IS NULL, h.decision) = 1;

-- Whom the liaison decided for another provider, or for the first one; of those with one choice, whoever has no provider is
-- first.
CREATE OR REPLACE TEMP TABLE liaison_moves AS
SELECT
    choice.cin, choice.npi,
    row_number() OVER (PARTITION BY choice.npi ORDER BY kept.cin IS NOT NULL, choice.decided_on, choice.cin) AS turn
FROM liaison_choices AS choice
JOIN newest_episodes AS e ON e.cin = choice.cin AND e.authorization_status IN ('PENDING_RELEASE', 'ACTIVE')
JOIN roster AS chosen ON chosen.npi = choice.npi AND chosen.active AND chosen.ji_provider
LEFT JOIN kept ON kept.cin = choice.cin
WHERE kept.cin IS NULL OR (choice.npi <> kept.npi AND choice.decided_on >= kept.assigned_on);
