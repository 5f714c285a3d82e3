-- What each source sent in the night, how it was taken and answered, and when it had sent something before. A source that sent
-- nothing has a row as well, if it ever sent anything.
WITH files AS (
    SELECT
        source, any_value(kind) AS kind, count(*) AS files,
        count(*) FILTER (status = 'HELD') AS held, count(*) FILTER (status = 'DUPLICATE') AS duplicates,
        sum(rows_in) AS rows_in, sum(rows_loaded) AS rows_loaded, sum(rows_rejected) AS rows_rejected,
        sum(rows_duplicate) AS rows_duplicate, sum(rows_warned) AS rows_warned
    FROM ledger.files WHERE business_date = $on GROUP BY source
),
found AS (
    SELECT f.source, q.code, count(DISTINCT (q.file_id, q.row)) AS times
    FROM quarantine.rows AS q JOIN ledger.files AS f ON f.file_id = q.file_id
    WHERE f.business_date = $on GROUP BY ALL
    UNION ALL
    SELECT source, reason, count(*) FROM ledger.files
    WHERE business_date = $on AND reason <> ''
      AND file_id NOT IN (SELECT file_id FROM quarantine.rows WHERE code = reason)
    GROUP BY ALL
),
codes AS (
    SELECT source, list((code, times) ORDER BY code) AS codes
    FROM (SELECT source, code, sum(times)::BIGINT AS times FROM found GROUP BY ALL) GROUP BY source
),
answers AS (
    SELECT recipient AS source, count(*) AS answers, count(*) FILTER (status <> 'DELIVERED') AS unanswered
    FROM delivery.outbox
    WHERE recipient_kind = 'SOURCE' AND business_date = $on AND status <> 'SUPERSEDED' AND part = 1
    GROUP BY recipient
),
known AS (
    SELECT source, any_value(kind) AS kind, max(business_date) FILTER (business_date < $on) AS before
    FROM ledger.files WHERE business_date <= $on GROUP BY source
)
SELECT
    k.source, k.kind, k.before, coalesce(files, 0), coalesce(held, 0), coalesce(duplicates, 0),
    coalesce(rows_in, 0)::BIGINT, coalesce(rows_loaded, 0)::BIGINT, coalesce(rows_rejected, 0)::BIGINT,
    coalesce(rows_duplicate, 0)::BIGINT, coalesce(rows_warned, 0)::BIGINT, coalesce(codes, []),
    coalesce(answers, 0), coalesce(unanswered, 0)
FROM known AS k
LEFT JOIN files AS f ON f.source = k.source
LEFT JOIN codes AS c ON c.source = k.source
LEFT JOIN answers AS a ON a.source = k.source
ORDER BY k.source
