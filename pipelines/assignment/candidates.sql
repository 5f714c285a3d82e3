-- Who needs a provider tonight, who is named for them, and which providers the rule may choose from.
CREATE OR REPLACE TEMP TABLE needing AS
SELECT
    e.cin, e.episode_id, e.state, e.opened_on, e.release_date, m.county,
    e.state = 'RELEASED' OR coalesce(e.release_date <= getvariable('business_date'), false) AS late_add,
    coalesce(e.release_date, e.expected_release_date, e.effectuation_date, DATE '9999-12-31') AS urgency,
    CASE WHEN date_diff('year', m.birth_date, getvariable('business_date'))
              - CAST(strftime(m.birth_date, '%m%d') > strftime(getvariable('business_date'), '%m%d') AS INTEGER) < 21
         THEN 'YOUTH' ELSE 'ADULT' END AS population,
    m.language,
    (SELECT arg_max(a.npi, (a.ended_on, a.assignment_id)) FROM exchange.ecm_assignments AS a WHERE a.cin = e.cin) AS prior_npi,
    (SELECT count(*) FROM exchange.ecm_assignments AS a WHERE a.cin = e.cin) AS assigned_before
FROM newest_episodes AS e
JOIN exchange.members AS m ON m.cin = e.cin
WHERE e.authorization_status IN ('PENDING_RELEASE', 'ACTIVE')
  AND e.cin NOT IN (SELECT cin FROM exchange.ecm_assignments WHERE ended_on IS NULL);

-- Named providers, in the order they are tried.
CREATE OR REPLACE TEMP TABLE choices AS
SELECT n.cin, named.npi, named.step, named.method
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
SELECT r.npi, r.capacity, count(a.assignment_id) AS open
FROM roster AS r
LEFT JOIN exchange.ecm_assignments AS a ON a.npi = r.npi AND a.ended_on IS NULL
GROUP BY r.npi, r.capacity;

-- The rule: an active JI provider that serves the county of residence on the 834 (R22) and the person's age; it prefers
-- one whose service scope covers the time before release where that is needed, and one who speaks the language.
CREATE OR REPLACE TEMP TABLE rule_fits AS
SELECT
    n.cin, r.npi, n.urgency,
    CASE
        WHEN NOT r.active THEN 'INACTIVE'
        WHEN NOT r.ji_provider THEN 'NOT_JI_CAPABLE'
        WHEN NOT list_contains(string_split(r.counties, ';'), n.county) OR n.county IS NULL THEN 'OTHER_COUNTY'
        WHEN NOT list_contains(string_split(r.populations, ';'), n.population) THEN 'OTHER_POPULATION'
        ELSE 'FITS'
    END AS fit,
    CAST(n.state = 'PENDING_RELEASE' AND r.service_scope <> 'PRE_RELEASE' AS INTEGER) * 2
    + CAST(NOT (coalesce(n.language, 'ENG') = 'ENG' OR list_contains(string_split(r.languages, ';'), n.language)) AS INTEGER)
        AS mismatch,
    md5(concat_ws('|', n.cin, r.npi)) AS tie
FROM needing AS n
CROSS JOIN roster AS r;

CREATE OR REPLACE TEMP TABLE granted (cin VARCHAR, npi VARCHAR, method VARCHAR);
CREATE OR REPLACE TEMP TABLE passed_over (cin VARCHAR, npi VARCHAR, method VARCHAR, reason VARCHAR);
