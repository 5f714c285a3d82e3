-- Whom the new configuration lets stand otherwise, by the files that had been read by the old one.
CREATE OR REPLACE TEMP TABLE standing_otherwise AS
WITH flags AS (
    SELECT DISTINCT cin, file_id FROM exchange.ji_evidence WHERE file_id NOT IN (FROM fresh_files)
),
months AS (
    SELECT cin, hcp_code, benefit_month, file_id, segment_no, coverage_class FROM exchange.coverage_months
)
SELECT cin FROM (FROM flags EXCEPT FROM flags_before)
UNION
SELECT cin FROM (FROM flags_before EXCEPT FROM flags)
UNION
SELECT cin FROM (SELECT * FROM months WHERE file_id NOT IN (FROM fresh_files) EXCEPT FROM months_before)
UNION
SELECT before.cin
FROM months_before AS before
ANTI JOIN months
  ON months.cin = before.cin AND months.hcp_code = before.hcp_code AND months.benefit_month = before.benefit_month;
