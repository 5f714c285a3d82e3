-- What the table of states made of each event. `walked` has for each signal the numbers of the states before and after,
-- and how many events (`step`) and openings of episodes (`ordinal`) the member has had so far.
CREATE OR REPLACE TEMP TABLE steps AS
SELECT
    s.member, p.cin, w.step, s.happened_on, s.event, o.file_id, s.record_no, s.death_date, s.dated, s.is_mif, s.released_on,
    before.state AS from_state, after.state AS to_state, t.effect, t.rule,
    before.episode AS from_episode, after.episode AS to_episode, after.known_by, after.coverage,
    CASE WHEN after.episode <> '' OR t.effect = 'CLOSE' THEN w.ordinal END AS ordinal,
    -- A spell lasts until nothing is known of the person's involvement any more: leaving the plan, or the word taken back.
    coalesce(sum(CAST(after.known_by = '' AS BIGINT)) OVER before_this, 0) AS spell,
    last_value(s.benefit_begin IGNORE NULLS) OVER so_far AS covered_from
FROM signals AS s
JOIN walked AS w ON w.number = s.number
JOIN machine_states AS before ON before.number = w.before
JOIN machine_states AS after ON after.number = w.after
JOIN machine_transitions AS t ON t.number = w.transition
JOIN persons AS p ON p.member = s.member AND p.is_main
JOIN file_places AS o ON o.place = s.place
WINDOW
    so_far AS (PARTITION BY s.member ORDER BY w.step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW),
    before_this AS (PARTITION BY s.member ORDER BY w.step ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING);

DELETE FROM exchange.ji_steps;

INSERT INTO exchange.ji_steps BY NAME
SELECT cin, step, happened_on, event, from_state, to_state, ordinal, effect, rule, file_id, record_no FROM steps;
