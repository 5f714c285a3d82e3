-- Assignments of the members of the month that stood on any day of it.
SELECT
    a.cin, a.assignment_id, a.npi, p.name AS provider_name, a.method, a.assigned_on, a.ended_on, a.end_reason, a.prior_npi,
    a.late_add
FROM exchange.ecm_assignments AS a
LEFT JOIN exchange.provider_directory AS p ON p.npi = a.npi AND p.valid_to IS NULL
WHERE a.cin IN (SELECT cin FROM episodes_of_month)
  AND a.assigned_on <= getvariable('last_day') AND (a.ended_on IS NULL OR a.ended_on >= getvariable('first_day'))
ORDER BY a.cin, a.assigned_on, a.decision
