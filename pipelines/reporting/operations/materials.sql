-- Who is to be sent new-member materials (R9): the hold is gone, nobody recorded a mailing, and the person is out. The clock
-- of whoever went back inside, or left the plan, is void: nobody on this list is in custody as far as the plan knows.
SELECT
    c.due, CASE WHEN c.due < $on THEN 'OVERDUE' ELSE 'DUE' END AS status, date_diff('day', $on, c.due) AS days_left,
    c.cin, m.plan_member_id, m.last_name, m.first_name, m.address_1, m.address_2, m.city, m.state, m.zip, m.county, m.language,
    c.trigger_date AS hold_ended_on, e.release_date,
    CASE
        WHEN m.address_1 IS NULL OR m.city IS NULL OR m.zip IS NULL THEN 'no whole residence on the 834: ask before mailing'
    END AS remark
FROM exchange.clocks AS c
JOIN exchange.ji_episodes AS e ON e.episode_id = c.episode_id AND e.state = 'RELEASED'
LEFT JOIN exchange.members AS m ON m.cin = c.cin
WHERE c.rule = 'R9' AND c.is_target AND c.met_on IS NULL AND c.status <> 'VOID'
ORDER BY c.due, m.last_name, m.first_name, c.cin
