-- Which due dates of an assignment's row still wait to be met: a clock that was met in time or late waits no longer.
CREATE OR REPLACE TEMP TABLE waiting_clocks AS
SELECT
    a.npi, a.assignment_id,
    list_sort(list_distinct(list(
        CASE
            WHEN c.name LIKE 'FIRST_CONTACT%' THEN 'first_contact_due'
            WHEN c.name = 'FOLLOW_UP' THEN 'follow_up_due'
            WHEN c.name LIKE 'HANDOFF%' THEN 'warm_handoff_due'
        END
    ))) AS due_columns
FROM exchange.ecm_assignments AS a
JOIN (
    SELECT * FROM exchange.ji_episodes QUALIFY row_number() OVER (PARTITION BY cin ORDER BY ordinal DESC) = 1
) AS e ON e.cin = a.cin
JOIN exchange.clocks AS c ON c.episode_id = e.episode_id AND c.status <> 'VOID' AND c.met_on IS NULL
WHERE a.ended_on IS NULL
GROUP BY a.npi, a.assignment_id;
