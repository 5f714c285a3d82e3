-- The timeline of each member who was ever flagged or spoken for: what every 834 showed and every referral, notice and
-- MIF row said, in the order of the dates they speak of. Each moment has a state: INSIDE (not covered and flagged: R8,
-- or said to be in custody), OUTSIDE (active), GONE (left the plan), DECEASED, or none (another hold).
CREATE OR REPLACE TEMP TABLE concerned AS
SELECT cin FROM exchange.ji_evidence UNION SELECT cin FROM exchange.ji_statements;

CREATE OR REPLACE TEMP TABLE concerned_coverage AS
SELECT
    cin, file_id, file_order, segment_no, maintenance_type, hcp_code, hcp_status, benefit_month, benefit_begin, benefit_end
FROM facts.enrollment_coverage
WHERE cin IN (FROM concerned);

CREATE OR REPLACE TEMP TABLE observations AS
WITH flagged AS (
    SELECT DISTINCT cin, file_id FROM exchange.ji_evidence
),
seen AS (
    SELECT
        m.cin, m.file_id, m.file_order, f.file_date AS seen_on,
        max(m.death_date) AS death_date,
        bool_or(m.maintenance_type = '024') AS terminated,
        arg_max(m.ref_zz, m.segment_no) AS plans
    FROM facts.enrollment_members AS m
    JOIN ledger.files AS f ON f.file_id = m.file_id
    WHERE m.cin IN (SELECT cin FROM concerned)
    GROUP BY m.cin, m.file_id, m.file_order, f.file_date
),
months AS (
    SELECT c.*, f.file_date, c.coverage_class = 'terminated' AND c.benefit_begin > f.file_date AS ends_later
    FROM classified('concerned_coverage') AS c
    JOIN ledger.files AS f ON f.file_id = c.file_id
),
newest_month AS (
    SELECT cin, file_id, benefit_month, coverage_class, benefit_begin
    FROM months
    WHERE NOT ends_later
    QUALIFY row_number() OVER (
        PARTITION BY cin, file_id ORDER BY benefit_month DESC, coverage_class = 'active' DESC, segment_no DESC
    ) = 1
),
-- A month to come that is no longer covered: the member leaves when it begins, unless a later file says otherwise.
ends_to_come AS (
    SELECT cin, file_id, file_order, benefit_month, benefit_begin
    FROM (
        SELECT *
        FROM months
        WHERE benefit_begin > file_date
        QUALIFY row_number() OVER (
            PARTITION BY cin, benefit_month
            ORDER BY file_order DESC, file_id DESC, coverage_class = 'active' DESC, segment_no DESC
        ) = 1
    )
    WHERE ends_later AND benefit_begin <= getvariable('business_date')
),
moments AS (
    SELECT
        seen.cin, seen.file_id, seen.file_order, seen.seen_on, seen.plans, false AS is_statement,
        flagged.cin IS NOT NULL AS is_flagged, n.benefit_month, n.benefit_begin,
        CASE WHEN death_date IS NOT NULL THEN 'deceased' WHEN terminated THEN 'terminated' END AS end_of_membership,
        n.coverage_class
    FROM seen
    LEFT JOIN newest_month AS n ON n.cin = seen.cin AND n.file_id = seen.file_id
    LEFT JOIN flagged ON flagged.cin = seen.cin AND flagged.file_id = seen.file_id
    UNION ALL BY NAME
    SELECT
        e.cin, e.file_id, e.file_order, e.benefit_begin AS seen_on, seen.plans, false AS is_statement,
        false AS is_flagged, e.benefit_month, 'terminated' AS coverage_class
    FROM ends_to_come AS e
    JOIN seen ON seen.cin = e.cin AND seen.file_id = e.file_id
    UNION ALL BY NAME
    SELECT
        cin, file_id, file_order, file_date AS seen_on, true AS is_statement, false AS is_flagged,
        bool_or(said_by = 'MIF') AS is_mif, min(dated) AS dated,
        bool_and(incarceration_status = 'IN_CUSTODY' AND actual_release_date IS NULL)
            FILTER (incarceration_status <> 'UNKNOWN' OR actual_release_date IS NOT NULL) AS custody
    FROM versions
    WHERE NOT says_nothing_new
    GROUP BY cin, file_id, file_order, file_date
),
-- A past month says nothing of today; what is known of the coverage stays until a file brings news of it.
news AS (
    SELECT
        *,
        coalesce(
            end_of_membership,
            CASE WHEN benefit_month >= coalesce(max(benefit_month) OVER earlier, benefit_month) THEN coverage_class END
        ) AS class_news
    FROM moments
    WINDOW earlier AS (
        PARTITION BY cin ORDER BY seen_on, is_statement, file_order, file_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),
covered AS (
    SELECT
        * EXCLUDE (benefit_begin),
        last_value(class_news IGNORE NULLS) OVER so_far AS class,
        last_value(CASE WHEN class_news IS NOT NULL THEN benefit_begin END IGNORE NULLS) OVER so_far AS benefit_begin
    FROM news
    WINDOW so_far AS (
        PARTITION BY cin ORDER BY seen_on, is_statement, file_order, file_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
),
-- Enrolment that becomes active ends a custody that was told (R8); enrolment that never rested says nothing of it.
released AS (
    SELECT
        *,
        class IN ('terminated', 'deceased') AND NOT is_statement AS leaves,
        CASE
            WHEN is_statement THEN custody
            WHEN class = 'active' AND lag(class) OVER in_order <> 'active' THEN false
        END AS custody_news
    FROM covered
    WINDOW in_order AS (PARTITION BY cin ORDER BY seen_on, is_statement, file_order, file_id)
),
stays AS (
    SELECT
        *,
        coalesce(last_value(custody_news IGNORE NULLS) OVER in_order, false) AS in_custody,
        count(*) FILTER (leaves) OVER (
            PARTITION BY cin ORDER BY seen_on, is_statement, file_order, file_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS stay
    FROM released
    WINDOW in_order AS (
        PARTITION BY cin ORDER BY seen_on, is_statement, file_order, file_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
),
-- Where the 834 has flagged someone, it alone says who is out; else a stated custody counts more than active coverage.
spoken_for AS (
    SELECT
        *,
        bool_or(is_flagged) OVER so_far AS is_flagged_so_far,
        bool_or(is_statement) OVER so_far AS is_stated_so_far,
        coalesce(bool_or(is_mif) OVER so_far, false) AS is_mif_so_far,
        min(dated) OVER so_far AS first_dated,
        class = 'active' AND (bool_or(is_flagged) OVER so_far OR NOT in_custody) AS is_out
    FROM stays
    WINDOW so_far AS (
        PARTITION BY cin, stay ORDER BY seen_on, is_statement, file_order, file_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
)
SELECT
    cin, stay, seen_on, is_statement, file_order, file_id, benefit_begin, first_dated,
    is_flagged_so_far, is_mif_so_far,
    is_flagged OR is_stated_so_far AS is_justice_involved,
    CASE
        WHEN leaves THEN CASE class WHEN 'deceased' THEN 'DECEASED' ELSE 'GONE' END
        WHEN class IN ('terminated', 'deceased') THEN NULL
        WHEN is_out THEN 'OUTSIDE'
        WHEN class IS NOT NULL AND (
            is_flagged OR (is_stated_so_far AND (in_custody OR NOT coalesce(bool_or(is_out) OVER earlier, false)))
        ) THEN 'INSIDE'
    END AS state,
    CASE WHEN class = 'deceased' THEN 'DECEASED' WHEN plans_elsewhere(plans) THEN 'MOVED_PLAN' ELSE 'TERMINATED' END
        AS reason_if_gone
FROM spoken_for
WINDOW earlier AS (
    PARTITION BY cin, stay ORDER BY seen_on, is_statement, file_order, file_id
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
);
