-- What the night's full 834 changes in the roster, where one came.
SELECT
    count(*) FILTER (kind = 'MISSING') AS missing, count(*) FILTER (kind = 'NEW') AS new,
    count(*) FILTER (kind = 'RETURNED') AS returned
FROM exchange.roster_differences
WHERE file_id IN (SELECT file_id FROM ledger.files WHERE business_date = getvariable('business_date'))
