-- Write down the decisions of the night with everyone who was considered, and list those nobody could take.
CREATE OR REPLACE TEMP TABLE considered AS
SELECT
    n.cin,
    to_json({
        'named': coalesce((
            SELECT list({
                'npi': c.npi, 'method': c.method,
                'outcome': CASE
                    WHEN g.npi = c.npi AND g.method = c.method THEN 'CHOSEN'
                    WHEN r.npi IS NULL THEN 'NOT_IN_ROSTER'
                    WHEN NOT r.active THEN 'INACTIVE'
                    WHEN NOT r.ji_provider THEN 'NOT_JI_CAPABLE'
                    WHEN g.method IS NOT NULL AND g.step < c.step THEN 'PRECEDED'
                    ELSE 'FULL'
                END} ORDER BY c.step)
            FROM choices AS c
            LEFT JOIN roster AS r ON r.npi = c.npi
            LEFT JOIN (
                SELECT granted.*, coalesce(choices.step, 50) AS step
                FROM granted
                LEFT JOIN choices ON choices.cin = granted.cin AND choices.npi = granted.npi
                    AND choices.method = granted.method
            ) AS g ON g.cin = c.cin
            WHERE c.cin = n.cin
        ), []),
        'rule': (
            SELECT map_from_entries(list((fit, providers) ORDER BY fit))
            FROM (SELECT fit, count(*) AS providers FROM rule_fits AS f WHERE f.cin = n.cin GROUP BY fit)
        )
    }) AS candidates
FROM needing AS n;

INSERT INTO facts.assignment_decisions BY NAME
SELECT
    (SELECT coalesce(max(decision), 0) FROM facts.assignment_decisions) + row_number() OVER (ORDER BY n.cin) AS decision,
    getvariable('business_date') AS decided_on, 'ASSIGN' AS action,
    md5(concat_ws('|', 'assignment', n.cin, g.npi, n.assigned_before)) AS assignment_id,
    n.cin, g.npi, g.method, CASE WHEN n.prior_npi <> g.npi THEN n.prior_npi END AS prior_npi, n.late_add,
    CASE g.method
        WHEN 'LIAISON' THEN 'the JI liaison decided so'
        WHEN 'FACILITY_NOTICE' THEN 'named as the provider before or after release'
        WHEN 'CONTINUITY' THEN 'served the member before'
        WHEN 'PREFERRED' THEN 'preferred by the member or referrer'
        ELSE 'fits county, age and language best with the most free places'
    END AS reason,
    c.candidates
FROM granted AS g
JOIN needing AS n ON n.cin = g.cin
JOIN considered AS c ON c.cin = g.cin;

DELETE FROM exchange.unassigned;

INSERT INTO exchange.unassigned BY NAME
SELECT
    n.cin, n.episode_id, n.county, n.opened_on AS since,
    CASE
        WHEN EXISTS (SELECT 1 FROM rule_fits AS f WHERE f.cin = n.cin AND f.fit = 'FITS') THEN 'ALL_PROVIDERS_FULL'
        WHEN EXISTS (SELECT 1 FROM rule_fits AS f WHERE f.cin = n.cin AND f.fit = 'OTHER_POPULATION')
            THEN 'NO_PROVIDER_FOR_AGE'
        ELSE 'NO_PROVIDER_IN_COUNTY'
    END AS reason,
    c.candidates
FROM needing AS n
JOIN considered AS c ON c.cin = n.cin
WHERE n.cin NOT IN (SELECT cin FROM granted);
