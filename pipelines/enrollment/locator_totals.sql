-- How many members each locator flags, and all together (no locator), in the newest 834 that names them; and how many the
-- configuration takes for possible.
DELETE FROM exchange.locator_totals;

INSERT INTO exchange.locator_totals BY NAME
WITH flagged AS (
    SELECT evidence.locator, count(DISTINCT evidence.cin) AS members
    FROM exchange.ji_evidence AS evidence
    JOIN exchange.members ON members.cin = evidence.cin AND members.file_id = evidence.file_id
    GROUP BY GROUPING SETS ((evidence.locator), ())
)
SELECT
    asked.locator, coalesce(flagged.members, 0) AS flagged, roster.members,
    greatest(getvariable('few'), CAST(floor(getvariable('most_share') * roster.members) AS BIGINT)) AS most
FROM (SELECT unnest(list_append(CAST(getvariable('locators') AS VARCHAR[]), NULL))) AS asked (locator)
CROSS JOIN (SELECT count(*) AS members FROM exchange.members) AS roster
LEFT JOIN flagged ON flagged.locator IS NOT DISTINCT FROM asked.locator;
