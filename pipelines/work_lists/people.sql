-- The items with the people they are about: as the 834 names the member, else as the row names the person it may mean.
WITH told AS (
    SELECT file_id, row_no, last_name, first_name, dob FROM facts.referrals
    UNION ALL
    SELECT file_id, row_no, last_name, first_name, dob FROM facts.release_notices
    UNION ALL
    SELECT file_id, row_no, last_name, first_name, dob FROM facts.mif_members
),
facilities AS (
    SELECT cin, arg_max(facility_name, (file_order, source, facility_name)) AS facility_name
    FROM exchange.ji_statements
    GROUP BY cin
)
SELECT
    i.list, i.reason, i.due,
    coalesce(t.last_name, m.last_name), coalesce(t.first_name, m.first_name), coalesce(t.dob, m.birth_date), i.cin,
    coalesce(i.county, m.county), f.facility_name, p.name, i.npi, i.rule, i.since, files.name, t.row_no
FROM exchange.work_items AS i
LEFT JOIN exchange.members AS m ON m.cin = i.cin
LEFT JOIN facilities AS f ON f.cin = i.cin
LEFT JOIN exchange.provider_directory AS p ON p.npi = i.npi AND p.valid_to IS NULL
LEFT JOIN told AS t ON t.file_id = i.file_id AND t.row_no = i.row_no
LEFT JOIN ledger.files AS files ON files.file_id = i.file_id
ORDER BY i.list, i.priority
