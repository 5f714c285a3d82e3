-- About how many members the places of the JI indicator disagree in the night's files, and which do.
WITH tonight AS (
    FROM exchange.locator_disagreements
    WHERE file_id IN (SELECT file_id FROM ledger.files WHERE business_date = getvariable('business_date'))
)
SELECT
    count(DISTINCT cin) AS members,
    (SELECT list(d ORDER BY members DESC, locator_yes, locator_no, place) FROM (
        SELECT locator_yes, locator_no, place, count(DISTINCT cin) AS members FROM tonight GROUP BY ALL) AS d)
        AS members_by_locator
FROM tonight
