-- What is needed at the release, what of it is arranged, and who had the last word.
SELECT
    n.rule, n.need, n.status, CASE WHEN n.is_missing THEN 'yes' END AS missing, n.due, n.detail AS says,
    f.name AS file, 'row ' || n.row_no AS place, n.event_id AS record
FROM exchange.release_needs AS n
LEFT JOIN ledger.files AS f ON f.file_id = n.file_id
WHERE list_contains($cins, n.cin)
ORDER BY n.rule
