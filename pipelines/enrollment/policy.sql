-- What each coverage row of the facts means. A status that stands in no list counts as not active and is told as such;
-- dates that say "not covered" (DTP*349 before DTP*348) overrule an active status; HD01 024 cancels.
CREATE OR REPLACE TEMP VIEW classified_coverage AS
SELECT
    coverage.*,
    CASE
        WHEN coverage.maintenance_type = '024' THEN 'terminated'
        WHEN known.coverage_class = 'active' AND coverage.benefit_end < coverage.benefit_begin THEN 'not_covered'
        ELSE coalesce(known.coverage_class, 'unknown')
    END AS coverage_class
FROM facts.enrollment_coverage AS coverage
LEFT JOIN hcp_status AS known ON known.status = coverage.hcp_status
WHERE list_contains(getvariable('own_codes'), coverage.hcp_code);

-- Whether the member-level REF*ZZ (five plans of this month, then five of the month before) shows another active plan.
CREATE OR REPLACE TEMP MACRO plans_elsewhere(ref_zz) AS
    len(list_filter(
        string_split(ref_zz, ';')[1:5],
        lambda plan: length(plan) = 5
            AND NOT list_contains(getvariable('own_codes'), left(plan, 3))
            AND list_contains(getvariable('active_statuses'), substr(plan, 4, 2))
    )) > 0;
