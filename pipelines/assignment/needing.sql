-- Who needs a provider tonight, the most urgent first: already out, then by release, then by how long it is known. Whoever
-- is still inside is among them (R16); whoever is out before the first provider is named is a late add (R23), but nobody who
-- only changes providers.
CREATE OR REPLACE TEMP TABLE needing AS
WITH people AS (
    SELECT
        e.cin, e.episode_id, e.opened_on, m.county,
        e.state = 'RELEASED' OR coalesce(e.release_date <= getvariable('business_date'), false) AS is_out,
        is_out AND NOT EXISTS (
            SELECT 1 FROM exchange.ecm_assignments AS a WHERE a.cin = e.cin AND a.assigned_on >= e.opened_on
        ) AS late_add,
        coalesce(e.release_date, e.expected_release_date, e.effectuation_date, DATE '9999-12-31') AS release_date,
        e.state = 'PENDING_RELEASE' AS needs_pre_release,
        CASE WHEN date_diff('year', m.birth_date, getvariable('business_date'))
                  - CAST(strftime(m.birth_date, '%m%d') > strftime(getvariable('business_date'), '%m%d') AS INTEGER) < 21
             THEN 'YOUTH' ELSE 'ADULT' END AS population,
        nullif(m.language, 'ENG') AS language,
        (SELECT arg_max(a.npi, (a.ended_on, a.end_reason <> 'CORRECTION', a.decision))
         FROM exchange.ecm_assignments AS a WHERE a.cin = e.cin) AS prior_npi,
        coalesce((SELECT string_agg(DISTINCT a.npi, ';' ORDER BY a.npi) FROM exchange.ecm_assignments AS a
                  WHERE a.cin = e.cin), '') AS served_by,
        (SELECT count(*) FROM facts.assignment_decisions AS d WHERE d.cin = e.cin AND d.action = 'ASSIGN') AS assigned_before
    FROM newest_episodes AS e
    LEFT JOIN exchange.members AS m ON m.cin = e.cin
    WHERE e.authorization_status IN ('PENDING_RELEASE', 'ACTIVE')
      AND e.cin NOT IN (SELECT cin FROM exchange.ecm_assignments WHERE ended_on IS NULL)
)
SELECT
    *,
    row_number() OVER (ORDER BY is_out DESC, release_date, opened_on, cin) AS priority,
    dense_rank() OVER (ORDER BY county, population, language, needs_pre_release, served_by) AS profile
FROM people;

-- Named providers, in the order they are tried: the liaison's, the facility's (R17), who served before (R18), who is
-- preferred. None of them has to serve the county of residence (R21).
CREATE OR REPLACE TEMP TABLE choices AS
SELECT n.cin, n.profile, named.npi, named.step, named.method
FROM needing AS n
JOIN (
    SELECT cin, npi, 10 AS step, 'LIAISON' AS method, 0 AS file_order FROM liaison_choices
    UNION ALL
    SELECT cin, post_release_npi, 20, 'FACILITY_NOTICE', file_order FROM exchange.ji_statements
    UNION ALL
    SELECT cin, pre_release_cm_npi, 21, 'FACILITY_NOTICE', file_order FROM exchange.ji_statements
    UNION ALL
    SELECT cin, prior_npi, 30, 'CONTINUITY', 0 FROM needing
    UNION ALL
    SELECT cin, continuing_npi, 31, 'CONTINUITY', file_order FROM exchange.ji_statements
    UNION ALL
    SELECT cin, preferred_npi, 40, 'PREFERRED', file_order FROM exchange.ji_statements
) AS named ON named.cin = n.cin
WHERE named.npi IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY n.cin, named.step ORDER BY named.file_order DESC, named.npi) = 1;

CREATE OR REPLACE TEMP TABLE loads AS
SELECT r.npi, r.capacity, r.active AND r.ji_provider AS serves, count(a.assignment_id) AS open
FROM roster AS r
LEFT JOIN exchange.ecm_assignments AS a ON a.npi = r.npi AND a.ended_on IS NULL
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE granted (cin VARCHAR, npi VARCHAR, step BIGINT, method VARCHAR);
