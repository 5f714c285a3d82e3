-- Everything that waits for a person, one row an item. `due` is the day it is to be done by, `since` when it came up; the
-- most urgent of a list stands first (`priority`).
DELETE FROM exchange.work_items;

INSERT INTO exchange.work_items BY NAME
WITH open_assignments AS (
    SELECT * FROM exchange.ecm_assignments WHERE ended_on IS NULL
),
open_clocks AS (
    SELECT *, status = 'LATE' AND met_on IS NULL AS is_overdue
    FROM exchange.clocks
    WHERE is_target AND met_on IS NULL AND status <> 'VOID'
),
-- How near a release is, by the steps of the configuration.
nearing AS (
    SELECT
        cin, opened_on, coalesce(release_date, expected_release_date) AS expected,
        date_diff('day', getvariable('business_date'), expected) AS days
    FROM exchange.ji_episodes
    WHERE state = 'PENDING_RELEASE'
),
-- What is amiss with the network of providers: counties, published changes, overlap with other plans.
network_items AS (
    SELECT county, problem AS reason, rule, as_of AS since, concat_ws('|', county, population, service_scope) AS about
    FROM exchange.county_coverage
    WHERE problem IS NOT NULL
    UNION ALL BY NAME
    SELECT county, problem AS reason, rule, as_of AS since, county AS about
    FROM exchange.network_overlap
    WHERE problem IS NOT NULL
    UNION ALL BY NAME
    SELECT npi, 'CHANGE_NOT_PUBLISHED' AS reason, 'R34' AS rule, valid_from AS since, npi || valid_from AS about
    FROM exchange.provider_directory
    WHERE status = 'OVERDUE'
),
items AS (
    SELECT
        'LATE_ADDS' AS list, a.cin, a.npi, min(c.due) AS due, a.assigned_on AS since, 'LATE_ADD' AS reason,
        'R23' AS rule, a.assignment_id AS about
    FROM open_assignments AS a
    LEFT JOIN open_clocks AS c ON c.cin = a.cin AND c.rule = 'R10'
    WHERE a.late_add AND a.assigned_on > getvariable('business_date') - CAST(getvariable('late_adds_of_days') AS INTEGER)
    GROUP BY ALL
    UNION ALL BY NAME
    SELECT
        CASE WHEN c.is_overdue THEN 'CLOCKS_OVERDUE' ELSE 'CLOCKS_TODAY' END AS list, c.cin, a.npi, c.due,
        c.trigger_date AS since, c.name AS reason, c.rule, c.clock_id AS about
    FROM open_clocks AS c
    LEFT JOIN open_assignments AS a ON a.cin = c.cin
    WHERE c.is_overdue OR c.due = getvariable('business_date')
    UNION ALL BY NAME
    SELECT 'UNASSIGNED' AS list, cin, since, reason, 'R17' AS rule, episode_id AS about FROM exchange.unassigned
    UNION ALL BY NAME
    SELECT
        'PENDING_RELEASE' AS list, n.cin, a.npi, n.expected AS due, n.opened_on AS since,
        CASE
            WHEN n.days IS NULL THEN 'NO_DATE'
            WHEN n.days < 0 THEN 'DATE_PASSED'
            WHEN n.days <= getvariable('release_within')[1] THEN 'WITHIN_' || getvariable('release_within')[1]
            WHEN n.days <= getvariable('release_within')[2] THEN 'WITHIN_' || getvariable('release_within')[2]
            WHEN n.days <= getvariable('release_within')[3] THEN 'WITHIN_' || getvariable('release_within')[3]
            ELSE 'LATER'
        END AS reason,
        'R16' AS rule, n.cin AS about
    FROM nearing AS n
    LEFT JOIN open_assignments AS a ON a.cin = n.cin
    UNION ALL BY NAME
    SELECT
        'NEEDS' AS list, n.cin, a.npi, n.due, CASE n.status WHEN 'UNKNOWN' THEN 'ASK_FOR_' || n.need ELSE n.need END AS reason,
        n.rule, n.episode_id || n.need AS about, n.file_id, n.row_no
    FROM exchange.release_needs AS n
    LEFT JOIN open_assignments AS a ON a.cin = n.cin
    WHERE n.is_missing
    UNION ALL BY NAME
    SELECT
        'CONTRADICTIONS' AS list, k.cin, a.npi, k.since, k.kind AS reason, k.rule, k.contradiction_id AS about, k.file_id
    FROM exchange.ji_contradictions AS k
    LEFT JOIN open_assignments AS a ON a.cin = k.cin
    UNION ALL BY NAME
    SELECT
        'CONTRADICTIONS' AS list, d.cin, a.npi, d.file_date AS since, 'LOCATORS_DISAGREE' AS reason, 'R1' AS rule,
        concat_ws('|', d.cin, d.locator_yes, d.locator_no) AS about, d.file_id
    FROM standing_disagreements AS d
    LEFT JOIN open_assignments AS a ON a.cin = d.cin
    WHERE d.place = 'FILLED'
    UNION ALL BY NAME
    SELECT
        'IDENTITY' AS list, cin, since, CASE question WHEN 'EXPIRED' THEN question ELSE reason END AS reason, 'R3' AS rule,
        concat_ws('|', kind, file_id, row_no, cin) AS about, file_id, row_no
    FROM identity_questions
    UNION ALL BY NAME
    SELECT
        'REAUTHORIZATION' AS list, z.cin, a.npi, z.review_on AS due, z.start_date AS since, 'REVIEW_DUE' AS reason,
        'R4' AS rule, z.authorization_id AS about
    FROM exchange.ecm_authorizations AS z
    LEFT JOIN open_assignments AS a ON a.cin = z.cin
    WHERE z.status = 'ACTIVE'
      AND z.review_on <= getvariable('business_date') + CAST(getvariable('review_within') AS INTEGER)
    UNION ALL BY NAME
    SELECT
        'MISSING_FROM_FULL' AS list, q.cin, a.npi, q.business_date AS since, 'MISSING' AS reason, 'R8' AS rule,
        q.file_id || q.cin AS about, q.file_id
    FROM roster_questions AS q
    LEFT JOIN open_assignments AS a ON a.cin = q.cin
    WHERE q.has_authorization
    UNION ALL BY NAME
    FROM reported_items
    UNION ALL BY NAME
    SELECT 'NETWORK' AS list, * FROM network_items
    UNION ALL BY NAME
    SELECT
        'REPORTS' AS list, CAST(due AS DATE) AS due, CAST(since AS DATE) AS since,
        CASE WHEN is_overdue THEN 'REPORT_OVERDUE' ELSE 'REPORT_DUE' END AS reason,
        'R35' AS rule, concat_ws('|', report, CAST(month AS DATE)) AS about
    FROM reports_due
)
SELECT
    md5(concat_ws('|', 'work', list, reason, about)) AS item_id, list, cin, npi, county, due, since,
    row_number() OVER (
        PARTITION BY list ORDER BY
            list = 'NEEDS' AND reason LIKE 'ASK_FOR_%',  -- what is known to be missing before what nobody speaks of
            due NULLS LAST, CASE list WHEN 'NEEDS' THEN cin END, since, reason, cin NULLS LAST, about
    ) AS priority,
    reason, rule, file_id, row_no
FROM items;
