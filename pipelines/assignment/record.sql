-- Write down the decisions of the night with everyone who was considered, and list those nobody could take.
CREATE OR REPLACE TEMP TABLE decided AS
SELECT
    (SELECT coalesce(max(decision), 0) FROM facts.assignment_decisions) + row_number() OVER (ORDER BY n.cin) AS decision,
    n.cin, g.npi, g.method, n.assigned_before, n.prior_npi, n.late_add
FROM granted AS g
JOIN needing AS n ON n.cin = g.cin;

INSERT INTO facts.assignment_decisions BY NAME
SELECT
    decision, getvariable('business_date') AS decided_on, 'ASSIGN' AS action,
    md5(concat_ws('|', 'assignment', cin, npi, assigned_before)) AS assignment_id,
    cin, npi, method, CASE WHEN prior_npi <> npi THEN prior_npi END AS prior_npi, late_add,
    CASE method
        WHEN 'LIAISON' THEN 'the JI liaison decided so'
        WHEN 'FACILITY_NOTICE' THEN 'named as the provider before or after release'
        WHEN 'CONTINUITY' THEN 'served the member before'
        WHEN 'PREFERRED' THEN 'preferred by the member or referrer'
        ELSE 'fits best of those with a place, with all members of the night and an even load in view'
    END AS reason
FROM decided;

INSERT INTO facts.assignment_candidates BY NAME
SELECT d.decision, c.*
FROM considered AS c
JOIN decided AS d ON d.cin = c.cin;

DELETE FROM exchange.unassigned;

INSERT INTO exchange.unassigned BY NAME
SELECT
    n.cin, n.episode_id, n.county, n.opened_on AS since,
    CASE
        WHEN list_contains(found.fits, 'FITS') THEN 'ALL_PROVIDERS_FULL'
        WHEN list_contains(found.fits, 'OTHER_LANGUAGE') THEN 'NO_PROVIDER_FOR_LANGUAGE'
        WHEN list_contains(found.fits, 'OTHER_SCOPE') THEN 'NO_PROVIDER_FOR_SCOPE'
        WHEN list_contains(found.fits, 'OTHER_POPULATION') THEN 'NO_PROVIDER_FOR_AGE'
        ELSE 'NO_PROVIDER_IN_COUNTY'
    END AS reason
FROM needing AS n
LEFT JOIN (SELECT profile, list(DISTINCT fit) AS fits FROM fits GROUP BY profile) AS found ON found.profile = n.profile
WHERE n.cin NOT IN (SELECT cin FROM granted);

DELETE FROM exchange.unassigned_candidates;

INSERT INTO exchange.unassigned_candidates BY NAME
SELECT c.* FROM considered AS c JOIN exchange.unassigned AS u ON u.cin = c.cin;
