-- What each provider reports of each member: of each value the newest that is not blank, by the order the files speak of,
-- then by row. A blank wipes nothing. A detail counts beside what it is a detail of: no old phone beside a new manager, no
-- old city beside a new street.
CREATE OR REPLACE TEMP MACRO said_alike(one, other) AS upper(one) = upper(other);

CREATE OR REPLACE TEMP MACRO belongs_to(of_row, newest) AS coalesce(said_alike(of_row, newest), newest IS NULL);

CREATE OR REPLACE TEMP TABLE newest_values AS
SELECT
    cin, npi,
    arg_max(ecm_status, place) AS ecm_status,
    arg_max(ecm_benefit_start, place) AS ecm_benefit_start,
    arg_max(address, place) AS address,
    arg_max(phone, place) AS phone,
    arg_max(lead_care_manager_name, place) AS lead_care_manager_name,
    arg_max(discontinuation_date, place) AS discontinuation_date,
    arg_max(referral_status, place) AS referral_status,
    arg_max(reauthorization_request, place) AS reauthorization_request
FROM returned
GROUP BY cin, npi;

-- Where each value was another one last: since then it is told as it is.
CREATE OR REPLACE TEMP TABLE last_otherwise AS
SELECT
    r.cin, r.npi,
    max(r.place) FILTER (NOT said_alike(r.ecm_status, n.ecm_status)) AS ecm_status,
    max(r.place) FILTER (NOT said_alike(r.address, n.address)) AS address,
    max(r.place) FILTER (NOT said_alike(r.phone, n.phone)) AS phone,
    max(r.place) FILTER (r.discontinuation_date <> n.discontinuation_date) AS discontinuation_date,
    max(r.place) FILTER (r.reauthorization_request <> n.reauthorization_request) AS reauthorization_request
FROM returned AS r
JOIN newest_values AS n ON n.cin = r.cin AND n.npi = r.npi
GROUP BY r.cin, r.npi;

DELETE FROM exchange.provider_reports;

INSERT INTO exchange.provider_reports BY NAME
SELECT
    r.cin, r.npi, max(r.file_date) AS report_date,
    any_value(n.ecm_status) AS ecm_status,
    any_value(w.standing) AS standing,
    min(r.file_date) FILTER (r.ecm_status IS NOT NULL AND coalesce(r.place > o.ecm_status, true)) AS ecm_status_told_on,
    any_value(n.ecm_benefit_start) AS ecm_benefit_start,
    arg_max(r.ecm_benefit_end, r.place) FILTER (coalesce(r.ecm_benefit_start = n.ecm_benefit_start, true))
        AS ecm_benefit_end,
    any_value(n.address) AS address,
    arg_max(r.city, r.place) FILTER (belongs_to(r.address, n.address)) AS city,
    arg_max(r.state, r.place) FILTER (belongs_to(r.address, n.address)) AS state,
    arg_max(r.zip, r.place) FILTER (belongs_to(r.address, n.address)) AS zip,
    arg_max(r.county, r.place) FILTER (belongs_to(r.address, n.address)) AS county,
    min(r.file_date) FILTER (r.address IS NOT NULL AND coalesce(r.place > o.address, true)) AS address_told_on,
    any_value(n.phone) AS phone,
    min(r.file_date) FILTER (r.phone IS NOT NULL AND coalesce(r.place > o.phone, true)) AS phone_told_on,
    arg_max(r.homelessness_indicator, r.place) AS homelessness_indicator,
    any_value(n.lead_care_manager_name) AS lead_care_manager_name,
    arg_max(r.lead_care_manager_phone, r.place)
        FILTER (belongs_to(r.lead_care_manager_name, n.lead_care_manager_name)) AS lead_care_manager_phone,
    arg_max(r.lead_care_manager_email, r.place)
        FILTER (belongs_to(r.lead_care_manager_name, n.lead_care_manager_name)) AS lead_care_manager_email,
    arg_max(r.care_plan_date, r.place) AS care_plan_date,
    arg_max(r.care_conference_date, r.place) AS care_conference_date,
    arg_max(r.assessment_date, r.place) AS assessment_date,
    arg_max(r.last_encounter_date, r.place) AS last_encounter_date,
    arg_max(r.in_person_count, r.place) AS in_person_count,
    arg_max(r.telephonic_count, r.place) AS telephonic_count,
    any_value(n.discontinuation_date) AS discontinuation_date,
    arg_max(r.discontinuation_reason_code, r.place) FILTER (r.discontinuation_date = n.discontinuation_date)
        AS discontinuation_reason_code,
    arg_max(r.discontinuation_reason_text, r.place) FILTER (r.discontinuation_date = n.discontinuation_date)
        AS discontinuation_reason_text,
    min(r.file_date) FILTER (r.discontinuation_date IS NOT NULL AND coalesce(r.place > o.discontinuation_date, true))
        AS discontinuation_told_on,
    any_value(n.referral_status) AS referral_status,
    arg_max(r.referral_status_date, r.place) FILTER (said_alike(r.referral_status, n.referral_status))
        AS referral_status_date,
    arg_max(r.referral_closure_reason, r.place) FILTER (said_alike(r.referral_status, n.referral_status))
        AS referral_closure_reason,
    any_value(n.reauthorization_request) AS reauthorization_request,
    min(r.file_date)
        FILTER (r.reauthorization_request IS NOT NULL AND coalesce(r.place > o.reauthorization_request, true))
        AS reauthorization_told_on,
    arg_max(r.file_id, r.place) AS file_id,
    arg_max(r.row_no, r.place) AS row_no
FROM returned AS r
JOIN newest_values AS n ON n.cin = r.cin AND n.npi = r.npi
JOIN last_otherwise AS o ON o.cin = r.cin AND o.npi = r.npi
LEFT JOIN standing_words AS w ON w.word = trim(regexp_replace(lower(n.ecm_status), '[^a-z]+', ' ', 'g'))
GROUP BY r.cin, r.npi;
