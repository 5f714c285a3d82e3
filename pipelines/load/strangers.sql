-- Rows of a return that speak of somebody who is not the reporting provider's: another provider is named, or the member is
-- not assigned to this one, under any CIN of the person, and was not within some days before the file's date.
WITH assigned AS (
    SELECT coalesce(a.cin, made.cin) AS cin
    FROM facts.assignment_decisions AS made
    LEFT JOIN facts.assignment_decisions AS ended
      ON ended.assignment_id = made.assignment_id AND ended.action = 'END'
    LEFT JOIN exchange.cin_aliases AS a ON a.alias = made.cin
    WHERE made.action = 'ASSIGN' AND made.npi = $npi
      AND (ended.decided_on IS NULL OR ended.decided_on >= CAST($on AS DATE) - CAST($days AS INTEGER))
)
SELECT r.row, CASE WHEN r.ecm_provider_npi <> $npi THEN 'ecm_provider_npi' ELSE 'cin' END AS column_name
FROM returned AS r
LEFT JOIN exchange.cin_aliases AS a ON a.alias = r.cin
WHERE r.ecm_provider_npi <> $npi OR coalesce(a.cin, r.cin) NOT IN (SELECT cin FROM assigned)
ORDER BY r.row
