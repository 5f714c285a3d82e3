-- Each doubt, with what stood at the place of the locator that found nothing.
INSERT INTO exchange.locator_disagreements BY NAME
SELECT
    doubts.cin, doubts.file_id, doubts.file_date, locator_yes, locator_no,
    CASE WHEN filled.cin IS NULL THEN 'EMPTY' ELSE 'FILLED' END AS place
FROM doubts
LEFT JOIN filled
  ON filled.cin = doubts.cin AND filled.file_id = doubts.file_id AND filled.locator = doubts.locator_no;
