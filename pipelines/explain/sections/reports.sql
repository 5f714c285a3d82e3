-- What providers report of the person, of each value the newest: beside what the 834 says, never over it.
WITH lines AS (
    SELECT
        r.npi, r.file_id, r.report_date,
        unnest([
            {'place': 1, 'what': 'ECM status', 'says': concat(r.ecm_status, coalesce(', taken for ' || lower(r.standing), '')),
             'since': r.ecm_status_told_on, 'rule': 'R17', 'is_told': r.ecm_status IS NOT NULL},
            {'place': 2, 'what': 'ECM benefit', 'says': concat_ws(' ', 'from ' || r.ecm_benefit_start, 'to ' || r.ecm_benefit_end),
             'since': NULL, 'rule': 'R6', 'is_told': coalesce(r.ecm_benefit_start, r.ecm_benefit_end) IS NOT NULL},
            {'place': 3, 'what': 'lead care manager',
             'says': concat_ws(', ', r.lead_care_manager_name,
                regexp_replace(r.lead_care_manager_phone, '^1?(...)(...)(....)$', '(\1) \2-\3'), r.lead_care_manager_email),
             'since': NULL, 'rule': 'R18', 'is_told': r.lead_care_manager_name IS NOT NULL},
            {'place': 4, 'what': 'address', 'says': concat_ws(', ', r.address, r.city, r.state, r.zip, r.county),
             'since': r.address_told_on, 'rule': 'R22',
             'is_told': coalesce(r.address, r.city, r.zip, r.county) IS NOT NULL},
            {'place': 5, 'what': 'phone', 'says': regexp_replace(r.phone, '^1?(...)(...)(....)$', '(\1) \2-\3'), 'since': r.phone_told_on, 'rule': 'R10',
             'is_told': r.phone IS NOT NULL},
            {'place': 6, 'what': 'without a home', 'says': r.homelessness_indicator, 'since': NULL, 'rule': 'R22',
             'is_told': r.homelessness_indicator IS NOT NULL},
            {'place': 7, 'what': 'encounters counted',
             'says': concat_ws(', ', r.in_person_count || ' in person', r.telephonic_count || ' by telephone'),
             'since': NULL, 'rule': 'R11', 'is_told': coalesce(r.in_person_count, r.telephonic_count) IS NOT NULL},
            {'place': 8, 'what': 'referral',
             'says': concat_ws(', ', r.referral_status, r.referral_status_date, r.referral_closure_reason),
             'since': NULL, 'rule': 'R33', 'is_told': r.referral_status IS NOT NULL},
            {'place': 9, 'what': 'asks for reauthorization', 'says': r.reauthorization_request,
             'since': r.reauthorization_told_on, 'rule': 'R4', 'is_told': r.reauthorization_request IS NOT NULL},
            {'place': 10, 'what': 'discontinued',
             'says': concat_ws(', ', r.discontinuation_date, r.discontinuation_reason_code, r.discontinuation_reason_text),
             'since': r.discontinuation_told_on, 'rule': 'R17', 'is_told': r.discontinuation_date IS NOT NULL}
        ], recursive := true)
    FROM exchange.provider_reports AS r
    WHERE list_contains($cins, r.cin)
)
SELECT
    l.npi, p.name AS provider, l.what, l.says, l.since AS told_since, l.report_date AS newest_report, l.rule, f.name AS file
FROM lines AS l
LEFT JOIN exchange.provider_directory AS p ON p.npi = l.npi AND p.valid_to IS NULL
LEFT JOIN ledger.files AS f ON f.file_id = l.file_id
WHERE l.is_told
ORDER BY l.report_date, l.npi, l.place
