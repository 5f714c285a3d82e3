-- Every file of the night after all of them were read: whether each row of it is accounted for, and what was found.
WITH tonight AS (FROM ledger.files WHERE business_date = getvariable('business_date')),
by_kind AS (
    SELECT
        kind, status, reason AS code, count(*) AS files, sum(rows_in)::BIGINT AS rows_in, sum(rows_loaded)::BIGINT AS loaded,
        sum(rows_rejected)::BIGINT AS rejected, sum(rows_duplicate)::BIGINT AS duplicate
    FROM tonight GROUP BY ALL
),
by_source AS (
    SELECT
        source, kind, status, reason AS code, count(*) AS files, sum(rows_in)::BIGINT AS rows_in,
        sum(rows_loaded)::BIGINT AS loaded, sum(rows_rejected)::BIGINT AS rejected, sum(rows_duplicate)::BIGINT AS duplicate
    FROM tonight GROUP BY ALL
),
first AS (  -- of a plan with hundreds of returning providers those that need a look first
    FROM by_source ORDER BY status NOT IN ('HELD', 'LANDED'), rejected DESC, source, kind, status, code LIMIT 60
),
found AS (
    SELECT q.code, q.severity, count(DISTINCT (q.file_id, q.row)) AS rows, count(DISTINCT q.file_id) AS files
    FROM quarantine.rows AS q JOIN tonight AS f ON f.file_id = q.file_id
    GROUP BY ALL
)
SELECT
    coalesce(sum(rows_in), 0)::BIGINT AS rows_in, coalesce(sum(rows_loaded), 0)::BIGINT AS rows_loaded,
    coalesce(sum(rows_rejected), 0)::BIGINT AS rows_rejected, coalesce(sum(rows_duplicate), 0)::BIGINT AS rows_duplicate,
    coalesce(sum(rows_in - rows_loaded - rows_rejected - rows_duplicate) FILTER (status <> 'LANDED'), 0)::BIGINT
        AS rows_unaccounted,
    (SELECT list(k ORDER BY kind, status, code) FROM by_kind AS k) AS files_by_kind,
    (SELECT list(s) FROM first AS s) AS files_of_the_night,
    (SELECT list(c ORDER BY severity, rows DESC, code) FROM found AS c) AS findings_by_code
FROM tonight
