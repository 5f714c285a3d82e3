-- Each row of a referral, release notice or MIF with what it says about the person, in one shape. Whole lists are sent
-- again and again: what counts is the newest version of an entry, and the day it was first told.
CREATE OR REPLACE TEMP TABLE statements AS
SELECT
    *,
    row_number() OVER (PARTITION BY kind, source, key ORDER BY file_order DESC, file_id DESC, row_no DESC) AS rank,
    min(file_date) OVER (PARTITION BY kind, source, key) AS first_told_on,
    CASE WHEN actual_release_date IS NOT NULL
         THEN min(file_date) OVER (PARTITION BY kind, source, key, actual_release_date) END AS release_told_on
FROM (
    SELECT 'mini_mif' AS kind, file_id, file_order, file_date, row_no, source, referral_id AS key, cin, last_name,
           first_name, dob, zip, phone, plan_member_id, actual_release_date
    FROM facts.referrals
    UNION ALL BY NAME
    SELECT 'release_notice' AS kind, file_id, file_order, file_date, row_no, source, notice_id AS key, cin, last_name,
           first_name, dob, actual_release_date
    FROM facts.release_notices
    UNION ALL BY NAME
    SELECT 'mif' AS kind, file_id, file_order, file_date, row_no, source, cin AS key, cin, last_name, first_name, dob,
           zip, phone, plan_member_id
    FROM facts.mif_members
);

CREATE OR REPLACE TEMP MACRO digits(phone) AS nullif(regexp_extract(regexp_replace(phone, '\D', '', 'g'), '\d{10}$'), '');

-- Case, accents, hyphens, apostrophes and spaces differ between files for one name.
CREATE OR REPLACE TEMP MACRO plain(name) AS
    coalesce(nullif(regexp_replace(lower(strip_accents(name)), '[^a-z]', '', 'g'), ''), lower(trim(name)));

DELETE FROM exchange.identities;

INSERT INTO exchange.identities BY NAME
WITH by_cin AS (
    SELECT
        s.kind, s.file_id, s.row_no, m.cin,
        coalesce(s.dob = m.birth_date, false) OR coalesce(plain(s.last_name) = plain(m.last_name), false)
            OR (s.dob IS NULL AND s.last_name IS NULL) AS agrees
    FROM statements AS s
    JOIN exchange.members AS m ON m.cin = s.cin
),
-- Names are made plain only where a birth date fits: that is costly, and the roster is long.
born_alike AS MATERIALIZED (
    SELECT cin, birth_date, last_name, first_name, zip, phone, plan_member_id
    FROM exchange.members
    WHERE birth_date IN (SELECT dob FROM statements WHERE cin IS NULL)
),
by_name AS (
    SELECT
        kind, file_id, row_no, count(*) AS fitting, count(*) FILTER (agrees) AS agreeing,
        any_value(cin) FILTER (agrees) AS agreeing_cin
    FROM (
        SELECT
            s.kind, s.file_id, s.row_no, m.cin,
            coalesce(left(s.zip, 5) = left(m.zip, 5), false)
            OR coalesce(digits(s.phone) = digits(m.phone), false)
            OR coalesce(s.plan_member_id = m.plan_member_id, false) AS agrees
        FROM statements AS s
        JOIN born_alike AS m
          ON m.birth_date = s.dob
         AND plain(m.last_name) = plain(s.last_name) AND plain(m.first_name) = plain(s.first_name)
        WHERE s.cin IS NULL
    )
    GROUP BY kind, file_id, row_no
)
SELECT
    s.kind, s.file_id, s.row_no, s.rank, s.first_told_on, s.release_told_on,
    CASE WHEN c.agrees THEN c.cin WHEN n.agreeing = 1 THEN n.agreeing_cin END AS cin,
    CASE
        WHEN c.agrees THEN 'CIN'
        WHEN c.cin IS NOT NULL THEN 'REVIEW'
        WHEN n.agreeing = 1 THEN 'NAME_BIRTH_DATE_AND_MORE'
        WHEN n.fitting > 0 THEN 'REVIEW'
        ELSE 'UNMATCHED'
    END AS method
FROM statements AS s
LEFT JOIN by_cin AS c ON c.kind = s.kind AND c.file_id = s.file_id AND c.row_no = s.row_no
LEFT JOIN by_name AS n ON n.kind = s.kind AND n.file_id = s.file_id AND n.row_no = s.row_no;
