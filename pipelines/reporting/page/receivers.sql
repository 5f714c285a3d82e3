-- Each provider and night of the last ones for which it was written a file: whether that arrived the same night, on a later
-- one, or has not; and what gates held of it.
WITH nights AS (
    SELECT DISTINCT business_date AS night FROM ledger.runs
    WHERE business_date <= $on AND status <> 'LOST' ORDER BY night DESC LIMIT $most
),
names AS (
    SELECT npi, arg_max(name, version) AS name FROM exchange.provider_directory GROUP BY npi
),
files AS (
    SELECT
        o.recipient AS npi, o.business_date AS night,
        count(*) FILTER (d.delivered_on <= o.business_date) AS in_time,
        count(*) FILTER (d.delivered_on > o.business_date) AS late,
        count(*) FILTER (o.status IN ('PREPARED', 'FAILED')) AS owed,
        coalesce(sum(o.rows) FILTER (o.scope = 'DELTA' AND d.outbox_id IS NOT NULL), 0)::BIGINT AS rows
    FROM delivery.outbox AS o
    LEFT JOIN delivery.deliveries AS d ON d.outbox_id = o.outbox_id
    WHERE o.recipient_kind = 'PROVIDER' AND o.part = 1 AND o.status NOT IN ('SUPERSEDED', 'HELD')
      AND o.business_date IN (SELECT night FROM nights)
    GROUP BY o.recipient, o.business_date
),
holds AS (
    SELECT npi, business_date AS night, sum(rows)::BIGINT AS held FROM delivery.holds
    WHERE business_date IN (SELECT night FROM nights) GROUP BY npi, business_date
)
SELECT
    npi, coalesce(n.name, '') AS name, night, coalesce(f.in_time, 0) AS in_time, coalesce(f.late, 0) AS late,
    coalesce(f.owed, 0) AS owed, coalesce(h.held, 0) AS held, coalesce(f.rows, 0) AS rows
FROM files AS f
FULL JOIN holds AS h USING (npi, night)
LEFT JOIN names AS n USING (npi)
ORDER BY npi, night
