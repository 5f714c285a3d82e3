-- Where a coverage-level value (loop 2300) matches a locator; with `current_only` just the file's own month counts, and months
-- to come; where no file has spoken of them yet, the newest month: a correction of a past month is not about now.
INSERT INTO exchange.ji_evidence BY NAME
SELECT
    md5(concat_ws('|', located.file_id, cin, segment_no, $locator, slot)) AS evidence_id,
    cin, located.file_id, located.file_order, file_date, segment_no,
    $locator AS locator, $place AS place, slot, value, benefit_month
FROM (
    SELECT
        cin, file_id, file_order, segment_no, slot, benefit_month,
        max(benefit_month) OVER (
            PARTITION BY cin ORDER BY file_order, file_id RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS newest_month,
        CASE WHEN slot = 0 THEN located_value ELSE split_part(located_value, ';', slot) END AS value
    FROM facts.enrollment_coverage, unnest($slots) AS slots (slot)
    WHERE cin IN (SELECT cin FROM touched)
) AS located
JOIN ledger.files ON files.file_id = located.file_id
WHERE value <> '' AND regexp_full_match(value, $pattern)
  AND (NOT $current_only OR benefit_month >= least(newest_month, date_trunc('month', file_date)));
