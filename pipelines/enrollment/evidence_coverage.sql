-- Where a coverage-level value (loop 2300) matches a locator; with `current_only` just the file's own month counts, and months
-- to come; where no file has spoken of them yet, the newest month: a correction of a past month is not about now.
INSERT INTO exchange.ji_evidence BY NAME
WITH located AS MATERIALIZED (
    SELECT said.*, slot, CASE WHEN slot = 0 THEN located_value ELSE split_part(located_value, ';', slot) END AS value
    FROM (
        SELECT cin, file_id, file_order, segment_no, benefit_month, benefit_end, located_value FROM facts.enrollment_coverage
        WHERE file_id IN (FROM fresh_files) AND cin IN (FROM carried_on)
        UNION ALL
        SELECT cin, file_id, file_order, segment_no, benefit_month, benefit_end, located_value FROM facts.enrollment_coverage
        WHERE cin IN (FROM made_anew)
    ) AS said, unnest($slots) AS slots (slot)
    WHERE value <> '' AND regexp_full_match(value, $pattern)
),
overtaken AS (
    SELECT DISTINCT located.cin, located.file_id, located.benefit_month
    FROM located
    JOIN facts.enrollment_coverage AS newer
      ON newer.cin = located.cin
     AND newer.benefit_month > located.benefit_month
     AND (newer.file_order, newer.file_id) <= (located.file_order, located.file_id)
)
SELECT
    md5(concat_ws('|', located.file_id, located.cin, segment_no, $locator, slot)) AS evidence_id,
    located.cin, located.file_id, located.file_order, file_date, segment_no,
    $locator AS locator, $place AS place, slot, value, located.benefit_month
FROM located
JOIN ledger.files ON files.file_id = located.file_id
LEFT JOIN overtaken
  ON overtaken.cin = located.cin AND overtaken.file_id = located.file_id
 AND overtaken.benefit_month = located.benefit_month
WHERE NOT $current_only
   OR greatest(located.benefit_month, located.benefit_end) >= date_trunc('month', file_date)  -- a span may reach it
   OR overtaken.cin IS NULL;
