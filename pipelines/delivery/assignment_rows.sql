-- One row for every assignment that a provider has or had, in the columns of the assignment file, all as text.
-- (559) 555-0123: as people read it, and a spreadsheet takes it for text. Anything but ten digits stays as it came.
CREATE OR REPLACE TEMP MACRO readable_phone(phone) AS
    coalesce(
        nullif(regexp_replace(
            regexp_extract(regexp_replace(phone, '[^0-9]', '', 'g'), '^1?([0-9]{10})$', 1),
            '(...)(...)(....)', '(\1) \2-\3'
        ), ''),
        phone
    );

-- Facts about the release are the newest; the referral is the first: a second one for the same person is no news.
CREATE OR REPLACE TEMP TABLE newest_statements AS
SELECT
    cin,
    arg_max(facility_name, (file_order, source, facility_name)) AS facility_name,
    arg_max(facility_county, (file_order, source, facility_county)) AS facility_county,
    arg_max(pre_release_cm_name, (file_order, source, pre_release_cm_name)) AS pre_release_cm_name,
    arg_max(pre_release_cm_organization, (file_order, source, pre_release_cm_organization)) AS pre_release_cm_organization,
    arg_max(pre_release_cm_npi, (file_order, source, pre_release_cm_npi)) AS pre_release_cm_npi,
    arg_max(pre_release_cm_phone, (file_order, source, pre_release_cm_phone)) AS pre_release_cm_phone,
    arg_min(referral_id, (file_order, source, referral_id)) AS referral_id,
    arg_min(referring_organization, (file_order, source, referral_id)) AS referring_organization
FROM exchange.ji_statements
GROUP BY cin;

-- What referrers say of the person; of the populations of focus a delegating plan too: justice involvement drops none.
CREATE OR REPLACE TEMP MACRO either(one, other) AS CASE WHEN 'Y' IN (one, other) THEN 'Y' ELSE coalesce(one, other) END;

CREATE OR REPLACE TEMP TABLE newest_rows AS
SELECT coalesce(known.cin, i.cin) AS cin, i.kind, i.file_id, i.row_no
FROM exchange.identities AS i
LEFT JOIN exchange.cin_aliases AS known ON known.alias = i.cin
WHERE i.rank = 1 AND i.cin IS NOT NULL;

CREATE OR REPLACE TEMP TABLE newest_referrals AS
SELECT
    i.cin,
    arg_max(t.phone, (t.file_order, t.source, t.phone)) AS phone,
    arg_max(t.email, (t.file_order, t.source, t.email)) AS email,
    arg_max(t.homelessness_indicator, (t.file_order, t.source, t.homelessness_indicator)) AS homelessness_indicator,
    arg_max(t.pof_homelessness, (t.file_order, t.source, t.pof_homelessness)) AS pof_homelessness,
    arg_max(t.pof_avoidable_hospital_ed, (t.file_order, t.source, t.pof_avoidable_hospital_ed)) AS pof_avoidable_hospital_ed,
    arg_max(t.pof_smi_sud, (t.file_order, t.source, t.pof_smi_sud)) AS pof_smi_sud,
    arg_max(t.pof_at_risk_ltc, (t.file_order, t.source, t.pof_at_risk_ltc)) AS pof_at_risk_ltc,
    arg_max(t.pof_nf_to_community, (t.file_order, t.source, t.pof_nf_to_community)) AS pof_nf_to_community,
    arg_max(t.pof_ccs, (t.file_order, t.source, t.pof_ccs)) AS pof_ccs,
    arg_max(t.pof_child_welfare, (t.file_order, t.source, t.pof_child_welfare)) AS pof_child_welfare,
    arg_max(t.pof_birth_equity, (t.file_order, t.source, t.pof_birth_equity)) AS pof_birth_equity
FROM newest_rows AS i
JOIN facts.referrals AS t ON t.file_id = i.file_id AND t.row_no = i.row_no
WHERE i.kind = 'mini_mif' AND t.record_action <> 'VOID'
GROUP BY i.cin;

CREATE OR REPLACE TEMP TABLE newest_mif AS
SELECT
    i.cin,
    arg_max(t.pof_homelessness, (t.file_order, t.source, t.pof_homelessness)) AS pof_homelessness,
    arg_max(t.pof_avoidable_hospital_ed, (t.file_order, t.source, t.pof_avoidable_hospital_ed)) AS pof_avoidable_hospital_ed,
    arg_max(t.pof_smi_sud, (t.file_order, t.source, t.pof_smi_sud)) AS pof_smi_sud,
    arg_max(t.pof_at_risk_ltc, (t.file_order, t.source, t.pof_at_risk_ltc)) AS pof_at_risk_ltc,
    arg_max(t.pof_nf_to_community, (t.file_order, t.source, t.pof_nf_to_community)) AS pof_nf_to_community,
    arg_max(t.pof_ccs, (t.file_order, t.source, t.pof_ccs)) AS pof_ccs,
    arg_max(t.pof_child_welfare, (t.file_order, t.source, t.pof_child_welfare)) AS pof_child_welfare,
    arg_max(t.pof_birth_equity, (t.file_order, t.source, t.pof_birth_equity)) AS pof_birth_equity
FROM newest_rows AS i
JOIN facts.mif_members AS t ON t.file_id = i.file_id AND t.row_no = i.row_no
WHERE i.kind = 'mif' AND t.member_record_status <> 'TERMED'
GROUP BY i.cin;

-- Where neither the 834 nor a referrer knows a phone, the one that a provider before reported goes on to the next: without it
-- nobody can call the person. Nothing else of a provider's report goes to another (R37): of a cell with words the numbers.
CREATE OR REPLACE TEMP MACRO phones_in(cell) AS nullif(array_to_string([
    readable_phone(each)
    for each in regexp_extract_all(cell, '\(?\b[0-9]{3}\)?[ .-]*[0-9]{3}[ .-]*[0-9]{4}\b(?: x[0-9]{1,6}\b)?')
], '; '), '');

CREATE OR REPLACE TEMP TABLE former_phones AS
SELECT a.assignment_id, arg_max(phones_in(r.phone), (r.phone_told_on, r.report_date, r.npi)) AS phone
FROM exchange.ecm_assignments AS a
JOIN exchange.ecm_assignments AS before
  ON before.cin = a.cin AND before.npi <> a.npi AND before.ended_on <= a.assigned_on
JOIN exchange.provider_reports AS r ON r.cin = before.cin AND r.npi = before.npi
WHERE a.ended_on IS NULL
GROUP BY a.assignment_id;

CREATE OR REPLACE TEMP TABLE due_dates AS
SELECT
    episode_id,
    min(due) FILTER (name LIKE 'FIRST_CONTACT%' AND status <> 'VOID') AS first_contact_due,
    min(due) FILTER (name = 'FOLLOW_UP' AND status <> 'VOID') AS follow_up_due,
    min(due) FILTER (name LIKE 'HANDOFF%' AND status <> 'VOID') AS warm_handoff_due
FROM exchange.clocks
GROUP BY episode_id;

CREATE OR REPLACE TEMP TABLE effective_dates AS
SELECT cin, min(benefit_begin) AS plan_effective_date
FROM exchange.coverage_months
WHERE coverage_class IN ('active', 'hold') AND cin IN (SELECT cin FROM exchange.ecm_assignments)
GROUP BY cin;

-- What is missing at the release, and what is known of each need: nothing where nobody has said anything.
CREATE OR REPLACE TEMP TABLE told_needs AS
SELECT
    episode_id,
    string_agg(need, '; ' ORDER BY rule) FILTER (is_missing) AS needs_missing,
    max(detail) FILTER (need = 'TRANSPORTATION' AND status <> 'UNKNOWN') AS transportation,
    max(detail) FILTER (need = 'COMMUNITY_SUPPORTS' AND status <> 'UNKNOWN') AS community_supports,
    max(detail) FILTER (need = 'BEHAVIORAL_HEALTH' AND status <> 'UNKNOWN') AS behavioral_health,
    max(detail) FILTER (need = 'APPOINTMENTS' AND status <> 'UNKNOWN') AS appointments
FROM exchange.release_needs
GROUP BY episode_id;

CREATE OR REPLACE TEMP TABLE assignment_rows AS
SELECT
    a.assignment_id,
    getvariable('plan_id') AS mcp_id,
    getvariable('plan_name') AS mcp_name,
    a.npi AS ecm_provider_npi,
    p.name AS ecm_provider_name,
    a.cin,
    m.plan_member_id,
    m.last_name, m.first_name, m.middle_name,
    m.birth_date AS dob,
    m.gender,
    m.address_1, m.address_2, m.city, m.state, m.zip, m.county,
    m.mailing_address_1, m.mailing_address_2, m.mailing_city, m.mailing_state, m.mailing_zip,
    readable_phone(m.phone) AS phone,
    CASE
        WHEN coalesce(r.phone, m.phone) IS NULL THEN former.phone
        WHEN readable_phone(r.phone) IS DISTINCT FROM readable_phone(m.phone) THEN readable_phone(r.phone)
    END AS phone_alternate,
    coalesce(m.email, r.email) AS email,
    m.language,
    r.homelessness_indicator,
    'Y' AS pof_justice_involved,
    either(r.pof_homelessness, delegated.pof_homelessness) AS pof_homelessness,
    either(r.pof_avoidable_hospital_ed, delegated.pof_avoidable_hospital_ed) AS pof_avoidable_hospital_ed,
    either(r.pof_smi_sud, delegated.pof_smi_sud) AS pof_smi_sud,
    either(r.pof_at_risk_ltc, delegated.pof_at_risk_ltc) AS pof_at_risk_ltc,
    either(r.pof_nf_to_community, delegated.pof_nf_to_community) AS pof_nf_to_community,
    either(r.pof_ccs, delegated.pof_ccs) AS pof_ccs,
    either(r.pof_child_welfare, delegated.pof_child_welfare) AS pof_child_welfare,
    either(r.pof_birth_equity, delegated.pof_birth_equity) AS pof_birth_equity,
    CASE WHEN e.opened_by = '834' THEN 'Y' ELSE 'N' END AS ji_indicator,
    e.ji_sources AS ji_indicator_source,
    e.opened_on AS ji_first_seen_date,
    CASE WHEN e.state IN ('PENDING_RELEASE', 'BACK_INSIDE') THEN 'HOLD' WHEN e.state = 'RELEASED' THEN 'ACTIVE' END
        AS enrollment_status,
    f.plan_effective_date,
    e.expected_release_date,
    e.release_date AS actual_release_date,
    s.facility_name, s.facility_county, s.pre_release_cm_name, s.pre_release_cm_organization, s.pre_release_cm_npi,
    s.pre_release_cm_phone,
    d.warm_handoff_due,
    z.basis AS authorization_basis,
    z.authorization_number,
    z.status AS authorization_status,
    z.start_date AS authorization_start,
    z.end_date AS authorization_end,
    a.assigned_on AS assignment_date,
    a.method AS assignment_method,
    d.first_contact_due, d.follow_up_due,
    CASE WHEN a.late_add THEN 'Y' ELSE 'N' END AS late_add,
    a.prior_npi AS prior_ecm_provider_npi,
    s.referral_id, s.referring_organization,
    n.needs_missing, n.transportation, n.community_supports, n.behavioral_health, n.appointments,
    a.ended_on IS NULL AS is_open,
    a.end_reason
FROM exchange.ecm_assignments AS a
JOIN exchange.members AS m ON m.cin = a.cin
JOIN roster AS p ON p.npi = a.npi
LEFT JOIN (
    SELECT * FROM exchange.ji_episodes QUALIFY row_number() OVER (PARTITION BY cin ORDER BY ordinal DESC) = 1
) AS e ON e.cin = a.cin
LEFT JOIN exchange.ecm_authorizations AS z ON z.episode_id = e.episode_id
LEFT JOIN effective_dates AS f ON f.cin = a.cin
LEFT JOIN newest_statements AS s ON s.cin = a.cin
LEFT JOIN newest_referrals AS r ON r.cin = a.cin
LEFT JOIN newest_mif AS delegated ON delegated.cin = a.cin
LEFT JOIN former_phones AS former ON former.assignment_id = a.assignment_id
LEFT JOIN due_dates AS d ON d.episode_id = e.episode_id
LEFT JOIN told_needs AS n ON n.episode_id = e.episode_id;
