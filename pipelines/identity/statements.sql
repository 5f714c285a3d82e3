-- Each row of a referral, release notice, care plan receipt or MIF with what it says about the person, in one shape. Whole lists are sent
-- again and again: what counts is the newest version of an entry and the day it was first told; and a row is tried again
-- from the first day on which the same was said of the person.

-- A row without an id, where a plan's layout lets it pass, is an entry of its own.
CREATE OR REPLACE TEMP VIEW every_row AS
SELECT
    'mini_mif' AS kind, file_id, file_order, file_date, row_no, line_no, source,
    coalesce(referral_id, file_id || row_no) AS key, cin,
    last_name, first_name, middle_name, dob, gender, [zip] AS zips, [phone, phone_alternate] AS phones, email,
    plan_member_id, facility_name, actual_release_date,
    pof_justice_involved = 'Y' AND record_action NOT IN ('VOID', 'TERM') AS in_force
FROM facts.referrals
UNION ALL BY NAME
SELECT
    'release_notice' AS kind, file_id, file_order, file_date, row_no, line_no, source,
    coalesce(notice_id, file_id || row_no) AS key, cin,
    last_name, first_name, middle_name, dob, facility_name, booking_number, actual_release_date,
    coalesce(record_action, 'ADD') NOT IN ('VOID', 'TERM') AS in_force
FROM facts.release_notices
UNION ALL BY NAME
SELECT
    'care_plan_receipt' AS kind, file_id, file_order, file_date, row_no, line_no, source,
    coalesce(receipt_id, file_id || row_no) AS key, cin,
    last_name, first_name, middle_name, dob, facility_name, booking_number,
    coalesce(record_action, 'ADD') NOT IN ('VOID', 'TERM') AS in_force
FROM facts.care_plan_receipts
UNION ALL BY NAME
SELECT
    'mif' AS kind, file_id, file_order, file_date, row_no, line_no, source,
    coalesce(cin, file_id || row_no) AS key, cin,
    last_name, first_name, middle_name, dob, gender, [zip, mailing_zip] AS zips, [phone, phone_alternate] AS phones,
    email, plan_member_id, pof_justice_involved = 'Y' AND member_record_status <> 'TERMED' AS in_force
FROM facts.mif_members;

-- Few names come many times, and to make one plain is costly.
CREATE OR REPLACE TEMP TABLE said_names AS
SELECT name, plain(name) AS plain, suffix(name, NULL) AS suffix
FROM (
    SELECT last_name AS name FROM every_row UNION SELECT first_name FROM every_row UNION SELECT middle_name FROM every_row
    UNION SELECT facility_name FROM every_row
)
WHERE name IS NOT NULL;

CREATE OR REPLACE TEMP TABLE numbered_rows AS
WITH files AS (
    SELECT kind, file_id, row_number() OVER (ORDER BY kind, file_id) AS number
    FROM (SELECT DISTINCT kind, file_id FROM every_row)
),
entries AS (
    SELECT kind, source, key, row_number() OVER () AS entry, min(file_date) AS first_told_on FROM every_row GROUP BY ALL
)
SELECT
    (n.number << 32) + t.row_no AS id, e.entry, e.first_told_on,
    t.* EXCLUDE (first_name, middle_name, gender, facility_name),
    l.plain AS last, l.suffix, f.plain AS first, m.plain AS middle, p.plain AS facility,
    CASE WHEN t.gender IN ('M', 'F') THEN t.gender END AS sex,
    hash(t.cin, last, l.suffix, first, middle, t.dob, sex, t.zips, t.phones, t.email, t.plan_member_id, facility,
         t.booking_number) AS said
FROM every_row AS t
JOIN files AS n ON n.kind = t.kind AND n.file_id = t.file_id
JOIN entries AS e ON e.kind = t.kind AND e.source = t.source AND e.key = t.key
LEFT JOIN said_names AS l ON l.name = t.last_name
LEFT JOIN said_names AS f ON f.name = t.first_name
LEFT JOIN said_names AS m ON m.name = t.middle_name
LEFT JOIN said_names AS p ON p.name = t.facility_name;

CREATE OR REPLACE TEMP TABLE statements AS
SELECT
    s.* REPLACE (coalesce(s.in_force, false) AS in_force),
    v.rank, r.release_told_on, c.told_on, c.told_on + CAST(getvariable('retry_days') AS INTEGER) AS retry_until
FROM numbered_rows AS s
JOIN (
    SELECT id, row_number() OVER (PARTITION BY entry ORDER BY file_order DESC, file_id DESC, row_no DESC) AS rank
    FROM numbered_rows
) AS v ON v.id = s.id
JOIN (SELECT entry, said, min(file_date) AS told_on FROM numbered_rows GROUP BY ALL) AS c
  ON c.entry = s.entry AND c.said = s.said
LEFT JOIN (
    SELECT entry, actual_release_date, min(file_date) AS release_told_on FROM numbered_rows GROUP BY ALL
) AS r ON r.entry = s.entry AND r.actual_release_date = s.actual_release_date;
