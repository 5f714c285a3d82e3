-- The days on which a provider says to have cared for a member. A return file tells the last day of each kind: a later file
-- that tells a later one adds it, one that tells an earlier one takes back what was said to be after that.
DELETE FROM exchange.care_days;

INSERT INTO exchange.care_days BY NAME
WITH told AS (
    SELECT cin, npi, 'ENCOUNTER' AS kind, last_encounter_date AS happened_on, file_order, file_id, file_date, row_no
    FROM returned
    UNION ALL
    SELECT cin, npi, 'ASSESSMENT', assessment_date, file_order, file_id, file_date, row_no FROM returned
    UNION ALL
    SELECT cin, npi, 'CARE_PLAN', care_plan_date, file_order, file_id, file_date, row_no FROM returned
    UNION ALL
    SELECT cin, npi, 'CARE_CONFERENCE', care_conference_date, file_order, file_id, file_date, row_no FROM returned
),
dated AS (
    SELECT *, max(happened_on) OVER (PARTITION BY cin, npi, kind, file_order, file_id) AS last_of_file
    FROM told
    WHERE happened_on IS NOT NULL
),
standing AS (
    SELECT *
    FROM dated
    QUALIFY happened_on <= coalesce(
        min(last_of_file) OVER (
            PARTITION BY cin, npi, kind ORDER BY file_order, file_id GROUPS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ),
        happened_on
    )
)
SELECT
    d.cin, d.npi, d.kind, d.happened_on,
    EXISTS (
        SELECT 1 FROM exchange.ecm_assignments AS s
        WHERE s.cin = d.cin AND s.npi = d.npi
          AND s.assigned_on <= d.happened_on AND d.happened_on < coalesce(s.ended_on, DATE '9999-12-31')
    ) AS is_served,
    min(d.file_date) AS first_told_on,
    arg_max(d.file_id, (d.file_order, d.file_id, d.row_no)) AS file_id,
    arg_max(d.row_no, (d.file_order, d.file_id, d.row_no)) AS row_no
FROM standing AS d
GROUP BY d.cin, d.npi, d.kind, d.happened_on;
