-- Our assignments of a month against what each provider returned for it: who is missing there, who is too many, and what
-- differs. `returned` has the rows that count (`pipelines/returns/returned.sql`).

-- The month that a row is of: the one it names, where that can be read; else the one in which the day a fortnight before the
-- file's date lies.
CREATE OR REPLACE TEMP TABLE returned_in_month AS
WITH named AS (
    SELECT *, trim(regexp_extract(rtf_reporting_period, '^(.*?)(?: (?:-|to|through) .*)?$', 1)) AS period FROM returned
),
dated AS (
    SELECT
        *,
        date_trunc('month', coalesce(
            CASE
                WHEN regexp_full_match(period, '20\d{4}') THEN TRY_STRPTIME(period, '%Y%m')
                WHEN regexp_full_match(period, '\d{2}20\d{2}') THEN TRY_STRPTIME(period, '%m%Y')
                ELSE TRY_STRPTIME(period, [
                    '%Y-%m', '%Y/%m', '%m/%Y', '%m-%Y', '%b %Y', '%B %Y', '%b-%Y', '%B-%Y', '%B, %Y', '%Y-%m-%d', '%m/%d/%Y',
                    '%m-%d-%Y', '%Y%m%d'
                ])
            END,
            CAST(file_date - 14 AS TIMESTAMP)
        )) AS month
    FROM named
)
SELECT d.*, f.name AS file_name
FROM dated AS d
LEFT JOIN ledger.files AS f ON f.file_id = d.file_id
WHERE d.month = getvariable('first_day')
QUALIFY row_number() OVER (PARTITION BY d.cin, d.npi ORDER BY d.place DESC) = 1;

-- Whom each provider had on any day of the month, the newest assignment of each member.
CREATE OR REPLACE TEMP TABLE assigned_in_month AS
SELECT a.*, a.assigned_on <= getvariable('first_day') AND coalesce(a.ended_on > getvariable('last_day'), true) AS all_month
FROM exchange.ecm_assignments AS a
WHERE a.assigned_on <= getvariable('last_day') AND coalesce(a.ended_on > getvariable('first_day'), true)
QUALIFY row_number() OVER (PARTITION BY a.cin, a.npi ORDER BY a.decision DESC) = 1;

CREATE OR REPLACE TEMP TABLE reconciled AS
WITH authorized AS (
    SELECT
        z.cin, list(z.authorization_number) AS numbers, arg_max(z.authorization_number, e.ordinal) AS number,
        min(z.start_date) AS first_start
    FROM exchange.ecm_authorizations AS z
    JOIN exchange.ji_episodes AS e ON e.episode_id = z.episode_id
    GROUP BY z.cin
),
both_sides AS (
    SELECT
        r.*, a.assigned_on, a.ended_on, m.last_name AS our_last_name, m.first_name AS our_first_name,
        m.plan_member_id AS our_member_id, z.numbers, z.number, z.first_start, w.standing
    FROM returned_in_month AS r
    JOIN assigned_in_month AS a ON a.cin = r.cin AND a.npi = r.npi
    LEFT JOIN exchange.members AS m ON m.cin = r.cin
    LEFT JOIN authorized AS z ON z.cin = r.cin
    LEFT JOIN standing_words AS w ON w.word = trim(regexp_replace(lower(r.ecm_status), '[^a-z]+', ' ', 'g'))
),
differing AS (
    SELECT npi, cin, 'LAST_NAME' AS what, our_last_name AS ours, last_name AS theirs, file_name, row_no FROM both_sides
    WHERE regexp_replace(upper(last_name), '[^A-Z]', '', 'g') <> regexp_replace(upper(our_last_name), '[^A-Z]', '', 'g')
    UNION ALL
    SELECT npi, cin, 'FIRST_NAME', our_first_name, first_name, file_name, row_no FROM both_sides
    WHERE regexp_replace(upper(first_name), '[^A-Z]', '', 'g') <> regexp_replace(upper(our_first_name), '[^A-Z]', '', 'g')
    UNION ALL
    SELECT npi, cin, 'PLAN_MEMBER_ID', our_member_id, plan_member_id, file_name, row_no FROM both_sides
    WHERE plan_member_id <> our_member_id
    UNION ALL
    SELECT npi, cin, 'AUTHORIZATION_NUMBER', number, authorization_number, file_name, row_no FROM both_sides
    WHERE authorization_number IS NOT NULL AND NOT coalesce(list_contains(numbers, authorization_number), false)
    UNION ALL
    SELECT npi, cin, 'JUSTICE_INVOLVED', 'Y', pof_justice_involved, file_name, row_no FROM both_sides
    WHERE pof_justice_involved = 'N'
    UNION ALL
    SELECT npi, cin, 'BENEFIT_START', 'not before ' || first_start, CAST(ecm_benefit_start AS VARCHAR), file_name, row_no
    FROM both_sides
    WHERE ecm_benefit_start < first_start
    UNION ALL
    SELECT
        npi, cin, 'DISCONTINUED', 'assigned since ' || assigned_on,
        concat_ws(' ', coalesce(ecm_status, 'discontinued'), 'on ' || discontinuation_date), file_name, row_no
    FROM both_sides
    WHERE ended_on IS NULL AND (standing = 'ENDED' OR discontinuation_date <= getvariable('last_day'))
),
findings AS (
    SELECT 'DIFFERS' AS finding, * FROM differing
    UNION ALL BY NAME
    SELECT
        'MISSING' AS finding, a.npi, a.cin, CASE WHEN a.all_month THEN 'ASSIGNED_ALL_MONTH' ELSE 'ASSIGNED_PART_OF_IT' END AS what,
        'assigned ' || a.assigned_on || coalesce(' to ' || a.ended_on, '') AS ours
    FROM assigned_in_month AS a
    ANTI JOIN returned_in_month AS r ON r.cin = a.cin AND r.npi = a.npi
    WHERE a.npi IN (SELECT npi FROM returned_in_month)  -- of whoever returned nothing, all are: the figures say so
    UNION ALL BY NAME
    SELECT
        'EXTRA' AS finding, r.npi, r.cin, 'NOT_ASSIGNED' AS what,
        'assigned until ' || (SELECT max(s.ended_on) FROM exchange.ecm_assignments AS s WHERE s.cin = r.cin AND s.npi = r.npi)
            AS ours,
        coalesce(r.ecm_status, 'reported') AS theirs, r.file_name, r.row_no
    FROM returned_in_month AS r
    ANTI JOIN assigned_in_month AS a ON a.cin = r.cin AND a.npi = r.npi
)
SELECT f.*, m.plan_member_id, m.last_name, m.first_name
FROM findings AS f
LEFT JOIN exchange.members AS m ON m.cin = f.cin;
