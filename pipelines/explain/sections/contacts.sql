-- Attempts to reach the person and days of care as providers report them, each with what it counts for.
WITH reported AS (
    SELECT
        npi, attempt_date AS "date", concat_ws(' ', lower(replace(attempt_method, '_', ' ')), attempt_time) AS what,
        concat_ws(', ', CASE WHEN attempt_successful THEN 'reached' ELSE 'in vain' END, contact_outcome) AS says,
        attempt_successful AND attempt_method <> 'MAIL' AS is_contact, is_served,
        'attempt:' || file_id || ':' || row_no AS met_by, file_id, row_no
    FROM exchange.contact_attempts
    WHERE list_contains($cins, cin)
    UNION ALL BY NAME
    SELECT
        npi, happened_on AS "date", lower(replace(kind, '_', ' ')) AS what, kind = 'ENCOUNTER' AS is_contact, is_served,
        'encounter:' || file_id || ':' || row_no AS met_by, file_id, row_no
    FROM exchange.care_days
    WHERE list_contains($cins, cin)
),
lines AS (
    SELECT file_id, row_no, line_no FROM facts.return_transmissions WHERE list_contains($cins, cin)
    UNION
    SELECT file_id, row_no, line_no FROM facts.outreach_attempts WHERE list_contains($cins, cin)
),
met AS (
    SELECT met_by, string_agg(DISTINCT name, ', ' ORDER BY name) AS clocks
    FROM exchange.clocks
    WHERE list_contains($cins, cin)
    GROUP BY met_by
)
SELECT
    r."date", r.npi, r.what, r.says,
    CASE
        WHEN NOT r.is_contact THEN 'for no clock'
        WHEN NOT r.is_served THEN 'for no clock: not assigned to this provider on that day'
        ELSE coalesce(m.clocks, 'a contact, and no clock waits for it')
    END AS counts,
    'R10;R11' AS rule, f.name AS file, 'row ' || coalesce(l.line_no, r.row_no) AS place
FROM reported AS r
LEFT JOIN met AS m ON m.met_by = r.met_by
LEFT JOIN lines AS l ON l.file_id = r.file_id AND l.row_no = r.row_no
LEFT JOIN ledger.files AS f ON f.file_id = r.file_id
ORDER BY r."date", r.npi, r.what
