-- Everything that meets a clock, in one shape: whose, what kind, on which day, and which fact says so. A kind of fact
-- that is to count as well is one more SELECT here. Days to come meet nothing yet.
CREATE OR REPLACE TEMP TABLE clock_events AS
-- R14 asks for the reentry care plan in two hands. The plan's copy: a receipt of the plan, the day a referral tells, and the
-- day a facility tells to have sent it. The copy of the provider after release is in nobody's word but a receipt that names
-- the provider. A receipt may also tell the day of the warm hand-off (R12, R13).
WITH told AS (
    SELECT
        s.*, 'CARE_PLAN' AS matter, 'CARE_PLAN_AT_PLAN' AS event, r.reentry_care_plan_received_date AS happened_on,
        CAST(NULL AS VARCHAR) AS npi
    FROM standing_rows AS s
    JOIN facts.referrals AS r ON r.file_id = s.file_id AND r.row_no = s.row_no
    WHERE s.kind = 'mini_mif'
    UNION ALL
    SELECT s.*, 'CARE_PLAN', 'CARE_PLAN_AT_PLAN', n.reentry_care_plan_sent_date, NULL
    FROM standing_rows AS s
    JOIN facts.release_notices AS n ON n.file_id = s.file_id AND n.row_no = s.row_no
    WHERE s.kind = 'release_notice'
    UNION ALL
    SELECT
        s.*, unnest(['CARE_PLAN', 'HANDOFF']), unnest(['CARE_PLAN_AT_' || c.received_by, 'WARM_HANDOFF']),
        unnest([c.reentry_care_plan_received_date, c.warm_handoff_date]),
        CASE c.received_by WHEN 'PROVIDER' THEN c.recipient_npi END
    FROM standing_rows AS s
    JOIN facts.care_plan_receipts AS c ON c.file_id = s.file_id AND c.row_no = s.row_no
    WHERE s.kind = 'care_plan_receipt'
),
-- The newest date of each referral, notice or receipt.
newest_told AS (
    SELECT *
    FROM told
    WHERE happened_on IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY kind, source, key, matter ORDER BY rank) = 1
),
events AS (
    SELECT
        cin, event AS kind, happened_on, CAST(NULL AS DATE) AS until, npi, lower(matter) || ':' || file_id || ':' || row_no AS met_by
    FROM newest_told
    UNION ALL
    SELECT coalesce(a.cin, s.cin), 'ASSIGNMENT', s.assigned_on, s.ended_on, s.npi, 'assignment:' || s.assignment_id
    FROM exchange.ecm_assignments AS s
    LEFT JOIN exchange.cin_aliases AS a ON a.alias = s.cin
    UNION ALL
    -- Contacts that providers report of members they served on that day: an attempt that reached the person, an encounter
    -- (R10, R11). A letter reaches an address. Assessments, care plans and conferences are made without a visit too: they
    -- are what they are and no contact.
    SELECT cin, 'REPORTED_CONTACT', attempt_date, NULL, NULL, 'attempt:' || file_id || ':' || row_no
    FROM exchange.contact_attempts
    WHERE attempt_successful AND is_served AND attempt_method <> 'MAIL'
    UNION ALL
    SELECT cin, 'REPORTED_CONTACT', happened_on, NULL, NULL, 'encounter:' || file_id || ':' || row_no
    FROM exchange.care_days
    WHERE kind = 'ENCOUNTER' AND is_served
    UNION ALL
    SELECT r.cin, k.meets, r.happened_on, NULL, NULL, 'liaison:' || r.event_id
    FROM standing_records AS r
    JOIN record_kinds AS k ON k.kind = r.kind
    WHERE k.meets <> ''
)
SELECT * FROM events WHERE happened_on <= getvariable('business_date');
