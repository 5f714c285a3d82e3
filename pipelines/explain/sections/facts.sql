-- Every fact in the order of the days the files speak of, with its file and place.
SELECT "date", what, says, rule, file, place
FROM (
    SELECT
        f.file_date AS "date", f.file_order, m.segment_no AS position, '834' AS what,
        concat_ws(', ', 'INS03 ' || m.maintenance_type, c.months, 'died ' || m.death_date) AS says,
        'R8' AS rule, f.name AS file, 'segment ' || m.segment_no AS place
    FROM facts.enrollment_members AS m
    JOIN ledger.files AS f ON f.file_id = m.file_id
    LEFT JOIN (
        SELECT
            file_id, member_no,
            string_agg(
                concat_ws(' ', hcp_code || ';' || coalesce(hcp_status, '?'), strftime(benefit_month, '%Y-%m')), ', '
                ORDER BY benefit_month DESC, segment_no
            ) AS months
        FROM facts.enrollment_coverage
        WHERE list_contains($cins, cin)
        GROUP BY file_id, member_no
    ) AS c ON c.file_id = m.file_id AND c.member_no = m.member_no
    WHERE list_contains($cins, m.cin)
    UNION ALL BY NAME
    SELECT
        e.file_date AS "date", e.file_order, e.segment_no AS position, 'JI indicator' AS what,
        concat_ws(', ',
            e.value, 'by the locator "' || e.locator || '"', strftime(e.benefit_month, '%Y-%m'),
            'effective ' || e.effective_date
        ) AS says,
        'R1' AS rule, f.name AS file,
        concat_ws(' ', 'segment', e.segment_no, e.place, CASE WHEN e.slot > 0 THEN 'slot ' || e.slot END) AS place
    FROM exchange.ji_evidence AS e
    JOIN ledger.files AS f ON f.file_id = e.file_id
    WHERE list_contains($cins, e.cin)
    UNION ALL BY NAME
    SELECT
        r.file_date AS "date", r.file_order, r.row_no AS position, 'referral' AS what,
        concat_ws(', ',
            r.record_action, r.referral_source_type, lower(replace(r.incarceration_status, '_', ' ')),
            'expected ' || r.expected_release_date, 'released ' || r.actual_release_date,
            'manager before release ' || r.pre_release_cm_npi, 'prefers ' || r.preferred_ecm_provider_npi
        ) AS says,
        'R3' AS rule, f.name AS file, 'row ' || coalesce(r.line_no, r.row_no) AS place
    FROM facts.referrals AS r
    JOIN exchange.identities AS i ON i.kind = 'mini_mif' AND i.file_id = r.file_id AND i.row_no = r.row_no
    JOIN ledger.files AS f ON f.file_id = r.file_id
    WHERE list_contains($cins, i.cin)
    UNION ALL BY NAME
    SELECT
        n.file_date AS "date", n.file_order, n.row_no AS position, 'release notice' AS what,
        concat_ws(', ',
            n.record_action, n.facility_name, 'expected ' || n.expected_release_date, 'released ' || n.actual_release_date,
            'manager before release ' || n.pre_release_cm_npi, 'provider after it ' || n.post_release_ecm_provider_npi,
            'care plan sent ' || n.reentry_care_plan_sent_date
        ) AS says,
        'R31' AS rule, f.name AS file, 'row ' || coalesce(n.line_no, n.row_no) AS place
    FROM facts.release_notices AS n
    JOIN exchange.identities AS i ON i.kind = 'release_notice' AND i.file_id = n.file_id AND i.row_no = n.row_no
    JOIN ledger.files AS f ON f.file_id = n.file_id
    WHERE list_contains($cins, i.cin)
    UNION ALL BY NAME
    SELECT
        c.file_date AS "date", c.file_order, c.row_no AS position, 'care plan receipt' AS what,
        concat_ws(', ',
            c.record_action, c.facility_name, lower(c.received_by) || ' received it ' || c.reentry_care_plan_received_date,
            'provider after release ' || c.recipient_npi, 'warm hand-off ' || c.warm_handoff_date
        ) AS says,
        'R14' AS rule, f.name AS file, 'row ' || coalesce(c.line_no, c.row_no) AS place
    FROM facts.care_plan_receipts AS c
    JOIN exchange.identities AS i ON i.kind = 'care_plan_receipt' AND i.file_id = c.file_id AND i.row_no = c.row_no
    JOIN ledger.files AS f ON f.file_id = c.file_id
    WHERE list_contains($cins, i.cin)
    UNION ALL BY NAME
    SELECT
        m.file_date AS "date", m.file_order, m.row_no AS position, 'MIF' AS what,
        concat_ws(', ',
            m.member_record_status, 'provider ' || m.ecm_provider_npi, 'authorization ' || m.authorization_number,
            'from ' || m.authorization_start, 'to ' || m.authorization_end
        ) AS says,
        'R3' AS rule, f.name AS file, 'row ' || coalesce(m.line_no, m.row_no) AS place
    FROM facts.mif_members AS m
    JOIN exchange.identities AS i ON i.kind = 'mif' AND i.file_id = m.file_id AND i.row_no = m.row_no
    JOIN ledger.files AS f ON f.file_id = m.file_id
    WHERE list_contains($cins, i.cin)
    UNION ALL BY NAME
    SELECT
        t.file_date AS "date", t.file_order, t.row_no AS position, 'RTF' AS what,
        concat_ws(', ',
            'provider ' || t.reporting_npi, t.ecm_status, 'ECM benefit from ' || t.ecm_benefit_start,
            'encounter ' || t.last_encounter_date, 'assessment ' || t.assessment_date, 'care plan ' || t.care_plan_date,
            'conference ' || t.care_conference_date, 'discontinued ' || t.discontinuation_date,
            'referral ' || t.referral_status
        ) AS says,
        'R10;R11' AS rule, f.name AS file, 'row ' || coalesce(t.line_no, t.row_no) AS place
    FROM facts.return_transmissions AS t
    JOIN ledger.files AS f ON f.file_id = t.file_id
    WHERE list_contains($cins, t.cin)
    UNION ALL BY NAME
    SELECT
        t.file_date AS "date", t.file_order, t.row_no AS position, 'OTF' AS what,
        concat_ws(', ',
            'provider ' || t.reporting_npi,
            concat_ws(' ', lower(replace(t.attempt_method, '_', ' ')), 'on', t.attempt_date, t.attempt_time),
            CASE WHEN t.attempt_successful = 'Y' THEN 'reached' ELSE 'in vain' END, t.contact_outcome
        ) AS says,
        'R10;R11' AS rule, f.name AS file, 'row ' || coalesce(t.line_no, t.row_no) AS place
    FROM facts.outreach_attempts AS t
    JOIN ledger.files AS f ON f.file_id = t.file_id
    WHERE list_contains($cins, t.cin)
    UNION ALL BY NAME
    SELECT
        decided_on AS "date", NULL AS file_order, sequence AS position, 'liaison decides' AS what,
        concat_ws(', ', 'provider ' || npi, reason, 'by ' || decided_by) AS says, 'R17' AS rule
    FROM facts.liaison_decisions
    WHERE list_contains($cins, cin)
    UNION ALL BY NAME
    SELECT
        recorded_on AS "date", NULL AS file_order, sequence AS position, 'liaison notes' AS what,
        concat_ws(', ',
            lower(replace(kind, '_', ' ')) || ' on ' || happened_on, 'takes back ' || voids, nullif(detail, ''),
            'by ' || recorded_by, 'record ' || event_id
        ) AS says,
        CASE kind
            WHEN 'FIRST_CONTACT' THEN 'R10' WHEN 'FOLLOW_UP' THEN 'R11' WHEN 'WARM_HANDOFF' THEN 'R12;R13'
            WHEN 'CARE_PLAN_RECEIVED' THEN 'R14' WHEN 'MATERIALS_SENT' THEN 'R9' WHEN 'REPORT_SETTLED' THEN 'R17'
            WHEN 'TRANSPORT_ARRANGED' THEN 'R27' WHEN 'SUPPORTS_AUTHORIZED' THEN 'R28'
            WHEN 'APPOINTMENT_BOOKED' THEN 'R29' WHEN 'BEHAVIORAL_HEALTH_LINKED' THEN 'R30'
            ELSE 'R26'
        END AS rule
    FROM facts.liaison_events
    WHERE list_contains($cins, cin)
    UNION ALL BY NAME
    SELECT
        decided_on AS "date", NULL AS file_order, sequence AS position, 'CINs merged' AS what,
        concat_ws(', ', lower(action) || ' ' || alias_cin || ' into ' || cin, reason, 'by ' || decided_by) AS says,
        'R1;R3' AS rule
    FROM facts.cin_merges
    WHERE list_contains($cins, cin) OR list_contains($cins, alias_cin)
)
ORDER BY "date", file_order NULLS LAST, position
