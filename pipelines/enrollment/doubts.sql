-- Whom one of two locators flags in a file and the other does not, among those who are brought up to date.
DELETE FROM exchange.locator_disagreements WHERE cin IN (FROM made_anew);

CREATE OR REPLACE TEMP TABLE doubts AS
WITH evidence AS (
    SELECT DISTINCT cin, file_id, file_date, locator
    FROM exchange.ji_evidence
    WHERE (file_id IN (FROM fresh_files) AND cin IN (FROM carried_on)) OR cin IN (FROM made_anew)
),
asked AS (
    SELECT one AS locator_yes, other AS locator_no FROM locator_pairs
    UNION ALL
    SELECT other, one FROM locator_pairs
)
SELECT evidence.cin, evidence.file_id, evidence.file_date, locator_yes, locator_no
FROM evidence
JOIN asked ON asked.locator_yes = evidence.locator
ANTI JOIN evidence AS agreeing
  ON agreeing.cin = evidence.cin AND agreeing.file_id = evidence.file_id AND agreeing.locator = asked.locator_no;

CREATE OR REPLACE TEMP TABLE filled (cin VARCHAR, file_id VARCHAR, locator VARCHAR);
