-- Where sources contradict each other about someone, as of tonight. A contradiction stands until a later fact resolves it.
DELETE FROM exchange.ji_contradictions;

-- The last step of each member, since when the 834 shows what it shows, and the last word on custody.
CREATE OR REPLACE TEMP TABLE standing AS
WITH last AS (
    SELECT
        cin, arg_max(to_state, step) AS state, arg_max(coverage, step) AS coverage, arg_max(known_by, step) AS known_by,
        max(step) FILTER (event IN ('CUSTODY_TOLD', 'RELEASE_TOLD')) AS word_step,
        arg_max(event, step) FILTER (event IN ('CUSTODY_TOLD', 'RELEASE_TOLD')) AS word,
        arg_max(happened_on, step) FILTER (event IN ('CUSTODY_TOLD', 'RELEASE_TOLD')) AS word_on,
        arg_max_null(released_on, step) FILTER (event IN ('CUSTODY_TOLD', 'RELEASE_TOLD')) AS word_released_on,
        arg_max(file_id, step) FILTER (event IN ('CUSTODY_TOLD', 'RELEASE_TOLD')) AS word_file,
        max(happened_on) FILTER (from_state = 'DECEASED' AND to_state <> 'DECEASED') AS living_since,
        arg_max(file_id, step) FILTER (from_state = 'DECEASED' AND to_state <> 'DECEASED') AS living_file,
        min(happened_on) FILTER (to_state = 'DECEASED') AS death_told_on
    FROM steps
    GROUP BY cin
),
turned AS (
    SELECT s.cin, max(s.step) AS turned_at, arg_max(s.coverage, s.step) AS coverage_before
    FROM steps AS s
    JOIN last AS l ON l.cin = s.cin AND l.coverage <> s.coverage
    GROUP BY s.cin
)
SELECT
    l.*, coalesce(any_value(t.turned_at), 0) AS turned_at, any_value(t.coverage_before) AS coverage_before,
    min(s.happened_on) AS shown_since, arg_min(s.covered_from, s.step) AS shown_from
FROM last AS l
LEFT JOIN turned AS t ON t.cin = l.cin
JOIN steps AS s ON s.cin = l.cin AND s.step > coalesce(t.turned_at, 0)
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE newest_open AS
SELECT e.cin, e.ordinal, e.state, e.back_inside_on, f.inside_since, f.speaks_from
FROM exchange.ji_episodes AS e
JOIN folded_episodes AS f ON f.cin = e.cin AND f.ordinal = e.ordinal
WHERE e.state <> 'CLOSED';

INSERT INTO exchange.ji_contradictions BY NAME
WITH claims AS (
    SELECT
        cin, file_id, file_order, received_on, release_told_on, released_on, expected_on,
        released_on IS NOT NULL OR coalesce(incarceration_status NOT IN ('UNKNOWN', 'IN_CUSTODY'), false) AS says_out,
        NOT says_out AND (
            coalesce(incarceration_status = 'IN_CUSTODY', false) OR (said_by = 'NOTICE' AND expected_on IS NOT NULL)
        ) AS says_inside
    FROM entries
    WHERE ended_on IS NULL
),
-- A notice tells of a release while the 834 still holds (R8): during the hold, or a release that lies in it.
released_while_held AS (
    SELECT
        s.cin, 'RELEASED_WHILE_HELD' AS kind, greatest(s.word_on, s.shown_since) AS since, 'R8;R31' AS rule, s.word_file AS file_id,
        count(*) || ' say released, the 834 holds' AS detail
    FROM standing AS s
    JOIN claims AS c ON c.cin = s.cin AND c.says_out
    WHERE s.coverage = 'HOLD' AND s.state IN (SELECT state FROM machine_states WHERE episode IN ('PENDING_RELEASE', 'BACK_INSIDE'))
      AND s.word = 'RELEASE_TOLD' AND (s.word_step > s.turned_at OR coalesce(s.word_released_on >= s.shown_from, false))
    GROUP BY ALL
),
-- Somebody says in custody while the 834 shows active coverage, and no hold was lifted since.
in_custody_while_active AS (
    SELECT
        s.cin, 'IN_CUSTODY_WHILE_ACTIVE' AS kind, greatest(s.word_on, s.shown_since) AS since, 'R8;R31' AS rule,
        s.word_file AS file_id, count(*) || ' say in custody, the 834 shows active' AS detail
    FROM standing AS s
    JOIN claims AS c ON c.cin = s.cin AND c.says_inside
    WHERE s.coverage = 'ACTIVE' AND s.known_by <> '' AND s.word = 'CUSTODY_TOLD'
      AND (s.word_step > s.turned_at OR coalesce(s.coverage_before, '') = '')
    GROUP BY ALL
),
-- Several dates for one release.
by_date AS (
    SELECT
        s.cin, s.ordinal, s.released_on, min(s.release_told_on) AS told_on,
        arg_max(s.file_id, (s.file_order, s.file_id)) AS file_id, max(s.file_order) AS file_order
    FROM said_of_episodes AS s
    JOIN newest_open AS e ON e.cin = s.cin AND e.ordinal = s.ordinal
    WHERE s.released_on IS NOT NULL
    GROUP BY ALL
),
release_dates_differ AS (
    SELECT
        cin, 'RELEASE_DATES_DIFFER' AS kind, list_sort(list(told_on))[2] AS since, 'R31' AS rule,
        arg_max(file_id, (file_order, file_id)) AS file_id, count(*) || ' release dates are told' AS detail
    FROM by_date
    GROUP BY cin
    HAVING count(*) > 1
),
release_before_custody AS (
    SELECT
        s.cin, 'RELEASE_BEFORE_CUSTODY' AS kind, min(s.release_told_on) AS since, 'R31' AS rule,
        arg_max(s.file_id, (s.file_order, s.file_id)) AS file_id,
        count(*) || ' tell a release before the custody began' AS detail
    FROM said_of_episodes AS s
    JOIN newest_open AS e ON e.cin = s.cin AND e.ordinal = s.ordinal
    WHERE s.released_on < e.inside_since
    GROUP BY s.cin
),
-- The newest expected date has passed, and neither a file nor anybody tells of the release.
expected_date_passed AS (
    SELECT
        e.cin, 'EXPECTED_DATE_PASSED' AS kind, CAST(arg_max(c.expected_on, (c.file_order, c.expected_on)) AS DATE) + 1 AS since,
        'R31' AS rule, arg_max(c.file_id, (c.file_order, c.expected_on)) AS file_id,
        count(*) || ' told an expected date' AS detail
    FROM newest_open AS e
    JOIN claims AS c ON c.cin = e.cin AND c.expected_on IS NOT NULL
        AND c.received_on > coalesce(e.back_inside_on, e.speaks_from, DATE '1900-01-01')
    WHERE e.state IN ('PENDING_RELEASE', 'BACK_INSIDE')
      AND NOT EXISTS (
          SELECT 1 FROM claims AS out WHERE out.cin = e.cin AND out.says_out
            AND coalesce(out.released_on, out.received_on) > coalesce(e.back_inside_on, e.speaks_from, DATE '1900-01-01')
      )
    GROUP BY e.cin
    HAVING since <= getvariable('business_date')
),
deaths AS (
    SELECT s.cin, d.died_on, s.death_told_on, s.state, s.living_since, s.living_file
    FROM standing AS s
    JOIN (SELECT cin, max(death_date) AS died_on FROM steps WHERE death_date IS NOT NULL GROUP BY cin) AS d ON d.cin = s.cin
),
told_after_death AS (
    SELECT
        d.cin, 'TOLD_AFTER_DEATH' AS kind,
        min(greatest(c.received_on, d.death_told_on)) AS since, 'R3;R31' AS rule,
        arg_max(c.file_id, (c.file_order, c.file_id)) AS file_id, count(*) || ' speak of someone who died' AS detail
    FROM deaths AS d
    JOIN claims AS c ON c.cin = d.cin AND (c.received_on >= d.death_told_on OR c.released_on > d.died_on)
    GROUP BY d.cin
),
covered_after_death AS (
    SELECT
        cin, 'COVERED_AFTER_DEATH' AS kind, living_since AS since, 'R5' AS rule, living_file AS file_id,
        'the 834 covers months after the death it told' AS detail
    FROM deaths
    WHERE state <> 'DECEASED' AND living_since IS NOT NULL
),
found AS (
    FROM released_while_held
    UNION ALL BY NAME FROM in_custody_while_active
    UNION ALL BY NAME FROM release_dates_differ
    UNION ALL BY NAME FROM release_before_custody
    UNION ALL BY NAME FROM expected_date_passed
    UNION ALL BY NAME FROM told_after_death
    UNION ALL BY NAME FROM covered_after_death
)
SELECT md5(concat_ws('|', 'contradiction', kind, cin)) AS contradiction_id, cin, kind, since, rule, detail, file_id
FROM found
ORDER BY cin, kind;
