-- What the night's 834 files said of coverage, by HCP status; what does not look like one is not repeated.
WITH tonight AS (
    SELECT CASE WHEN regexp_full_match(hcp_status, '[0-9A-Z]{2}') THEN hcp_status ELSE 'OTHER' END AS hcp_status
    FROM facts.enrollment_coverage
    WHERE file_id IN (SELECT file_id FROM ledger.files WHERE business_date = getvariable('business_date'))
)
SELECT
    count(*) AS statements,
    (SELECT list(s ORDER BY hcp_status) FROM (SELECT hcp_status, count(*) AS statements FROM tonight GROUP BY ALL) AS s)
        AS statements_by_status
FROM tonight
