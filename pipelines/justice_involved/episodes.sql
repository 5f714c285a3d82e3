-- From the steps of each member to episodes: one opens, is released, rests while the person is back inside, and closes.
CREATE OR REPLACE TEMP TABLE folded_episodes AS
WITH known AS (
    SELECT
        *,
        coalesce(bool_or(is_mif) OVER in_spell, false) AS is_mif_so_far,
        min(dated) OVER in_spell AS first_dated
    FROM steps
    WINDOW in_spell AS (PARTITION BY member, spell ORDER BY step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),
folded AS (
    SELECT
        cin, ordinal,
        bool_or(known_by = '834' AND to_episode IN ('PENDING_RELEASE', 'RELEASED')) AS is_flagged,
        bool_or(is_mif_so_far) FILTER (to_episode <> '') AS is_mif,
        min(happened_on) AS opened_on,
        CASE WHEN bool_or(effect = 'OPEN') THEN 'INSIDE' ELSE 'OUTSIDE' END AS first_state,
        arg_max(to_episode, step) AS last_episode,
        min(happened_on) FILTER (to_episode = 'RELEASED') AS released_seen_on,
        arg_min(
            CASE
                WHEN effect IN ('RELEASE', 'RELEASE_AGAIN') THEN greatest(happened_on, covered_from)
                WHEN known_by = '834' THEN coalesce(covered_from, happened_on)
                ELSE coalesce(first_dated, covered_from, happened_on)
            END,
            step
        ) FILTER (to_episode = 'RELEASED') AS effectuation_date,
        min(happened_on) FILTER (effect = 'BACK_INSIDE') AS back_inside_on,
        max(happened_on) FILTER (effect = 'CLOSE') AS gone_on,
        max(event) FILTER (effect = 'CLOSE') AS reason_if_gone,
        -- Since when the person is known to have been inside: the first day of the hold that followed an active coverage,
        -- or the day the word of custody is dated.
        min(CASE
            WHEN effect <> 'OPEN' THEN NULL
            WHEN event = 'CUSTODY_TOLD' THEN dated
            WHEN from_state = 'ENROLLED' THEN covered_from
        END) AS inside_since
    FROM known
    WHERE ordinal IS NOT NULL AND (to_episode <> '' OR effect = 'CLOSE')
    GROUP BY cin, ordinal
)
SELECT
    *,
    lead(opened_on) OVER (PARTITION BY cin ORDER BY ordinal) AS next_opened_on,
    coalesce(gone_on, lead(opened_on) OVER (PARTITION BY cin ORDER BY ordinal)) AS closed_on,
    lag(coalesce(back_inside_on, gone_on)) OVER (PARTITION BY cin ORDER BY ordinal) AS speaks_from,
    coalesce(back_inside_on, gone_on) AS speaks_to
FROM folded;

-- What was said of each episode. An entry that was ended says nothing of an episode that went on.
CREATE OR REPLACE TEMP TABLE said_of_episodes AS
SELECT
    e.cin, e.ordinal, s.said_by, s.source, s.key, s.file_id, s.file_order, s.received_on, s.released_on, s.expected_on,
    CASE WHEN s.released_on IS NOT NULL THEN s.release_told_on END AS release_told_on
FROM folded_episodes AS e
JOIN entries AS s
  ON s.cin = e.cin
 AND coalesce(s.ended_on >= e.closed_on, s.ended_on IS NULL)
 AND coalesce(s.released_on, s.received_on) > coalesce(e.speaks_from, DATE '1900-01-01')
 AND coalesce(s.released_on, s.received_on) <= coalesce(e.speaks_to, DATE '9999-12-31');

DELETE FROM exchange.ji_episodes;

INSERT INTO exchange.ji_episodes BY NAME
-- Newest file first; where two files of one day disagree, the later date.
WITH said AS (
    SELECT
        cin, ordinal,
        arg_max(released_on, (file_order, released_on)) AS release_date,
        arg_max(expected_on, (file_order, expected_on)) AS expected_release_date,
        arg_max(release_told_on, (file_order, released_on)) AS release_told_on,
        min(received_on) AS data_received_on
    FROM said_of_episodes
    GROUP BY cin, ordinal
),
sources AS (
    SELECT cin, string_agg(DISTINCT said_by, ';' ORDER BY said_by) AS said_by FROM entries GROUP BY cin
)
SELECT
    md5(concat_ws('|', 'episode', e.cin, e.ordinal)) AS episode_id,
    e.cin, e.ordinal,
    CASE WHEN e.is_flagged THEN 'PRESUMPTIVE_JI_834' WHEN e.is_mif THEN 'MIF' ELSE 'REFERRAL' END AS basis,
    CASE WHEN e.closed_on IS NOT NULL THEN 'CLOSED' ELSE e.last_episode END AS state,
    e.opened_on,
    CASE WHEN e.is_flagged THEN '834' ELSE 'STATEMENT' END AS opened_by,
    e.first_state,
    s.release_date, s.expected_release_date, e.effectuation_date, e.released_seen_on,
    least(e.released_seen_on, s.release_told_on) AS noticed_on, s.data_received_on, e.back_inside_on,
    e.closed_on,
    CASE WHEN e.gone_on IS NOT NULL THEN e.reason_if_gone WHEN e.closed_on IS NOT NULL THEN 'NEW_EPISODE' END AS close_reason,
    concat_ws(';', CASE WHEN e.is_flagged THEN '834' END, o.said_by) AS ji_sources
FROM folded_episodes AS e
LEFT JOIN said AS s ON s.cin = e.cin AND s.ordinal = e.ordinal
LEFT JOIN sources AS o ON o.cin = e.cin
ORDER BY e.cin, e.ordinal;
