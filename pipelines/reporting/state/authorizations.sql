-- The authorization of each episode of the month, with its status on the last day.
SELECT
    z.cin, z.episode_id, z.authorization_number, z.basis, z.status, z.start_date, z.end_date, z.anchor,
    z.effectuation_date, z.benefit_start_date, z.billable_from, z.close_reason, z.granted_by
FROM exchange.ecm_authorizations AS z
JOIN episodes_of_month AS e ON e.episode_id = z.episode_id
ORDER BY z.cin, e.ordinal
