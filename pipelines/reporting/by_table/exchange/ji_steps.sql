-- In which state each member stands after the newest event, and what the night's files made happen.
WITH standing AS (SELECT cin, arg_max(to_state, step) AS state FROM exchange.ji_steps GROUP BY cin),
tonight AS (
    SELECT s.event, s.effect FROM exchange.ji_steps AS s
    JOIN ledger.files AS f ON f.file_id = s.file_id WHERE f.business_date = getvariable('business_date')
)
SELECT
    count(*) AS members, (SELECT count(*) FROM tonight) AS events_tonight,
    (SELECT list(s ORDER BY members DESC, state) FROM (
        SELECT state, count(*) AS members FROM standing GROUP BY ALL) AS s) AS members_by_state,
    (SELECT list(e ORDER BY events DESC, event, effect) FROM (
        SELECT event, effect, count(*) AS events FROM tonight GROUP BY ALL) AS e) AS events_by_kind
FROM standing
