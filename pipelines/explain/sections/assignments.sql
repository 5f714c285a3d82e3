-- Whom the member was and is assigned to.
SELECT
    a.assigned_on AS "from", a.ended_on AS "to", a.npi, p.name AS provider, a.method, a.reason,
    CASE WHEN a.late_add THEN 'yes' END AS late_add, a.prior_npi AS before, a.end_reason AS why_ended,
    CASE a.method
        WHEN 'LIAISON' THEN 'R17' WHEN 'FACILITY_NOTICE' THEN 'R17;R18' WHEN 'CONTINUITY' THEN 'R18'
        WHEN 'PREFERRED' THEN 'R17' ELSE 'R16;R22'
    END AS rule
FROM exchange.ecm_assignments AS a
LEFT JOIN exchange.provider_directory AS p ON p.npi = a.npi AND p.valid_to IS NULL
WHERE list_contains($cins, a.cin)
ORDER BY a.assigned_on, a.assignment_id
