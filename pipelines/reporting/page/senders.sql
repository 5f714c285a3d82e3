-- Each source and night of the last ones in which it sent something or could not be read. A file is late when a whole night
-- lay between the day it is dated and the night it came; it is unreadable when nothing in it could be taken as it is.
WITH nights AS (
    SELECT DISTINCT business_date AS night FROM ledger.runs
    WHERE business_date <= $on AND status <> 'LOST' ORDER BY night DESC LIMIT $most
),
files AS (
    SELECT
        f.source, f.business_date AS night, any_value(f.kind) AS kind, count(*) AS files, sum(f.rows_in)::BIGINT AS rows_in,
        sum(f.rows_rejected)::BIGINT AS rows_rejected,
        count(*) FILTER (f.status = 'HELD' AND f.reason IN ('F01', 'F02', 'F03', 'F04')) AS unreadable,
        count(*) FILTER (f.status = 'HELD') AS held, count(*) FILTER (f.status = 'DUPLICATE') AS duplicates,
        count(*) FILTER (f.status <> 'DUPLICATE' AND EXISTS (
            SELECT 1 FROM ledger.runs AS r
            WHERE r.business_date > f.file_date AND r.business_date < f.business_date)) AS late
    FROM ledger.files AS f
    WHERE f.business_date IN (SELECT night FROM nights)
    GROUP BY f.source, f.business_date
)
SELECT
    coalesce(f.source, v.source) AS source, coalesce(f.night, v.business_date) AS night, f.kind,
    coalesce(f.files, 0) AS files, coalesce(f.rows_in, 0) AS rows_in, coalesce(f.rows_rejected, 0) AS rows_rejected,
    coalesce(f.unreadable, 0) AS unreadable, coalesce(f.held, 0) AS held, coalesce(f.duplicates, 0) AS duplicates,
    coalesce(f.late, 0) AS late, coalesce(v.code, '') <> '' AS is_unread
FROM files AS f
FULL JOIN (FROM ledger.visits WHERE business_date IN (SELECT night FROM nights)) AS v
  ON v.source = f.source AND v.business_date = f.night
ORDER BY source, night
