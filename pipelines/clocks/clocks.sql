-- Each rule that applies to an episode, with its trigger and due date. A hand-off is due only where the manager before
-- release is not the provider after it; before the release it counts back from the expected date, else on from the actual.
-- Where the release date is unknown, the clocks run from the day the enrolment was effectuated and seen.
DELETE FROM exchange.clocks;

INSERT INTO exchange.clocks BY NAME
WITH managers AS (
    SELECT cin, arg_max(pre_release_cm_npi, (file_order, pre_release_cm_npi)) AS pre_release_npi,
           bool_or(
               coalesce(pre_release_cm_npi, pre_release_cm_organization, pre_release_cm_name) IS NOT NULL
           ) AS has_manager
    FROM exchange.ji_statements
    GROUP BY cin
),
triggers AS (
    SELECT
        e.cin, e.episode_id, e.state,
        coalesce(m.has_manager, false) AND m.pre_release_npi IS DISTINCT FROM a.npi AS needs_handoff,
        CASE WHEN e.released_seen_on IS NOT NULL THEN greatest(e.released_seen_on, e.effectuation_date) END AS enrolled,
        CASE WHEN e.noticed_on IS NOT NULL THEN greatest(e.release_date, e.noticed_on) END AS told,
        coalesce(e.release_date, greatest(e.released_seen_on, e.effectuation_date)) AS released,
        e.expected_release_date
    FROM exchange.ji_episodes AS e
    LEFT JOIN managers AS m ON m.cin = e.cin
    LEFT JOIN exchange.ecm_assignments AS a ON a.cin = e.cin AND a.ended_on IS NULL
),
started AS (
    SELECT t.cin, t.episode_id, t.state, r.rule, r.name, r.days, r.unit,
        CASE r.trigger
            WHEN 'enrolled' THEN t.enrolled
            WHEN 'told' THEN t.told
            WHEN 'released' THEN t.released
            WHEN 'handoff_ahead' THEN CASE WHEN t.needs_handoff AND t.released IS NULL THEN t.expected_release_date END
            WHEN 'handoff_behind' THEN CASE WHEN t.needs_handoff THEN t.released END
        END AS trigger_date
    FROM triggers AS t
    CROSS JOIN clock_rules AS r
)
SELECT
    md5(concat_ws('|', 'clock', s.episode_id, s.name)) AS clock_id,
    s.cin, s.episode_id, s.rule, s.name, s.trigger_date, due.day AS due,
    CASE
        WHEN s.state IN ('CLOSED', 'BACK_INSIDE') THEN 'VOID'
        WHEN due.day < getvariable('business_date') THEN 'LATE'
        ELSE 'OPEN'
    END AS status
FROM started AS s
JOIN calendar AS start ON start.day = s.trigger_date
LEFT JOIN calendar AS counted
  ON s.unit = 'BUSINESS' AND counted.is_business AND counted.number = start.number + s.days
JOIN calendar AS due
  ON due.day = CASE s.unit WHEN 'CALENDAR' THEN s.trigger_date + CAST(s.days AS INTEGER) ELSE counted.day END;
