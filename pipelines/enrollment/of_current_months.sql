-- Of what was found in benefit months, what is about now: just the file's own month counts, and months to come; where no
-- file has spoken of them yet, the newest month: a correction of a past month is not about now.
CREATE OR REPLACE TEMP TABLE dated AS
SELECT found.*, greatest(benefit_month, benefit_end) >= date_trunc('month', file_date) AS is_now  -- a span may reach it
FROM found
JOIN ledger.files ON files.file_id = found.file_id;

-- The facts are many, and those of the months before need not be looked through.
SET VARIABLE past_since = (SELECT min(benefit_month) FROM dated WHERE NOT is_now);

CREATE OR REPLACE TEMP TABLE found AS
WITH overtaken AS (
    SELECT DISTINCT past.cin, past.file_id, past.benefit_month
    FROM dated AS past
    JOIN facts.enrollment_coverage AS newer
      ON newer.cin = past.cin
     AND newer.benefit_month > past.benefit_month
     AND (newer.file_order, newer.file_id) <= (past.file_order, past.file_id)
    WHERE NOT past.is_now AND newer.benefit_month > getvariable('past_since')
)
SELECT dated.* EXCLUDE (is_now)
FROM dated
LEFT JOIN overtaken
  ON overtaken.cin = dated.cin AND overtaken.file_id = dated.file_id AND overtaken.benefit_month = dated.benefit_month
WHERE dated.is_now OR overtaken.cin IS NULL;
