-- What stands in whose folder, read back and equal.
SELECT d.delivered_on AS "date", r.npi, r.record_action AS action, r.change_reason AS reason, d.name AS file, 'R23' AS rule
FROM delivery.delivered_rows AS r
JOIN delivery.deliveries AS d ON d.delivery = r.delivery
WHERE list_contains($cins, r.cin)
ORDER BY r.delivery, r.assignment_id
