-- Whom the plan has, and how many of them the night's files spoke of.
SELECT
    count(*) AS members,
    count(*) FILTER (file_id IN (SELECT file_id FROM ledger.files WHERE business_date = getvariable('business_date')))
        AS members_told_of,
    count(*) FILTER (death_date IS NOT NULL) AS members_deceased
FROM exchange.members
