-- The items with the people they are about: as the 834 names the member, else as the row names the person it may mean.
WITH facilities AS (
    SELECT cin, arg_max(facility_name, (file_order, source, facility_name)) AS facility_name
    FROM exchange.ji_statements
    GROUP BY cin
),
attempts AS (
    SELECT cin, npi, count(*) AS attempts, max(attempt_date) AS last_on, arg_max(attempt_method, attempt_date) AS method
    FROM exchange.contact_attempts
    WHERE is_served
    GROUP BY cin, npi
),
reported AS (
    SELECT
        r.cin, r.npi, r.ecm_status, r.discontinuation_reason_code, r.discontinuation_reason_text,
        regexp_replace(r.phone, '^1?(...)(...)(....)$', '(\1) \2-\3') AS phone,
        coalesce(regexp_replace(m.phone, '^1?(...)(...)(....)$', '(\1) \2-\3'), 'none') AS known_phone,
        concat_ws(', ', r.address, r.city, r.zip) AS place,
        coalesce(nullif(concat_ws(', ', m.address_1, m.city, m.zip), ''), 'none') AS known_place
    FROM exchange.provider_reports AS r
    LEFT JOIN exchange.members AS m ON m.cin = r.cin
)
SELECT
    i.list, i.reason, i.due,
    coalesce(t.last_name, m.last_name), coalesce(t.first_name, m.first_name), coalesce(t.dob, m.birth_date), i.cin,
    coalesce(i.county, m.county), f.facility_name, p.name, i.npi,
    CASE i.reason
        WHEN 'DISCONTINUED' THEN concat_ws(' ', r.discontinuation_reason_code, r.discontinuation_reason_text)
        WHEN 'PROVIDER_SAYS_ENDED' THEN r.ecm_status
        WHEN 'ATTEMPTS_IN_VAIN' THEN concat(
            'attempts: ', n.attempts, ', the last on ', n.last_on, ', ', lower(replace(n.method, '_', ' '))
        )
        WHEN 'PHONE' THEN concat(r.phone, ' (834: ', r.known_phone, ')')
        WHEN 'ADDRESS' THEN concat(r.place, ' (834: ', r.known_place, ')')
        WHEN 'ADDRESS_AND_PHONE' THEN concat(r.place, '; ', r.phone, ' (834: ', r.known_place, '; ', r.known_phone, ')')
        ELSE w.detail
    END,
    i.rule, i.since, files.name, i.row_no
FROM exchange.work_items AS i
LEFT JOIN exchange.members AS m ON m.cin = i.cin
LEFT JOIN facilities AS f ON f.cin = i.cin
LEFT JOIN exchange.provider_directory AS p ON p.npi = i.npi AND p.valid_to IS NULL
LEFT JOIN told_rows AS t ON t.file_id = i.file_id AND t.row_no = i.row_no
LEFT JOIN reported AS r ON r.cin = i.cin AND r.npi = i.npi
LEFT JOIN exchange.release_needs AS w ON i.list = 'NEEDS' AND w.cin = i.cin AND i.reason IN (w.need, 'ASK_FOR_' || w.need)
LEFT JOIN attempts AS n ON n.cin = i.cin AND n.npi = i.npi
LEFT JOIN ledger.files AS files ON files.file_id = i.file_id
ORDER BY i.list, i.priority
