-- Where sources disagree.
SELECT k.since, k.kind, k.detail, k.rule, f.name AS file
FROM exchange.ji_contradictions AS k
LEFT JOIN ledger.files AS f ON f.file_id = k.file_id
WHERE list_contains($cins, k.cin)
ORDER BY k.since, k.kind
