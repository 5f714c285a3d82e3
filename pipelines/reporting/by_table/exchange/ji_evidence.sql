-- Whom the night's 834 files flag as justice-involved, and which locator found it.
WITH tonight AS (
    SELECT cin, locator FROM exchange.ji_evidence
    WHERE file_id IN (SELECT file_id FROM ledger.files WHERE business_date = getvariable('business_date'))
)
SELECT
    count(DISTINCT cin) AS members_flagged,
    (SELECT list(l ORDER BY locator) FROM (
        SELECT locator, count(DISTINCT cin) AS members FROM tonight GROUP BY ALL) AS l) AS members_by_locator
FROM tonight
