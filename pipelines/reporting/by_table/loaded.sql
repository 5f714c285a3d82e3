-- How the night's files of one kind of content were taken: rows in = loaded + rejected + duplicate, and what was found in them.
WITH tonight AS (
    FROM ledger.files
    WHERE business_date = getvariable('business_date') AND list_contains(getvariable('kinds'), kind)
),
found AS (
    SELECT q.code, q.severity, count(DISTINCT (q.file_id, q.row)) AS rows
    FROM quarantine.rows AS q JOIN tonight AS f ON f.file_id = q.file_id
    GROUP BY ALL
),
newest AS (
    SELECT max(file_date) AS file_date FROM ledger.files
    WHERE status LIKE 'ACCEPTED%' AND list_contains(getvariable('kinds'), kind)
)
SELECT
    count(*) AS files, count(*) FILTER (status = 'HELD') AS files_held,
    coalesce(sum(rows_in), 0)::BIGINT AS rows_in, coalesce(sum(rows_loaded), 0)::BIGINT AS rows_loaded,
    coalesce(sum(rows_rejected), 0)::BIGINT AS rows_rejected, coalesce(sum(rows_duplicate), 0)::BIGINT AS rows_duplicate,
    (SELECT list(c ORDER BY severity, rows DESC, code) FROM found AS c) AS findings_by_code,
    (SELECT file_date FROM newest) AS newest_file, (SELECT getvariable('business_date') - file_date FROM newest) AS newest_file_days
FROM tonight
