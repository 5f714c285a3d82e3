-- Each clock with its due day, what met it and when. Clocks of an episode that is over are void unless met before; of two
-- readings of a rule the stricter one is the target.

-- An event belongs to the first episode that was not over by its day: what prepares a release after a return to custody
-- is of that release. An assignment counts for every episode during which it stood.
CREATE OR REPLACE TEMP TABLE placed_assignments AS
SELECT v.kind, v.happened_on, v.met_by, v.npi, e.episode_id
FROM clock_events AS v
JOIN clock_episodes AS e
  ON e.cin = v.cin AND v.happened_on <= coalesce(e.over_on, v.happened_on)
 AND coalesce(v.until, DATE '9999-12-31') > e.opened_on
WHERE v.kind = 'ASSIGNMENT';

CREATE OR REPLACE TEMP TABLE placed_events AS
SELECT v.kind, v.happened_on, v.met_by, v.npi, e.episode_id, e.release_date, e.released
FROM clock_events AS v
JOIN clock_episodes AS e ON e.cin = v.cin AND v.happened_on <= coalesce(e.over_on, v.happened_on)
WHERE v.kind <> 'ASSIGNMENT'
QUALIFY row_number() OVER (PARTITION BY v.kind, v.met_by ORDER BY e.ordinal) = 1;

-- What reached a provider counts where the member is or was that provider's in the episode.
DELETE FROM placed_events AS v
WHERE v.npi IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM placed_assignments AS a WHERE a.episode_id = v.episode_id AND a.npi = v.npi);

-- The reentry care plan has arrived once both have it (R14), with the later of the two.
CREATE OR REPLACE TEMP TABLE care_plans AS
SELECT
    episode_id, max(happened_on) AS happened_on, arg_max(met_by, (happened_on, met_by)) AS met_by
FROM (
    SELECT episode_id, kind, min(happened_on) AS happened_on, arg_min(met_by, (happened_on, met_by)) AS met_by
    FROM placed_events
    WHERE kind IN ('CARE_PLAN_AT_PLAN', 'CARE_PLAN_AT_PROVIDER')
    GROUP BY episode_id, kind
)
GROUP BY episode_id
HAVING count(*) = 2;

-- A contact that a provider reports is the first one (R10) and, on a later day than the first that is known, the second
-- (R11): one day is one contact, however often it is reported. Where nobody told the release, contacts count from the day
-- the 834 showed it: whoever was met before may have been inside.
CREATE OR REPLACE TEMP TABLE contacts AS
SELECT
    episode_id, happened_on, met_by, kind = 'REPORTED_CONTACT' AS is_reported,
    happened_on > min(happened_on) OVER (PARTITION BY episode_id) AS is_second
FROM placed_events
WHERE kind = 'REPORTED_CONTACT' AND happened_on >= released
   OR kind = 'FIRST_CONTACT' AND happened_on >= coalesce(release_date, happened_on);

CREATE OR REPLACE TEMP TABLE episode_events AS
SELECT kind, happened_on, met_by, episode_id FROM placed_events
UNION ALL
SELECT 'FIRST_CONTACT', happened_on, met_by, episode_id FROM contacts WHERE is_reported
UNION ALL
SELECT 'FOLLOW_UP', happened_on, met_by, episode_id FROM contacts WHERE is_reported AND is_second
UNION ALL
SELECT 'CARE_PLAN', happened_on, met_by, episode_id FROM care_plans
UNION ALL
SELECT kind, happened_on, met_by, episode_id FROM placed_assignments;

CREATE OR REPLACE TEMP TABLE met AS
SELECT s.about, s.name, min(v.happened_on) AS met_on, arg_min(v.met_by, (v.happened_on, v.met_by)) AS met_by
FROM started AS s
JOIN episode_events AS v
  ON v.episode_id = s.episode_id AND v.kind = s.met_by_kind
 AND v.happened_on >= coalesce(s.not_before, v.happened_on) AND v.happened_on <= coalesce(s.not_after, v.happened_on)
WHERE s.rule <> 'R26'
GROUP BY s.about, s.name
UNION ALL
-- An answer meets every contact that was recorded before it.
SELECT c.event_id, 'AFTER_HOURS_CONTACT', min(a.happened_on),
    'liaison:' || arg_min(a.event_id, (a.happened_on, a.sequence))
FROM standing_records AS c
JOIN standing_records AS a ON a.cin = c.cin AND a.sequence > c.sequence AND a.happened_on >= c.happened_on
WHERE c.kind = 'AFTER_HOURS_CONTACT' AND a.kind = 'AFTER_HOURS_ANSWERED'
  AND a.happened_on <= getvariable('business_date')
GROUP BY c.event_id;

DELETE FROM exchange.clocks;

INSERT INTO exchange.clocks BY NAME
WITH handed_off_before AS (
    SELECT about, met_by FROM met WHERE name = 'HANDOFF_AFTER_RELEASE'
        AND met_on <= (SELECT released FROM clock_episodes AS e WHERE e.episode_id = about)
),
judged AS (
    SELECT
        s.*, CAST(d.due AS DATE) AS due, d.calendar, m.met_on, m.met_by, h.met_by AS handed_off_by,
        CASE
            WHEN s.rule = 'R26' THEN false
            WHEN s.rule = 'R14' AND h.about IS NOT NULL THEN true
            WHEN s.rule = 'R12' AND e.released IS NOT NULL AND m.met_on IS NULL THEN true
            WHEN e.over_on IS NOT NULL THEN m.met_on IS NULL
            ELSE false
        END AS is_void
    FROM started AS s
    JOIN due_days AS d ON d.trigger_date = s.trigger_date AND d.days = s.days AND d.unit = s.unit
    LEFT JOIN clock_episodes AS e ON e.episode_id = s.episode_id
    LEFT JOIN met AS m ON m.about = s.about AND m.name = s.name
    LEFT JOIN handed_off_before AS h ON h.about = s.about
)
SELECT
    md5(concat_ws('|', 'clock', about, name)) AS clock_id,
    cin, episode_id, rule, name, trigger_date, days, unit, due,
    row_number() OVER (PARTITION BY about, rule ORDER BY due, unit DESC) = 1 AS is_target,
    CASE
        WHEN is_void THEN 'VOID'
        WHEN met_on <= due THEN 'MET'
        WHEN met_on IS NOT NULL OR due < getvariable('business_date') THEN 'LATE'
        ELSE 'OPEN'
    END AS status,
    CASE WHEN NOT is_void THEN met_on END AS met_on,
    CASE WHEN NOT is_void THEN met_by WHEN rule = 'R14' THEN handed_off_by END AS met_by,
    calendar
FROM judged;
