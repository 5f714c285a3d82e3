-- What was written for providers and senders in the night, and what gates hold of it.
WITH tonight AS (FROM delivery.outbox WHERE business_date = getvariable('business_date') AND status <> 'SUPERSEDED'),
held AS (
    SELECT h.npi AS provider, h.code, sum(h.rows)::BIGINT AS rows FROM delivery.holds AS h
    WHERE h.business_date = getvariable('business_date')
      AND h.npi IN (SELECT recipient FROM tonight WHERE status = 'HELD')
    GROUP BY ALL ORDER BY rows DESC, provider, code LIMIT 60
)
SELECT
    count(*) AS files, count(*) FILTER (status = 'HELD') AS files_held,
    coalesce(sum(rows) FILTER (recipient_kind = 'PROVIDER' AND part = 1 AND scope = 'DELTA'), 0)::BIGINT AS rows_to_providers,
    count(DISTINCT recipient) FILTER (recipient_kind = 'PROVIDER') AS providers,
    count(DISTINCT recipient) FILTER (recipient_kind = 'SOURCE') AS senders,
    (SELECT list(s ORDER BY recipient_kind, scope, status, code) FROM (
        SELECT recipient_kind, scope, status, reason AS code, count(*) AS files, sum(rows) FILTER (part = 1)::BIGINT AS rows
        FROM tonight GROUP BY ALL) AS s) AS files_by_status,
    (SELECT list(h) FROM held AS h) AS rows_held
FROM tonight
