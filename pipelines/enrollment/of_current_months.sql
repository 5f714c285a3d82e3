-- Of what was found in benefit months, what is about now: just the file's own month counts, and months to come; where no
-- file has spoken of them yet, the newest month: a correction of a past month is not about now.
CREATE OR REPLACE TEMP TABLE found AS
WITH overtaken AS (
    SELECT DISTINCT found.cin, found.file_id, found.benefit_month
    FROM found
    JOIN facts.enrollment_coverage AS newer
      ON newer.cin = found.cin
     AND newer.benefit_month > found.benefit_month
     AND (newer.file_order, newer.file_id) <= (found.file_order, found.file_id)
)
SELECT found.*
FROM found
JOIN ledger.files ON files.file_id = found.file_id
LEFT JOIN overtaken
  ON overtaken.cin = found.cin AND overtaken.file_id = found.file_id AND overtaken.benefit_month = found.benefit_month
WHERE greatest(found.benefit_month, found.benefit_end) >= date_trunc('month', file_date)  -- a span may reach it
   OR overtaken.cin IS NULL;
