-- From the timeline of each member to episodes. An episode opens when someone is first flagged, comes back flagged after
-- leaving the plan, or is released again after a return to custody (so two authorizations can never overlap). A member
-- whom only a referral, notice or MIF calls justice-involved has one episode, its state read from the coverage of today.
CREATE OR REPLACE TEMP TABLE episode_steps AS
WITH known AS (
    SELECT
        *,
        coalesce(sum(CAST(state IN ('GONE', 'DECEASED') AS INTEGER)) OVER (
            PARTITION BY cin ORDER BY file_order, file_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0) AS stay
    FROM observations
    WHERE state IS NOT NULL
),
from_first_flag AS (
    SELECT *
    FROM known
    QUALIFY (file_order, file_id) >= min(CASE WHEN is_flagged AND state IN ('INSIDE', 'OUTSIDE') THEN (file_order, file_id) END)
        OVER (PARTITION BY cin, stay)
),
steps AS (
    SELECT
        *,
        lag(state) OVER earlier AS previous_state,
        count(*) FILTER (state = 'OUTSIDE') OVER (
            PARTITION BY cin, stay ORDER BY file_order, file_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS released_before
    FROM from_first_flag
    WINDOW earlier AS (PARTITION BY cin, stay ORDER BY file_order, file_id)
)
SELECT
    *,
    sum(CAST(
        previous_state IS NULL OR (state = 'OUTSIDE' AND previous_state = 'INSIDE' AND released_before > 0) AS INTEGER
    )) OVER (PARTITION BY cin ORDER BY file_order, file_id) AS ordinal
FROM steps;

CREATE OR REPLACE TEMP TABLE flagged_episodes AS
WITH folded AS (
    SELECT
        cin, ordinal, stay,
        min(file_date) AS opened_on,
        arg_min(state, (file_order, file_id)) AS first_state,
        arg_max(state, (file_order, file_id)) AS last_state,
        arg_max(file_date, (file_order, file_id)) AS last_seen_on,
        arg_max(reason_if_gone, (file_order, file_id)) AS reason_if_gone,
        min(file_date) FILTER (state = 'OUTSIDE') AS released_seen_on,
        arg_min(
            CASE WHEN previous_state = 'INSIDE' THEN greatest(file_date, benefit_begin) ELSE benefit_begin END,
            (file_order, file_id)
        ) FILTER (state = 'OUTSIDE') AS effectuation_date,
        min(file_date) FILTER (state = 'INSIDE' AND released_before > 0) AS back_inside_on
    FROM episode_steps
    GROUP BY cin, ordinal, stay
)
SELECT
    *,
    lead(opened_on) OVER (PARTITION BY cin, stay ORDER BY ordinal) AS superseded_on,
    coalesce(back_inside_on, CASE WHEN last_state IN ('GONE', 'DECEASED') THEN last_seen_on END) AS ends_before,
    CASE WHEN last_state IN ('GONE', 'DECEASED') THEN last_seen_on END AS gone_on
FROM folded;

CREATE OR REPLACE TEMP TABLE stated_episodes AS
WITH today AS (
    SELECT cin, coverage_class, benefit_begin, benefit_month
    FROM exchange.coverage_months
    QUALIFY row_number() OVER (PARTITION BY cin ORDER BY benefit_month DESC, coverage_class = 'active' DESC) = 1
),
stated AS (
    SELECT
        cin, min(received_on) AS opened_on, max(actual_release_date) AS actual_release_date, min(dated) AS dated,
        arg_max(incarceration_status, file_order) AS incarceration_status
    FROM exchange.ji_statements
    WHERE cin NOT IN (SELECT cin FROM flagged_episodes)
    GROUP BY cin
)
SELECT
    s.cin, 1 AS ordinal, s.opened_on, s.dated,
    CASE
        WHEN m.death_date IS NOT NULL THEN 'DECEASED'
        WHEN t.coverage_class = 'terminated' THEN 'GONE'
        WHEN t.coverage_class = 'active' AND (s.incarceration_status IS DISTINCT FROM 'IN_CUSTODY'
            OR s.actual_release_date IS NOT NULL) THEN 'OUTSIDE'
        ELSE 'INSIDE'
    END AS state,
    m.file_id, f.file_date AS seen_on
FROM stated AS s
JOIN exchange.members AS m ON m.cin = s.cin
JOIN ledger.files AS f ON f.file_id = m.file_id
LEFT JOIN today AS t ON t.cin = s.cin;

DELETE FROM exchange.ji_episodes;

INSERT INTO exchange.ji_episodes BY NAME
WITH episodes AS (
    SELECT
        cin, ordinal, 'PRESUMPTIVE_JI_834' AS basis, opened_on, '834' AS opened_by, first_state,
        CASE
            WHEN gone_on IS NOT NULL OR superseded_on IS NOT NULL THEN 'CLOSED'
            WHEN back_inside_on IS NOT NULL THEN 'BACK_INSIDE'
            WHEN released_seen_on IS NOT NULL THEN 'RELEASED'
            ELSE 'PENDING_RELEASE'
        END AS state,
        effectuation_date, released_seen_on,
        coalesce(superseded_on, gone_on) AS closed_on,
        CASE WHEN superseded_on IS NOT NULL THEN 'NEW_EPISODE' WHEN gone_on IS NOT NULL THEN reason_if_gone END
            AS close_reason,
        lag(ends_before) OVER (PARTITION BY cin ORDER BY ordinal) AS speaks_from,
        ends_before AS speaks_to
    FROM flagged_episodes
    UNION ALL BY NAME
    SELECT
        cin, ordinal,
        CASE WHEN cin IN (SELECT cin FROM exchange.ji_statements WHERE said_by = 'MIF') THEN 'MIF' ELSE 'REFERRAL' END AS basis,
        opened_on, 'STATEMENT' AS opened_by,
        CASE WHEN state = 'INSIDE' THEN 'INSIDE' ELSE 'OUTSIDE' END AS first_state,
        CASE state WHEN 'INSIDE' THEN 'PENDING_RELEASE' WHEN 'OUTSIDE' THEN 'RELEASED' ELSE 'CLOSED' END AS state,
        CASE WHEN state = 'OUTSIDE' THEN dated END AS effectuation_date,
        CASE WHEN state = 'OUTSIDE' THEN opened_on END AS released_seen_on,
        CASE WHEN state IN ('GONE', 'DECEASED') THEN seen_on END AS closed_on,
        CASE state WHEN 'GONE' THEN 'TERMINATED' WHEN 'DECEASED' THEN 'DECEASED' END AS close_reason
    FROM stated_episodes
),
said AS (
    SELECT
        e.cin, e.ordinal,
        arg_max(s.actual_release_date, s.file_order) AS release_date,
        arg_max(s.expected_release_date, s.file_order) AS expected_release_date,
        arg_max(s.release_told_on, s.file_order) AS release_told_on,
        min(s.received_on) AS data_received_on
    FROM episodes AS e
    JOIN exchange.ji_statements AS s
      ON s.cin = e.cin
     AND coalesce(s.actual_release_date, s.received_on) > coalesce(e.speaks_from, DATE '1900-01-01')
     AND coalesce(s.actual_release_date, s.received_on) <= coalesce(e.speaks_to, DATE '9999-12-31')
    GROUP BY e.cin, e.ordinal
)
SELECT
    md5(concat_ws('|', 'episode', e.cin, e.ordinal)) AS episode_id,
    e.cin, e.ordinal, e.basis, e.state, e.opened_on, e.opened_by, e.first_state,
    s.release_date, s.expected_release_date, e.effectuation_date, e.released_seen_on,
    least(e.released_seen_on, s.release_told_on) AS noticed_on, s.data_received_on,
    e.closed_on, e.close_reason,
    concat_ws(';',
        CASE WHEN e.opened_by = '834' THEN '834' END,
        (SELECT string_agg(DISTINCT said_by, ';' ORDER BY said_by) FROM exchange.ji_statements AS j WHERE j.cin = e.cin)
    ) AS ji_sources
FROM episodes AS e
LEFT JOIN said AS s ON s.cin = e.cin AND s.ordinal = e.ordinal;
