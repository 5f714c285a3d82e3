-- Everything that meets a clock, in one shape: whose, what kind, on which day, and which fact says so. A kind of fact
-- that is to count as well is one more SELECT here. Days to come meet nothing yet.
CREATE OR REPLACE TEMP TABLE clock_events AS
WITH care_plans AS (
    SELECT
        i.cin, 'R|' || r.source || '|' || r.referral_id AS key, r.file_id, r.row_no, r.file_order,
        r.reentry_care_plan_received_date AS happened_on, i.rank = 1 AND r.record_action = 'VOID' AS is_void
    FROM exchange.identities AS i
    JOIN facts.referrals AS r ON r.file_id = i.file_id AND r.row_no = i.row_no
    WHERE i.kind = 'mini_mif' AND i.cin IS NOT NULL
    UNION ALL
    SELECT
        i.cin, 'N|' || n.source || '|' || n.notice_id, n.file_id, n.row_no, n.file_order,
        n.reentry_care_plan_sent_date, false
    FROM exchange.identities AS i
    JOIN facts.release_notices AS n ON n.file_id = i.file_id AND n.row_no = i.row_no
    WHERE i.kind = 'release_notice' AND i.cin IS NOT NULL
),
-- The newest date of each referral or notice; one that was voided says nothing.
newest_care_plans AS (
    SELECT *
    FROM care_plans
    WHERE happened_on IS NOT NULL AND key NOT IN (SELECT key FROM care_plans WHERE is_void)
    QUALIFY row_number() OVER (PARTITION BY key ORDER BY file_order DESC, file_id DESC, row_no DESC) = 1
),
events AS (
    SELECT
        coalesce(a.cin, c.cin) AS cin, 'CARE_PLAN' AS kind, c.happened_on, CAST(NULL AS DATE) AS until,
        'care_plan:' || c.file_id || ':' || c.row_no AS met_by
    FROM newest_care_plans AS c
    LEFT JOIN exchange.cin_aliases AS a ON a.alias = c.cin
    UNION ALL
    SELECT coalesce(a.cin, s.cin), 'ASSIGNMENT', s.assigned_on, s.ended_on, 'assignment:' || s.assignment_id
    FROM exchange.ecm_assignments AS s
    LEFT JOIN exchange.cin_aliases AS a ON a.alias = s.cin
    UNION ALL
    -- Contacts that providers report of members they served on that day: an attempt that reached the person, an encounter
    -- (R10, R11). A letter reaches an address. Assessments, care plans and conferences are made without a visit too: they
    -- are what they are and no contact.
    SELECT cin, 'REPORTED_CONTACT', attempt_date, NULL, 'attempt:' || file_id || ':' || row_no
    FROM exchange.contact_attempts
    WHERE attempt_successful AND is_served AND attempt_method <> 'MAIL'
    UNION ALL
    SELECT cin, 'REPORTED_CONTACT', happened_on, NULL, 'encounter:' || file_id || ':' || row_no
    FROM exchange.care_days
    WHERE kind = 'ENCOUNTER' AND is_served
    UNION ALL
    SELECT r.cin, k.meets, r.happened_on, NULL, 'liaison:' || r.event_id
    FROM standing_records AS r
    JOIN record_kinds AS k ON k.kind = r.kind
    WHERE k.meets <> ''
)
SELECT * FROM events WHERE happened_on <= getvariable('business_date');
