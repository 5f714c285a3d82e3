-- What each benefit month of the facts' coverage rows means. A status that stands in no list counts as not active and is told
-- as such; dates that say "not covered" (DTP*349 before DTP*348) overrule an active status; HD01 024 cancels.
-- DHCS sends a row for each month. Other senders send spans: those speak of every month from the one they begin in to the
-- one they end in, as far as the month after the file's, because an open end promises nothing. A cancelled span ends the
-- coverage: it speaks of the month after its end, and of all its months when it names no end.
CREATE OR REPLACE TEMP MACRO coverage_by_month(coverage_rows) AS TABLE
SELECT * FROM query_table(coverage_rows)
WHERE coalesce(benefit_end <= last_day(benefit_month), true)
UNION ALL
SELECT spans.* EXCLUDE (first_month, last_month) REPLACE (
    CAST(spoken_of.month AS DATE) AS benefit_month,
    greatest(benefit_begin, CAST(spoken_of.month AS DATE)) AS benefit_begin,
    least(benefit_end, last_day(spoken_of.month)) AS benefit_end
)
FROM (
    SELECT
        coverage.*,
        CASE WHEN ends_by_cancelling THEN month_of_end + INTERVAL 1 MONTH ELSE coverage.benefit_month END AS first_month,
        CASE WHEN ends_by_cancelling THEN month_of_end + INTERVAL 1 MONTH ELSE least(month_of_end, last_known) END AS last_month
    FROM query_table(coverage_rows) AS coverage
    JOIN (
        SELECT file_id, CAST(date_trunc('month', file_date) + INTERVAL 1 MONTH AS DATE) AS last_known FROM ledger.files
    ) USING (file_id),
    LATERAL (
        SELECT
            CAST(date_trunc('month', coverage.benefit_end) AS DATE) AS month_of_end,
            coverage.maintenance_type = '024' AND month_of_end <= last_known AS ends_by_cancelling
    )
    WHERE coverage.benefit_end > last_day(coverage.benefit_month)
) AS spans,
LATERAL (SELECT unnest(generate_series(first_month, greatest(first_month, last_month), INTERVAL 1 MONTH)) AS month) AS spoken_of;

-- `coverage_rows` names a table of rows of the facts: who needs few of them picks these first.
CREATE OR REPLACE TEMP MACRO classified(coverage_rows) AS TABLE
SELECT
    coverage.*,
    CASE
        WHEN coverage.maintenance_type = '024' THEN 'terminated'
        WHEN known.coverage_class = 'active' AND coverage.benefit_end < coverage.benefit_begin THEN 'not_covered'
        ELSE coalesce(known.coverage_class, 'unknown')
    END AS coverage_class
FROM coverage_by_month(coverage_rows) AS coverage
LEFT JOIN hcp_status AS known ON known.status = coverage.hcp_status
WHERE list_contains(getvariable('own_codes'), coverage.hcp_code);

CREATE OR REPLACE TEMP VIEW classified_coverage AS FROM classified('facts.enrollment_coverage');

-- Whether the member-level REF*ZZ (five plans of this month, then five of the month before) shows another active plan.
CREATE OR REPLACE TEMP MACRO plans_elsewhere(ref_zz) AS
    len(list_filter(
        string_split(ref_zz, ';')[1:5],
        lambda plan: length(plan) = 5
            AND NOT list_contains(getvariable('own_codes'), left(plan, 3))
            AND list_contains(getvariable('active_statuses'), substr(plan, 4, 2))
    )) > 0;
