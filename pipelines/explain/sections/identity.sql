-- Which rows of referrals, notices and MIFs speak of the person, by what; and which may.
SELECT
    i.told_on AS "date", i.source, i.key, i.method, i.agreement, i.reason, p.probability, 'R3' AS rule, f.name AS file,
    'row ' || coalesce(i.line_no, i.row_no) AS place
FROM exchange.identities AS i
JOIN ledger.files AS f ON f.file_id = i.file_id
LEFT JOIN exchange.identity_proposals AS p
  ON p.kind = i.kind AND p.file_id = i.file_id AND p.row_no = i.row_no AND list_contains($cins, p.cin)
WHERE i.rank = 1 AND (list_contains($cins, i.cin) OR p.cin IS NOT NULL)
ORDER BY i.told_on, i.source, i.key
