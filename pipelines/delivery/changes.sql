-- What each provider does not know yet (R23): the present rows against the last row it was told of the same assignment.
-- While someone is back inside the delivery rests: one CHANGE says so, the next row goes out at the release.
CREATE OR REPLACE TEMP MACRO row_says(content, name) AS json_extract_string(content, '$.' || name);

CREATE OR REPLACE TEMP TABLE present_rows AS
SELECT *, sha256(CAST(content AS VARCHAR)) AS row_hash
FROM (SELECT r.ecm_provider_npi AS npi, r.assignment_id, r.cin, r.is_open, r.end_reason, c.content
      FROM assignment_rows AS r JOIN contents AS c ON c.assignment_id = r.assignment_id);

CREATE OR REPLACE TEMP TABLE told AS
SELECT npi, assignment_id, record_action, change_reason, row_hash, content
FROM delivery.delivered_rows
JOIN (
    SELECT npi, assignment_id, max(delivery) AS delivery FROM delivery.delivered_rows GROUP BY npi, assignment_id
) AS last USING (npi, assignment_id, delivery);

CREATE OR REPLACE TEMP TABLE compared AS
SELECT
    p.npi, p.assignment_id, p.cin, p.is_open, p.row_hash, p.content, t.record_action AS told_action,
    t.change_reason AS told_reason,
    CASE
        WHEN p.is_open AND (t.assignment_id IS NULL OR t.record_action IN ('TERM', 'VOID')) THEN 'ADD'
        WHEN p.is_open AND p.row_hash <> t.row_hash
            AND NOT (row_says(p.content, 'authorization_status') IS NOT DISTINCT FROM 'SUSPENDED'
                     AND row_says(t.content, 'authorization_status') IS NOT DISTINCT FROM 'SUSPENDED') THEN 'CHANGE'
        WHEN NOT p.is_open AND t.record_action IN ('ADD', 'CHANGE') THEN 'TERM'
    END AS record_action,
    CASE
        WHEN NOT p.is_open THEN p.end_reason
        WHEN t.assignment_id IS NULL OR t.record_action IN ('TERM', 'VOID') THEN
            CASE
                WHEN row_says(p.content, 'prior_ecm_provider_npi') IS NOT NULL THEN 'PROVIDER_CHANGE'
                WHEN row_says(p.content, 'authorization_basis') = 'REFERRAL' THEN 'NEW_REFERRAL'
                WHEN row_says(p.content, 'authorization_basis') = 'MIF' THEN 'NEW_MIF'
                ELSE 'NEW_JI_834'
            END
        WHEN row_says(p.content, 'enrollment_status') = 'HOLD' AND row_says(t.content, 'enrollment_status') = 'ACTIVE'
            THEN 'ELIG_LOST'
        WHEN row_says(p.content, 'actual_release_date') IS NULL AND row_says(t.content, 'actual_release_date') IS NOT NULL
            THEN 'CORRECTION'  -- the release was taken back
        WHEN row_says(p.content, 'actual_release_date') IS DISTINCT FROM row_says(t.content, 'actual_release_date')
            THEN 'RELEASED'
        WHEN row_says(p.content, 'enrollment_status') = 'ACTIVE' AND row_says(t.content, 'enrollment_status') = 'HOLD'
            THEN CASE WHEN row_says(p.content, 'actual_release_date') IS NULL THEN 'RELEASED' ELSE 'HOLD_REMOVED' END
        WHEN list_aggregate([
                row_says(p.content, told_name) IS DISTINCT FROM row_says(t.content, told_name)
                for told_name in getvariable('demographics')
            ], 'bool_or') THEN 'DEMOGRAPHIC'
        ELSE 'CORRECTION'
    END AS change_reason
FROM present_rows AS p
LEFT JOIN told AS t ON t.npi = p.npi AND t.assignment_id = p.assignment_id;
