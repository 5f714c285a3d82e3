-- What referrers (R3), whoever they are (R33), facilities (R31) and delegating plans say of members whose identity is
-- certain: every version of each referral, notice and MIF row that speaks of incarceration (`standing_rows`).
CREATE OR REPLACE TEMP TABLE versions AS
WITH counting AS (
    SELECT
        i.cin, i.rank, i.does, 'REFERRAL' AS said_by, i.source, i.key, r.file_id, r.file_order, r.file_date, r.row_no,
        r.referral_received_date AS dated, r.actual_release_date, r.expected_release_date, r.incarceration_status,
        r.facility_name, r.facility_county, r.facility_type,
        r.pre_release_cm_name, r.pre_release_cm_organization, r.pre_release_cm_npi, r.pre_release_cm_phone,
        r.preferred_ecm_provider_npi AS preferred_npi,
        r.reentry_care_plan_received_date AS care_plan_date,
        r.referral_id, r.referring_organization
    FROM standing_rows AS i
    JOIN facts.referrals AS r ON r.file_id = i.file_id AND r.row_no = i.row_no
    WHERE i.kind = 'mini_mif'
    UNION ALL BY NAME
    SELECT
        i.cin, i.rank, i.does, 'NOTICE' AS said_by, i.source, i.key, n.file_id, n.file_order, n.file_date, n.row_no,
        n.actual_release_date, n.expected_release_date, n.facility_name, n.facility_county, n.facility_type,
        n.pre_release_cm_name, n.pre_release_cm_organization, n.pre_release_cm_npi, n.pre_release_cm_phone,
        n.post_release_ecm_provider_npi AS post_release_npi, n.reentry_care_plan_sent_date AS care_plan_date
    FROM standing_rows AS i
    JOIN facts.release_notices AS n ON n.file_id = i.file_id AND n.row_no = i.row_no
    WHERE i.kind = 'release_notice'
    UNION ALL BY NAME
    SELECT
        i.cin, i.rank, i.does, 'MIF' AS said_by, i.source, i.key, f.file_id, f.file_order, f.file_date, f.row_no,
        f.ecm_assignment_date AS dated,
        f.ecm_provider_npi AS continuing_npi, f.authorization_number, f.authorization_start, f.authorization_end
    FROM standing_rows AS i
    JOIN facts.mif_members AS f ON f.file_id = i.file_id AND f.row_no = i.row_no
    WHERE i.kind = 'mif'
)
SELECT
    * REPLACE (coalesce(dated, CASE WHEN said_by = 'NOTICE' THEN min(file_date) OVER of_entry END) AS dated),
    min(file_date) FILTER (does = 'SAYS') OVER of_entry AS received_on,
    CASE WHEN actual_release_date IS NOT NULL
         THEN min(file_date) OVER (PARTITION BY said_by, source, key, actual_release_date) END AS release_told_on,
    -- A list that is sent again is no news.
    does = 'SAYS' AND coalesce(
        lag(does) OVER in_order = 'SAYS'
        AND (incarceration_status, actual_release_date, CASE WHEN said_by = 'NOTICE' THEN expected_release_date END)
            IS NOT DISTINCT FROM (
                lag(incarceration_status) OVER in_order, lag(actual_release_date) OVER in_order,
                CASE WHEN said_by = 'NOTICE' THEN lag(expected_release_date) OVER in_order END
            ),
        false
    ) AS says_nothing_new
FROM counting
WINDOW
    of_entry AS (PARTITION BY said_by, source, key),
    in_order AS (PARTITION BY said_by, source, key ORDER BY rank DESC);

-- The newest word of each entry, and when it was ended. A release date that is still to come is an expected one.
CREATE OR REPLACE TEMP TABLE entries AS
SELECT
    * EXCLUDE (does, says_nothing_new),
    CASE WHEN actual_release_date <= greatest(getvariable('business_date'), file_date) THEN actual_release_date END AS released_on,
    CASE WHEN actual_release_date > greatest(getvariable('business_date'), file_date) THEN actual_release_date
         ELSE expected_release_date END AS expected_on
FROM (
    SELECT
        *,
        min(file_date) FILTER (does = 'ENDS') OVER (
            PARTITION BY said_by, source, key ORDER BY rank ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS ended_on
    FROM versions
)
WHERE does = 'SAYS'
QUALIFY row_number() OVER (PARTITION BY said_by, source, key ORDER BY rank) = 1;

DELETE FROM exchange.ji_statements;

INSERT INTO exchange.ji_statements BY NAME
SELECT * EXCLUDE (rank, key, file_id, file_date, row_no, ended_on, released_on, expected_on) FROM entries WHERE ended_on IS NULL;
