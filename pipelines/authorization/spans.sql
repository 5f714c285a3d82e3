-- From when to when each episode is authorized, and on what ground. An authorization keeps to one rule: the facts about
-- the release move it, nothing else does, and no day is authorized twice.

-- Every CIN under which files speak of someone who has an episode.
CREATE OR REPLACE TEMP TABLE named_as AS
SELECT DISTINCT cin, cin AS said FROM exchange.ji_episodes
UNION
SELECT cin, alias FROM exchange.cin_aliases WHERE cin IN (SELECT cin FROM exchange.ji_episodes);

-- The stretch of active enrolment that the release fell into; it never begins an authorization earlier (R5).
CREATE OR REPLACE TEMP TABLE enrolled AS
WITH active_months AS (
    SELECT n.cin, c.benefit_month, min(c.benefit_begin) AS benefit_begin, max(c.benefit_end) AS benefit_end
    FROM exchange.coverage_months AS c
    JOIN named_as AS n ON n.said = c.cin
    WHERE c.coverage_class = 'active'
    GROUP BY n.cin, c.benefit_month
),
stretches AS (
    SELECT cin, min(benefit_begin) AS active_from, max(benefit_end) AS active_to
    FROM (
        SELECT
            *, benefit_month - to_months(
                CAST(row_number() OVER (PARTITION BY cin ORDER BY benefit_month) AS INTEGER)
            ) AS stretch
        FROM active_months
    )
    GROUP BY cin, stretch
)
SELECT
    e.episode_id, min(s.active_from) AS active_from,
    max(s.active_to) FILTER (s.active_from <= coalesce(e.closed_on, s.active_from)) AS active_to
FROM exchange.ji_episodes AS e
JOIN stretches AS s ON s.cin = e.cin AND s.active_to >= e.effectuation_date
GROUP BY e.episode_id;

-- What delegating plans reported, and the episode it belongs to: the first one not over by the day it speaks of.
CREATE OR REPLACE TEMP TABLE mif_rows AS
SELECT
    n.cin, f.source, f.file_order, f.file_date, f.row_no, f.authorization_number, f.ecm_benefit_start,
    coalesce(f.authorization_end < f.authorization_start, false) AS is_backwards,
    CASE WHEN NOT is_backwards THEN f.authorization_start END AS granted_start,
    CASE WHEN NOT is_backwards THEN f.authorization_end END AS granted_end,
    f.pof_justice_involved = 'Y' AND f.member_record_status <> 'TERMED' AS counts
FROM exchange.identities AS i
JOIN named_as AS n ON n.said = i.cin
JOIN facts.mif_members AS f ON f.file_id = i.file_id AND f.row_no = i.row_no
WHERE i.kind = 'mif';

CREATE OR REPLACE TEMP TABLE granted AS
WITH grants AS (
    SELECT
        cin, source, coalesce(authorization_number, CAST(granted_start AS VARCHAR)) AS key,
        any_value(authorization_number) AS granted_number,
        arg_max(granted_start, (file_order, row_no)) AS granted_start,
        arg_max(granted_end, (file_order, row_no)) AS granted_end,
        max(file_order) AS file_order, min(file_date) AS told_on
    FROM mif_rows
    WHERE counts AND key IS NOT NULL
      AND (cin, source) IN (SELECT (cin, source) FROM exchange.ji_statements WHERE said_by = 'MIF')
    GROUP BY ALL
),
placed AS (
    SELECT g.*, e.episode_id
    FROM grants AS g
    JOIN exchange.ji_episodes AS e
      ON e.cin = g.cin
     AND coalesce(e.back_inside_on, e.closed_on, DATE '9999-12-31') > coalesce(g.granted_start, g.told_on)
    QUALIFY row_number() OVER (PARTITION BY g.cin, g.source, g.key ORDER BY e.ordinal) = 1
)
SELECT *
FROM placed
QUALIFY row_number() OVER (
    PARTITION BY episode_id ORDER BY file_order DESC, granted_end DESC, granted_number, source
) = 1;

-- The first service is a date of its own (R6).
CREATE OR REPLACE TEMP TABLE first_services AS
SELECT episode_id, arg_max(ecm_benefit_start, (file_order, ecm_benefit_start)) AS benefit_start_date
FROM (
    SELECT m.*, e.episode_id
    FROM mif_rows AS m
    JOIN exchange.ji_episodes AS e
      ON e.cin = m.cin AND coalesce(e.back_inside_on, e.closed_on, DATE '9999-12-31') > m.ecm_benefit_start
    QUALIFY row_number() OVER (PARTITION BY m.cin, m.source, m.file_order, m.row_no ORDER BY e.ordinal) = 1
)
GROUP BY episode_id;

CREATE OR REPLACE TEMP TABLE spans AS
WITH deaths AS (
    SELECT n.cin, min(m.death_date) AS death_date
    FROM exchange.members AS m
    JOIN named_as AS n ON n.said = m.cin
    GROUP BY n.cin
),
flags AS (
    SELECT e.episode_id, min(v.file_date) AS flagged_on
    FROM exchange.ji_episodes AS e
    JOIN named_as AS n ON n.cin = e.cin
    JOIN exchange.ji_evidence AS v ON v.cin = n.said AND v.file_date >= e.opened_on
    GROUP BY e.episode_id
),
-- The policy is that of the day of the release, or of the enrolment taking effect where nobody told the release (R4).
anchored AS (
    SELECT
        e.*, n.active_from, least(n.active_to, d.death_date) AS active_to, b.benefit_start_date,
        p.since AS policy_from, p.months,
        g.source AS granted_by, g.granted_number, g.granted_start, g.granted_end, g.told_on < f.flagged_on AS granted_first,
        CASE p.anchor_1 WHEN 'release_date' THEN e.release_date ELSE e.effectuation_date END AS first_choice,
        CASE p.anchor_2 WHEN 'release_date' THEN e.release_date WHEN 'effectuation_date' THEN e.effectuation_date END
            AS second_choice,
        CASE
            WHEN first_choice IS NOT NULL THEN p.anchor_1
            WHEN second_choice IS NOT NULL THEN p.anchor_2
            ELSE 'effectuation_date'
        END AS own_anchor,
        greatest(coalesce(first_choice, second_choice, e.effectuation_date), n.active_from) AS own_start,
        CAST(own_start + to_months(p.months) AS DATE) - 1 AS own_end
    FROM exchange.ji_episodes AS e
    LEFT JOIN deaths AS d ON d.cin = e.cin
    LEFT JOIN enrolled AS n ON n.episode_id = e.episode_id
    LEFT JOIN granted AS g ON g.episode_id = e.episode_id
    LEFT JOIN first_services AS b ON b.episode_id = e.episode_id
    LEFT JOIN flags AS f ON f.episode_id = e.episode_id
    LEFT JOIN authorization_policies AS p
      ON coalesce(e.release_date, e.effectuation_date) >= p.since
     AND coalesce(e.release_date, e.effectuation_date) < p.until
),
-- A delegating plan's own authorization is taken over. A flag that follows it takes no day from it and gives what R2 does.
taken_over AS (
    SELECT
        *,
        granted_by IS NOT NULL AND (
            basis = 'MIF'
            OR coalesce(granted_first AND granted_start <= own_start
                        AND coalesce(granted_end, own_start) >= own_start - 1, false)
        ) AS takes_over
    FROM anchored
),
started AS (
    SELECT
        * REPLACE (CASE WHEN takes_over THEN granted_number END AS granted_number),
        CASE
            WHEN released_seen_on IS NULL THEN NULL
            WHEN takes_over THEN coalesce(granted_start, own_start)
            ELSE own_start
        END AS start_date,
        CASE
            WHEN NOT takes_over THEN own_end
            WHEN basis = 'MIF' THEN coalesce(granted_end, CAST(coalesce(granted_start, own_start) + to_months(months) AS DATE) - 1)
            ELSE greatest(granted_end, own_end)
        END AS full_end,
        CASE
            WHEN released_seen_on IS NULL THEN NULL
            WHEN takes_over AND granted_start IS NOT NULL THEN 'granted'
            ELSE own_anchor
        END AS anchor
    FROM taken_over
),
-- No day twice: whatever the later episodes say, an authorization ends the day before the first of theirs begins.
ended AS (
    SELECT
        *,
        least(
            full_end,
            min(start_date) OVER (
                PARTITION BY cin ORDER BY ordinal ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
            ) - 1,
            CASE WHEN close_reason <> 'NEW_EPISODE' THEN greatest(least(closed_on, active_to), start_date) END
        ) AS last_day
    FROM started
)
-- The plan pays from the release on, and never before it covers (R24).
SELECT
    * EXCLUDE (start_date),
    CASE WHEN last_day >= start_date THEN start_date END AS start_date,
    CASE WHEN last_day >= start_date THEN last_day END AS end_date,
    CASE WHEN released_seen_on IS NOT NULL THEN greatest(coalesce(release_date, effectuation_date), active_from) END
        AS billable_from,
    CASE
        WHEN state = 'CLOSED' THEN 'CLOSED'
        WHEN state = 'BACK_INSIDE' THEN 'SUSPENDED'
        WHEN state = 'PENDING_RELEASE' THEN 'PENDING_RELEASE'
        WHEN last_day < getvariable('business_date') THEN 'EXPIRED'
        ELSE 'ACTIVE'
    END AS status
FROM ended;
