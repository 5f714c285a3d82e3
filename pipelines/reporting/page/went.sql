-- What was written for each provider in the night, and where it stands now; with it what is owed from nights before.
WITH tables AS (
    SELECT
        o.recipient AS npi, o.scope, o.status, o.rows, o.business_date, d.delivered_on,
        count(r.cin) FILTER (r.record_action = 'ADD') AS added,
        count(r.cin) FILTER (r.record_action = 'CHANGE') AS changed,
        count(r.cin) FILTER (r.record_action IN ('TERM', 'VOID')) AS ended
    FROM delivery.outbox AS o
    LEFT JOIN delivery.deliveries AS d ON d.outbox_id = o.outbox_id
    LEFT JOIN delivery.delivered_rows AS r ON r.delivery = d.delivery AND o.scope = 'DELTA'
    WHERE o.recipient_kind = 'PROVIDER' AND o.part = 1 AND o.status <> 'SUPERSEDED'
      AND (o.business_date = $on OR d.delivered_on = $on
           OR (o.business_date < $on AND o.status IN ('PREPARED', 'FAILED')))
    GROUP BY o.outbox_id, o.recipient, o.scope, o.status, o.rows, o.business_date, d.delivered_on
),
holds AS (
    SELECT npi, sum(rows)::BIGINT AS held FROM delivery.holds WHERE business_date = $on GROUP BY npi
),
names AS (
    SELECT npi, arg_max(name, version) AS name FROM exchange.provider_directory GROUP BY npi
)
SELECT
    t.npi, coalesce(n.name, '') AS name,
    coalesce(sum(added) FILTER (status = 'DELIVERED'), 0)::BIGINT AS added,
    coalesce(sum(changed) FILTER (status = 'DELIVERED'), 0)::BIGINT AS changed,
    coalesce(sum(ended) FILTER (status = 'DELIVERED'), 0)::BIGINT AS ended,
    max(rows) FILTER (scope = 'FULL' AND status = 'DELIVERED') AS whole,
    count(*) FILTER (status = 'DELIVERED') AS delivered,
    count(*) FILTER (status = 'DELIVERED' AND t.business_date < $on) AS caught_up,
    count(*) FILTER (status IN ('PREPARED', 'FAILED')) AS owed,
    coalesce(any_value(h.held), 0) AS held
FROM tables AS t
LEFT JOIN names AS n ON n.npi = t.npi
LEFT JOIN holds AS h ON h.npi = t.npi
GROUP BY t.npi, n.name
ORDER BY n.name, t.npi
