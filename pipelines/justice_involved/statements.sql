-- What referrers (R3), facilities (R31) and delegating plans say of members whose identity is certain: every version of
-- each referral, notice and MIF row that speaks of incarceration, as long as the newest was neither voided nor ended.
CREATE OR REPLACE TEMP TABLE versions AS
WITH told AS (
    SELECT
        i.cin, i.rank, 'REFERRAL' AS said_by, r.source, r.referral_id AS key, r.file_id, r.file_order, r.file_date,
        i.first_told_on AS received_on, i.release_told_on, r.referral_received_date AS dated,
        r.actual_release_date, r.expected_release_date, r.incarceration_status,
        r.facility_name, r.facility_county, r.facility_type,
        r.pre_release_cm_name, r.pre_release_cm_organization, r.pre_release_cm_npi, r.pre_release_cm_phone,
        r.preferred_ecm_provider_npi AS preferred_npi,
        r.reentry_care_plan_received_date AS care_plan_date,
        r.referral_id, r.referring_organization,
        r.pof_justice_involved = 'Y' AND r.record_action NOT IN ('VOID', 'TERM') AS counts
    FROM exchange.identities AS i
    JOIN facts.referrals AS r ON r.file_id = i.file_id AND r.row_no = i.row_no
    WHERE i.kind = 'mini_mif' AND i.cin IS NOT NULL
    UNION ALL BY NAME
    SELECT
        i.cin, i.rank, 'NOTICE' AS said_by, n.source, n.notice_id AS key, n.file_id, n.file_order, n.file_date,
        i.first_told_on AS received_on, i.release_told_on, i.first_told_on AS dated,
        n.actual_release_date, n.expected_release_date, n.facility_name, n.facility_county, n.facility_type,
        n.pre_release_cm_name, n.pre_release_cm_organization, n.pre_release_cm_npi, n.pre_release_cm_phone,
        n.post_release_ecm_provider_npi AS post_release_npi, n.reentry_care_plan_sent_date AS care_plan_date,
        true AS counts
    FROM exchange.identities AS i
    JOIN facts.release_notices AS n ON n.file_id = i.file_id AND n.row_no = i.row_no
    WHERE i.kind = 'release_notice' AND i.cin IS NOT NULL
    UNION ALL BY NAME
    SELECT
        i.cin, i.rank, 'MIF' AS said_by, f.source, f.cin AS key, f.file_id, f.file_order, f.file_date,
        i.first_told_on AS received_on, i.release_told_on, f.ecm_assignment_date AS dated,
        f.ecm_provider_npi AS continuing_npi, f.authorization_number, f.authorization_start, f.authorization_end,
        f.pof_justice_involved = 'Y' AND f.member_record_status <> 'TERMED' AS counts
    FROM exchange.identities AS i
    JOIN facts.mif_members AS f ON f.file_id = i.file_id AND f.row_no = i.row_no
    WHERE i.kind = 'mif' AND i.cin IS NOT NULL
)
SELECT
    * EXCLUDE (counts),
    -- A list that is sent again is no news.
    rank < max(rank) FILTER (counts) OVER of_key
        AND (incarceration_status, actual_release_date) IS NOT DISTINCT FROM (
            lag(incarceration_status) OVER in_order, lag(actual_release_date) OVER in_order
        ) AS says_nothing_new
FROM told
WINDOW
    of_key AS (PARTITION BY said_by, source, key, cin),
    in_order AS (PARTITION BY said_by, source, key, cin, counts ORDER BY rank DESC)
QUALIFY counts AND bool_or(counts AND rank = 1) OVER of_key;

DELETE FROM exchange.ji_statements;

INSERT INTO exchange.ji_statements BY NAME
SELECT * EXCLUDE (rank, key, file_id, file_date, says_nothing_new) FROM versions WHERE rank = 1;
