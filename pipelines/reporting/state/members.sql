-- JI members of the month: the person as the newest 834 described it, and the state on the last day of the month.
WITH last_states AS (
    SELECT cin, arg_max(to_state, step) AS ji_state FROM exchange.ji_steps GROUP BY cin
),
last_episodes AS (
    SELECT cin, arg_max(state, ordinal) AS episode_state, count(*) AS episodes, min(opened_on) AS known_since,
           arg_max(basis, ordinal) AS basis, arg_max(ji_sources, ordinal) AS ji_sources
    FROM episodes_of_month
    GROUP BY cin
)
SELECT
    e.cin, m.plan_member_id, m.last_name, m.first_name, m.birth_date, m.gender, m.language, m.county,
    s.ji_state, e.episode_state, e.basis, string_split(e.ji_sources, ';') AS indicator_sources, e.known_since, e.episodes
FROM last_episodes AS e
LEFT JOIN exchange.members AS m ON m.cin = e.cin
LEFT JOIN last_states AS s ON s.cin = e.cin
ORDER BY e.cin
