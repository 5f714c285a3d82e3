-- What arrived in the night, what did not, and for how long somebody has waited. A file that never arrived is written anew
-- the next night with what it said: its recipient has waited since the first file after the last one that arrived.
WITH arrived AS (
    SELECT d.recipient, o.recipient_kind, o.scope, o.part, d.rows FROM delivery.deliveries AS d
    JOIN delivery.outbox AS o ON o.outbox_id = d.outbox_id
    WHERE d.delivered_on = getvariable('business_date')
),
owed AS (
    SELECT recipient_kind, recipient, max(reason) AS code, count(*) AS files, min(business_date) AS first FROM delivery.outbox
    WHERE status IN ('PREPARED', 'FAILED') GROUP BY ALL
),
waiting AS (
    SELECT w.*, coalesce((
        SELECT min(o.business_date) FROM delivery.outbox AS o
        WHERE o.recipient = w.recipient AND o.status IN ('PREPARED', 'FAILED', 'SUPERSEDED')
          AND NOT EXISTS (SELECT 1 FROM delivery.deliveries AS d
                          WHERE d.recipient = o.recipient AND d.delivered_on >= o.business_date)), w.first) AS since
    FROM owed AS w
)
SELECT
    count(*) AS files_delivered,
    coalesce(sum(rows) FILTER (recipient_kind = 'PROVIDER' AND part = 1 AND scope = 'DELTA'), 0)::BIGINT AS rows_to_providers,
    (SELECT coalesce(sum(files), 0)::BIGINT FROM waiting) AS files_undelivered,
    (SELECT count(*) FROM waiting) AS recipients_waiting,
    (SELECT coalesce(max(getvariable('business_date') - since), 0) FROM waiting) AS oldest_undelivered_days,
    (SELECT CAST(min(since) AS VARCHAR) FROM waiting) AS oldest_undelivered,
    (SELECT list(w) FROM (
        SELECT recipient_kind, recipient, code, files, CAST(since AS VARCHAR) AS since FROM waiting
        ORDER BY since, recipient_kind, recipient LIMIT 60) AS w) AS undelivered,
    (SELECT list(a ORDER BY recipient_kind, scope) FROM (
        SELECT recipient_kind, scope, count(*) AS files, count(DISTINCT recipient) AS recipients
        FROM arrived GROUP BY ALL) AS a) AS delivered_by_kind
FROM arrived
