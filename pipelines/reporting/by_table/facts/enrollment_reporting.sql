-- How many reporting categories the night's 834 files named.
SELECT count(*) AS categories FROM facts.enrollment_reporting
WHERE file_id IN (SELECT file_id FROM ledger.files WHERE business_date = getvariable('business_date'))
