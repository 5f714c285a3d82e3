-- The rows of returns that count, under the CIN that counts today. One that came back corrected and was taken stands for all
-- that it goes back to, however often it came back; while the correction is rejected, what was said before goes on to count.
-- Of corrections of one row that came in several files the last file's stand. A file of another day is none, though it has
-- references: people make the list of a month out of the answer to the last one.
CREATE OR REPLACE TEMP TABLE replaced_rows AS
WITH RECURSIVE taken AS (
    SELECT file_id, row_no, (file_order, file_id) AS place FROM facts.return_transmissions
    UNION
    SELECT file_id, row_no, (file_order, file_id) FROM facts.outreach_attempts
),
corrections AS (
    SELECT c.*
    FROM ledger.corrections AS c
    JOIN ledger.files AS f ON f.file_id = c.file_id
    JOIN ledger.files AS corrected ON corrected.file_id = c.corrects_file_id AND corrected.file_date = f.file_date
),
goes_back AS (
    FROM corrections
    UNION
    SELECT g.file_id, g.row_no, c.corrects_file_id, c.corrects_row_no
    FROM goes_back AS g
    JOIN corrections AS c ON c.file_id = g.corrects_file_id AND c.row_no = g.corrects_row_no
),
correcting AS (
    SELECT g.*, t.place
    FROM goes_back AS g
    JOIN taken AS t ON t.file_id = g.file_id AND t.row_no = g.row_no
)
SELECT corrects_file_id AS file_id, corrects_row_no AS row_no FROM correcting
UNION
SELECT file_id, row_no
FROM correcting
QUALIFY place < max(place) OVER (PARTITION BY corrects_file_id, corrects_row_no);

-- Ten digits, however a provider writes them: the same phone written otherwise is no news. Anything else stays as it came.
CREATE OR REPLACE TEMP MACRO plain_phone(phone) AS
    coalesce(nullif(regexp_extract(regexp_replace(phone, '[^0-9]', '', 'g'), '^1?([0-9]{10})$', 1), ''), phone);

CREATE OR REPLACE TEMP TABLE returned AS
SELECT
    t.* REPLACE (
        coalesce(a.cin, t.cin) AS cin, plain_phone(t.phone) AS phone,
        plain_phone(t.lead_care_manager_phone) AS lead_care_manager_phone, TRY_CAST(t.in_person_count AS BIGINT) AS in_person_count,
        TRY_CAST(t.telephonic_count AS BIGINT) AS telephonic_count
    ),
    t.reporting_npi AS npi, (t.file_order, t.file_id, t.row_no) AS place
FROM facts.return_transmissions AS t
ANTI JOIN replaced_rows AS r ON r.file_id = t.file_id AND r.row_no = t.row_no
LEFT JOIN exchange.cin_aliases AS a ON a.alias = t.cin;

CREATE OR REPLACE TEMP TABLE attempted AS
SELECT
    coalesce(a.cin, t.cin) AS cin, t.reporting_npi AS npi, t.attempt_date,
    coalesce(t.attempt_method, 'OTHER') AS attempt_method,
    coalesce(strftime(
        TRY_STRPTIME(upper(trim(t.attempt_time)), ['%H:%M', '%H:%M:%S', '%I:%M %p', '%I:%M%p', '%I %p', '%H%M']), '%H:%M'
    ), nullif(trim(t.attempt_time), '')) AS told_time,
    coalesce(t.attempt_successful = 'Y', false) AS reached,
    t.provider_type, t.contact_reason, t.contact_outcome, TRY_CAST(t.minutes_spent AS BIGINT) AS minutes_spent,
    t.file_id, t.file_order, t.file_date, t.row_no
FROM facts.outreach_attempts AS t
ANTI JOIN replaced_rows AS r ON r.file_id = t.file_id AND r.row_no = t.row_no
LEFT JOIN exchange.cin_aliases AS a ON a.alias = t.cin
WHERE t.attempt_date IS NOT NULL;
