-- Where a member-level value (loop 2000) or a reporting category (loop 2750) matches a locator of the justice-involved
-- indicator. `located_table` and `located_value` stand for the table and column of the locator's place.
INSERT INTO exchange.ji_evidence BY NAME
SELECT
    md5(concat_ws('|', located.file_id, cin, segment_no, $locator, slot)) AS evidence_id,
    cin, located.file_id, located.file_order, file_date, segment_no,
    $locator AS locator, $place AS place, slot, value, benefit_month
FROM (
    SELECT
        cin, file_id, file_order, segment_no, slot, CAST(NULL AS DATE) AS benefit_month,
        CASE WHEN slot = 0 THEN located_value ELSE split_part(located_value, ';', slot) END AS value
    FROM (
        SELECT cin, file_id, file_order, segment_no, located_value FROM located_table
        WHERE file_id IN (FROM fresh_files) AND cin IN (FROM carried_on)
        UNION ALL
        SELECT cin, file_id, file_order, segment_no, located_value FROM located_table WHERE cin IN (FROM made_anew)
    ), unnest($slots) AS slots (slot)
) AS located
JOIN ledger.files ON files.file_id = located.file_id
WHERE value <> '' AND regexp_full_match(value, $pattern);
