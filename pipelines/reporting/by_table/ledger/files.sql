-- What came in the night, before anything of it was read.
SELECT
    count(*) AS files_received, count(*) FILTER (status = 'DUPLICATE') AS files_duplicate,
    count(*) FILTER (status = 'HELD') AS files_held,
    (SELECT count(*) FROM ledger.visits WHERE business_date = getvariable('business_date') AND code <> '') AS sources_not_read,
    (SELECT list(v ORDER BY source) FROM (
        SELECT source, code, left_codes AS files_left FROM ledger.visits WHERE business_date = getvariable('business_date')
        ORDER BY source LIMIT 60) AS v) AS sources_to_look_at
FROM ledger.files WHERE business_date = getvariable('business_date')
