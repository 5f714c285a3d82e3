-- The newest word on each matter, of whoever is to be released or was: a blank says nothing and takes nothing back.

-- The newest episode of each person, unless it is over. Words belong to the release that comes next: those said up to
-- the end of the one before, or to the return to custody, were of that one.
CREATE OR REPLACE TEMP TABLE needing AS
SELECT
    *, max(least(back_inside_on, closed_on)) OVER (PARTITION BY cin) AS said_after,
    -- Out as the 834 shows it, or as somebody tells while the 834 still holds.
    CASE state
        WHEN 'RELEASED' THEN coalesce(release_date, greatest(released_seen_on, effectuation_date))
        WHEN 'PENDING_RELEASE' THEN release_date
    END AS released,
    coalesce(released, CASE state WHEN 'PENDING_RELEASE' THEN expected_release_date END) AS due_out
FROM exchange.ji_episodes
QUALIFY row_number() OVER (PARTITION BY cin ORDER BY ordinal DESC) = 1 AND state <> 'CLOSED';

CREATE OR REPLACE TEMP TABLE need_words AS
-- The columns of needs are the same in every layout that has them.
WITH rows_of_needs AS (
    SELECT 'mini_mif' AS kind, * FROM facts.referrals
    UNION ALL BY NAME
    SELECT 'release_notice' AS kind, * FROM facts.release_notices
    UNION ALL BY NAME
    SELECT 'care_plan_receipt' AS kind, * FROM facts.care_plan_receipts
),
-- What an entry says that its sender ended is said no more.
standing AS (
    SELECT *
    FROM standing_rows
    QUALIFY does = 'SAYS' AND first_value(does) OVER (PARTITION BY kind, source, key ORDER BY rank) = 'SAYS'
),
said AS (
    SELECT
        s.cin, s.kind, s.source, s.key, s.rank, s.file_date AS said_on, false AS by_liaison, r.file_order, s.file_id, s.row_no,
        r.transportation_needed, r.transportation_arranged, r.transportation_pickup,
        r.community_supports, r.community_supports_authorization_numbers, r.community_supports_authorization_status,
        r.behavioral_health_need, r.behavioral_health_owner,
        CAST(r.behavioral_health_linked_date AS VARCHAR) AS behavioral_health_linked_date,
        r.appointments_booked, r.appointment_dates, r.appointment_kinds
    FROM standing AS s
    JOIN rows_of_needs AS r ON r.kind = s.kind AND r.file_id = s.file_id AND r.row_no = s.row_no
    WHERE s.cin IN (SELECT cin FROM needing)
),
words AS (
    FROM said UNPIVOT (
        value FOR field IN (
            transportation_needed, transportation_arranged, transportation_pickup,
            community_supports, community_supports_authorization_numbers, community_supports_authorization_status,
            behavioral_health_need, behavioral_health_owner, behavioral_health_linked_date,
            appointments_booked, appointment_dates, appointment_kinds
        )
    )
),
-- A list that is sent again is no news.
news AS (
    SELECT cin, field, value, said_on, by_liaison, file_order, file_id, row_no, CAST(NULL AS VARCHAR) AS event_id
    FROM words
    QUALIFY value IS DISTINCT FROM lag(value) OVER (PARTITION BY kind, source, key, field ORDER BY rank DESC)
    UNION ALL BY NAME
    SELECT
        cin, a.field, coalesce(a.value, CAST(happened_on AS VARCHAR)) AS value, happened_on AS said_on,
        true AS by_liaison, sequence AS file_order, event_id
    FROM standing_records AS r
    JOIN (VALUES
        ('TRANSPORT_ARRANGED', 'transportation_arranged', 'Y'),
        ('SUPPORTS_AUTHORIZED', 'community_supports_authorization_status', 'APPROVED'),
        ('BEHAVIORAL_HEALTH_LINKED', 'behavioral_health_linked_date', NULL),
        ('APPOINTMENT_BOOKED', 'appointments_booked', 'Y')
    ) AS a (kind, field, value) ON a.kind = r.kind
    WHERE r.happened_on <= getvariable('business_date')
),
-- In the order of the days they were said, the liaison's word last of its day.
placed AS (
    SELECT
        n.*,
        row_number() OVER (
            PARTITION BY n.cin ORDER BY n.said_on, n.by_liaison, n.file_order, n.file_id, n.row_no, n.field
        ) AS place
    FROM news AS n
    JOIN needing AS e ON e.cin = n.cin
    WHERE n.said_on > coalesce(e.said_after, DATE '1900-01-01')
),
-- What one says after another has said the same is no news either: `told_at` is since when the newest word stands.
changed AS (
    SELECT * EXCLUDE (place), min(place) OVER (PARTITION BY cin, file_id, row_no, event_id) AS told_at
    FROM placed
    QUALIFY value IS DISTINCT FROM lag(value) OVER (PARTITION BY cin, field ORDER BY place)
)
SELECT *
FROM changed
QUALIFY row_number() OVER (PARTITION BY cin, field ORDER BY told_at DESC) = 1;
