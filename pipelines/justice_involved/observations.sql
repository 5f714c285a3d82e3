-- What each 834 showed of a member who was ever flagged, in the order of the files: INSIDE (flagged and not covered: R8),
-- OUTSIDE (active), GONE (left the plan), DECEASED, or nothing that changes the state (another hold, a past month).
CREATE OR REPLACE TEMP TABLE observations AS
WITH flagged AS (
    SELECT DISTINCT cin, file_id FROM exchange.ji_evidence
),
seen AS (
    SELECT
        m.cin, m.file_id, m.file_order, f.file_date,
        max(m.death_date) AS death_date,
        bool_or(m.maintenance_type = '024') AS terminated,
        any_value(m.ref_zz) AS plans
    FROM facts.enrollment_members AS m
    JOIN ledger.files AS f ON f.file_id = m.file_id
    WHERE m.cin IN (SELECT cin FROM flagged)
    GROUP BY m.cin, m.file_id, m.file_order, f.file_date
),
newest_month AS (
    SELECT cin, file_id, benefit_month, coverage_class, benefit_begin
    FROM classified_coverage
    WHERE cin IN (SELECT cin FROM flagged)
    QUALIFY row_number() OVER (
        PARTITION BY cin, file_id ORDER BY benefit_month DESC, coverage_class = 'active' DESC, segment_no DESC
    ) = 1
),
dated AS (
    SELECT
        seen.*, newest_month.benefit_begin, newest_month.coverage_class,
        flagged.cin IS NOT NULL AS is_flagged,
        newest_month.benefit_month < max(newest_month.benefit_month) OVER (
            PARTITION BY seen.cin ORDER BY seen.file_order, seen.file_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS only_past_months
    FROM seen
    LEFT JOIN newest_month ON newest_month.cin = seen.cin AND newest_month.file_id = seen.file_id
    LEFT JOIN flagged ON flagged.cin = seen.cin AND flagged.file_id = seen.file_id
)
SELECT
    cin, file_id, file_order, file_date, benefit_begin, is_flagged, death_date,
    CASE
        WHEN death_date IS NOT NULL THEN 'DECEASED'
        WHEN terminated THEN 'GONE'
        WHEN coalesce(only_past_months, false) THEN NULL
        WHEN coverage_class = 'terminated' THEN 'GONE'
        WHEN coverage_class = 'active' THEN 'OUTSIDE'
        WHEN is_flagged AND coverage_class IS NOT NULL THEN 'INSIDE'
    END AS state,
    CASE WHEN death_date IS NOT NULL THEN 'DECEASED' WHEN plans_elsewhere(plans) THEN 'MOVED_PLAN' ELSE 'TERMINATED' END
        AS reason_if_gone
FROM dated;
