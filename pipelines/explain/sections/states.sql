-- Each event and what the table of states made of it.
SELECT
    s.happened_on AS "date", s.event, s.from_state AS "from", s.to_state AS "to", s.ordinal AS episode, s.effect, s.rule,
    f.name AS file, s.record_no AS record
FROM exchange.ji_steps AS s
LEFT JOIN ledger.files AS f ON f.file_id = s.file_id
WHERE list_contains($cins, s.cin)
ORDER BY s.step
