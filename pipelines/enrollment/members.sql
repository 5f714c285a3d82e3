-- The newest file describes the person. What it leaves blank is kept from an older file: a blank is not news. Addresses
-- are taken whole, so that two files never mix into one. The county is the residence's (N406), else the case's (REF*3H): R22.
-- Folding in one file after the other comes to the same, so what is known of a member stands for all older files.
CREATE OR REPLACE TEMP MACRO two_digits(code) AS
    CASE WHEN regexp_full_match(trim(code), '[0-9]{1,2}') THEN lpad(trim(code), 2, '0') END;

CREATE OR REPLACE TEMP TABLE seen_members AS
SELECT
    * EXCLUDE (county, ref_0f, member_no),
    coalesce(by_code.name, by_name.name, by_case.name) AS county,
    ref_0f AS plan_member_id,
    place + member_no AS position
FROM (
    SELECT * FROM facts.enrollment_members
    WHERE file_id IN (FROM fresh_files) AND cin IN (FROM carried_on)
    UNION ALL
    SELECT * FROM facts.enrollment_members
    WHERE cin IN (FROM made_anew)
) AS seen
JOIN file_places USING (file_id)
LEFT JOIN counties AS by_code ON by_code.code = two_digits(seen.county)
LEFT JOIN counties AS by_name ON lower(by_name.name) = regexp_replace(lower(trim(seen.county)), ' county$', '')
LEFT JOIN counties AS by_case ON by_case.code = two_digits(seen.county_code);

CREATE OR REPLACE TEMP TABLE known_members AS
SELECT known.*, place AS position
FROM exchange.members AS known
JOIN file_places USING (file_id)
WHERE cin IN (FROM carried_on);

DELETE FROM exchange.members WHERE cin IN (SELECT cin FROM touched);

INSERT INTO exchange.members BY NAME
SELECT
    cin,
    arg_max(file_id, position) AS file_id,
    max(file_order) AS file_order,
    arg_max(segment_no, position) AS segment_no,
    arg_max(plan_member_id, position) AS plan_member_id,
    arg_max(last_name, position) AS last_name,
    arg_max(first_name, position) AS first_name,
    arg_max_null(middle_name, position) AS middle_name,
    arg_max_null(name_suffix, position) AS name_suffix,
    arg_max(birth_date, position) AS birth_date,
    arg_max(gender, position) AS gender,
    arg_max(race, position) AS race,
    arg_max(language, position) AS language,
    arg_max(death_date, position) AS death_date,
    arg_max_null(address_1, position) AS address_1,
    arg_max_null(address_2, position) AS address_2,
    arg_max_null(city, position) AS city,
    arg_max_null(state, position) AS state,
    arg_max_null(zip, position) AS zip,
    arg_max_null(county, position) AS county,
    arg_max_null(mailing_address_1, position) AS mailing_address_1,
    arg_max_null(mailing_address_2, position) AS mailing_address_2,
    arg_max_null(mailing_city, position) AS mailing_city,
    arg_max_null(mailing_state, position) AS mailing_state,
    arg_max_null(mailing_zip, position) AS mailing_zip,
    arg_max(phone, position) AS phone,
    arg_max(email, position) AS email,
    arg_max(medicare_status, position) AS medicare_status,
    arg_max(aid_code, position) AS aid_code
FROM (SELECT * FROM known_members UNION ALL BY NAME FROM seen_members)
GROUP BY cin;
