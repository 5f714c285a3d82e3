-- From the timeline of each member to episodes. An episode opens when someone is first flagged or spoken for, is so again
-- after leaving the plan, or is released again after a return to custody (so two authorizations can never overlap).
CREATE OR REPLACE TEMP TABLE episode_steps AS
WITH from_the_first AS (
    SELECT *, (seen_on, is_statement, file_order, file_id) AS position
    FROM observations
    WHERE state IS NOT NULL
    QUALIFY position >= min(CASE WHEN is_justice_involved AND state IN ('INSIDE', 'OUTSIDE') THEN position END)
        OVER (PARTITION BY cin, stay)
),
steps AS (
    SELECT
        *,
        lag(state) OVER (PARTITION BY cin, stay ORDER BY position) AS previous_state,
        count(*) FILTER (state = 'OUTSIDE') OVER (
            PARTITION BY cin, stay ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS released_before
    FROM from_the_first
)
SELECT
    *,
    state = 'INSIDE' AND released_before > 0 AS is_back_inside,
    sum(CAST(
        previous_state IS NULL OR (state = 'OUTSIDE' AND previous_state = 'INSIDE' AND released_before > 0) AS INTEGER
    )) OVER (PARTITION BY cin ORDER BY position) AS ordinal
FROM steps;

CREATE OR REPLACE TEMP TABLE folded_episodes AS
WITH folded AS (
    SELECT
        cin, ordinal, stay,
        coalesce(bool_or(is_flagged_so_far) FILTER (state IN ('INSIDE', 'OUTSIDE') AND NOT is_back_inside), false)
            AS is_flagged,
        bool_or(is_mif_so_far) AS is_mif,
        min(seen_on) AS opened_on,
        arg_min(state, position) AS first_state,
        arg_max(state, position) AS last_state,
        arg_max(seen_on, position) AS last_seen_on,
        arg_max(reason_if_gone, position) AS reason_if_gone,
        min(seen_on) FILTER (state = 'OUTSIDE') AS released_seen_on,
        arg_min(
            CASE
                WHEN previous_state = 'INSIDE' THEN greatest(seen_on, benefit_begin)
                WHEN is_flagged_so_far THEN benefit_begin
                ELSE coalesce(first_dated, benefit_begin)
            END,
            position
        ) FILTER (state = 'OUTSIDE') AS effectuation_date,
        min(seen_on) FILTER (is_back_inside) AS back_inside_on
    FROM episode_steps
    GROUP BY cin, ordinal, stay
)
SELECT
    *,
    lead(opened_on) OVER (PARTITION BY cin, stay ORDER BY ordinal) AS superseded_on,
    CASE WHEN last_state IN ('GONE', 'DECEASED') THEN last_seen_on END AS gone_on
FROM folded;

DELETE FROM exchange.ji_episodes;

INSERT INTO exchange.ji_episodes BY NAME
WITH episodes AS (
    SELECT
        cin, ordinal, opened_on, first_state, effectuation_date, released_seen_on,
        CASE WHEN is_flagged THEN 'PRESUMPTIVE_JI_834' WHEN is_mif THEN 'MIF' ELSE 'REFERRAL' END AS basis,
        CASE WHEN is_flagged THEN '834' ELSE 'STATEMENT' END AS opened_by,
        CASE
            WHEN gone_on IS NOT NULL OR superseded_on IS NOT NULL THEN 'CLOSED'
            WHEN back_inside_on IS NOT NULL THEN 'BACK_INSIDE'
            WHEN released_seen_on IS NOT NULL THEN 'RELEASED'
            ELSE 'PENDING_RELEASE'
        END AS state,
        coalesce(superseded_on, gone_on) AS closed_on,
        CASE WHEN superseded_on IS NOT NULL THEN 'NEW_EPISODE' WHEN gone_on IS NOT NULL THEN reason_if_gone END
            AS close_reason,
        lag(coalesce(back_inside_on, gone_on)) OVER (PARTITION BY cin ORDER BY ordinal) AS speaks_from,
        coalesce(back_inside_on, gone_on) AS speaks_to
    FROM folded_episodes
),
-- Newest file first; where two files of one day disagree, the later date.
said AS (
    SELECT
        e.cin, e.ordinal,
        arg_max(s.actual_release_date, (s.file_order, s.actual_release_date)) AS release_date,
        arg_max(s.expected_release_date, (s.file_order, s.expected_release_date)) AS expected_release_date,
        arg_max(s.release_told_on, (s.file_order, s.actual_release_date)) AS release_told_on,
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
