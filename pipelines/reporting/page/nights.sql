-- The nights up to this one, the newest last, with what each of them brought. What clocks were overdue at the end of a night
-- is told as it is known today.
WITH nights AS (
    SELECT business_date AS night, max_by(problems, attempt) AS problems
    FROM ledger.runs WHERE business_date <= $on AND status <> 'LOST'
    GROUP BY business_date ORDER BY business_date DESC LIMIT $most
),
came AS (
    SELECT
        business_date AS night, count(*) FILTER (status = 'ACCEPTED') AS accepted,
        count(*) FILTER (status = 'ACCEPTED_WITH_ERRORS') AS with_errors,
        count(*) FILTER (status = 'HELD') AS held, count(*) FILTER (status = 'DUPLICATE') AS duplicates,
        sum(rows_in)::BIGINT AS rows_in, sum(rows_rejected)::BIGINT AS rows_rejected
    FROM ledger.files WHERE business_date IN (SELECT night FROM nights) GROUP BY business_date
),
told AS (
    SELECT
        d.delivered_on AS night, count(*) FILTER (r.record_action = 'ADD') AS added,
        count(*) FILTER (r.record_action = 'CHANGE') AS changed,
        count(*) FILTER (r.record_action IN ('TERM', 'VOID')) AS ended
    FROM delivery.deliveries AS d
    JOIN delivery.outbox AS o ON o.outbox_id = d.outbox_id AND o.scope = 'DELTA' AND o.part = 1
    JOIN delivery.delivered_rows AS r ON r.delivery = d.delivery
    WHERE d.delivered_on IN (SELECT night FROM nights)
    GROUP BY d.delivered_on
),
assigned AS (
    SELECT
        assigned_on AS night, count(*) FILTER (NOT late_add) AS in_time, count(*) FILTER (late_add) AS late
    FROM exchange.ecm_assignments WHERE assigned_on IN (SELECT night FROM nights) GROUP BY assigned_on
),
overdue AS (
    SELECT n.night, count(c.clock_id) AS overdue
    FROM nights AS n
    LEFT JOIN exchange.clocks AS c
      ON c.is_target AND c.status <> 'VOID' AND c.due < n.night AND coalesce(c.met_on, DATE '9999-12-31') > n.night
    GROUP BY n.night
)
SELECT
    n.night, coalesce(n.problems, 0) AS problems, coalesce(c.accepted, 0) AS accepted,
    coalesce(c.with_errors, 0) AS with_errors, coalesce(c.held, 0) AS held, coalesce(c.duplicates, 0) AS duplicates,
    coalesce(c.rows_in, 0) AS rows_in, coalesce(c.rows_rejected, 0) AS rows_rejected,
    coalesce(t.added, 0) AS added, coalesce(t.changed, 0) AS changed, coalesce(t.ended, 0) AS ended,
    coalesce(a.in_time, 0) AS in_time, coalesce(a.late, 0) AS late, o.overdue
FROM nights AS n
LEFT JOIN came AS c ON c.night = n.night
LEFT JOIN told AS t ON t.night = n.night
LEFT JOIN assigned AS a ON a.night = n.night
LEFT JOIN overdue AS o ON o.night = n.night
ORDER BY n.night
