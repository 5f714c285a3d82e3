-- Which clocks run for whom, and from which day. A hand-off is due only where the manager before release is not the
-- provider after it. Where the release date is unknown, clocks run from the day the enrolment was effectuated and seen.

-- The episodes with the days that start and bound their clocks.
CREATE OR REPLACE TEMP TABLE clock_episodes AS
WITH bounded AS (
    SELECT
        *, least(back_inside_on, closed_on) AS over_on,
        CASE WHEN released_seen_on IS NOT NULL THEN greatest(released_seen_on, effectuation_date) END AS enrolled,
        coalesce(release_date, enrolled) AS released,
        -- R10: the release, or the day the plan heard of it when that is later.
        CASE WHEN noticed_on IS NOT NULL THEN greatest(release_date, noticed_on) END AS noticed,
        coalesce(released, expected_release_date) AS due_out
    FROM exchange.ji_episodes
),
managers AS (
    SELECT cin, arg_max(pre_release_cm_npi, (file_order, pre_release_cm_npi)) AS pre_release_npi,
           bool_or(
               coalesce(pre_release_cm_npi, pre_release_cm_organization, pre_release_cm_name) IS NOT NULL
           ) AS has_manager
    FROM exchange.ji_statements
    GROUP BY cin
),
providers AS (
    SELECT b.episode_id, arg_max(s.npi, (s.ended_on IS NULL, s.assigned_on, s.assignment_id)) AS npi
    FROM bounded AS b
    JOIN exchange.ecm_assignments AS s
      ON s.cin = b.cin
     AND coalesce(s.ended_on, DATE '9999-12-31') > b.opened_on
     AND s.assigned_on <= coalesce(b.over_on, s.assigned_on)
    GROUP BY b.episode_id
)
SELECT
    b.*, coalesce(m.has_manager, false) AND m.pre_release_npi IS DISTINCT FROM p.npi AS needs_handoff
FROM bounded AS b
LEFT JOIN managers AS m ON m.cin = b.cin
LEFT JOIN providers AS p ON p.episode_id = b.episode_id;

CREATE OR REPLACE TEMP TABLE started AS
WITH of_episodes AS (
    SELECT
        e.episode_id AS about, e.cin, e.episode_id, r.*,
        CASE r.trigger
            WHEN 'enrolled' THEN e.enrolled
            -- Data that comes after the contact was due does not start a clock again that has run out.
            WHEN 'told' THEN CASE
                WHEN e.data_received_on <= e.noticed + CAST(r.days AS INTEGER) THEN greatest(e.noticed, e.data_received_on)
                ELSE e.noticed
            END
            WHEN 'released' THEN e.released
            WHEN 'handoff_ahead' THEN CASE WHEN e.needs_handoff THEN e.expected_release_date END
            WHEN 'handoff_behind' THEN CASE WHEN e.needs_handoff THEN e.released END
            WHEN 'window_opens' THEN CASE WHEN e.due_out > e.opened_on THEN e.due_out - CAST(r.days AS INTEGER) END
            WHEN 'known_late' THEN CASE WHEN e.due_out <= e.opened_on THEN e.opened_on END
        END AS trigger_date,
        -- Between which days an event meets it: materials and contacts count from the release on, R12 up to it.
        CASE r.rule
            WHEN 'R9' THEN coalesce(e.release_date, e.effectuation_date)
            WHEN 'R10' THEN e.release_date
            WHEN 'R11' THEN e.release_date
        END AS not_before,
        CASE r.rule WHEN 'R12' THEN e.released END AS not_after
    FROM clock_episodes AS e
    CROSS JOIN clock_rules AS r
),
-- A contact after hours is of the newest episode that was open by then.
of_contacts AS (
    SELECT
        c.event_id AS about, c.cin, arg_max(e.episode_id, e.ordinal) AS episode_id, r.*, c.happened_on AS trigger_date,
        CAST(NULL AS DATE) AS not_before, CAST(NULL AS DATE) AS not_after
    FROM standing_records AS c
    CROSS JOIN clock_rules AS r
    LEFT JOIN exchange.ji_episodes AS e ON e.cin = c.cin AND e.opened_on <= c.happened_on
    WHERE c.kind = 'AFTER_HOURS_CONTACT' AND r.trigger = 'contacted'
    GROUP BY ALL
)
SELECT * FROM of_episodes WHERE trigger_date IS NOT NULL
UNION ALL BY NAME
SELECT * FROM of_contacts;
