-- One authorization for each episode. Pending while the person is inside; from the release it starts on the first anchor
-- date known (R5), never before enrolment is active, and runs for the months of its policy (R4). It does not end with
-- the indicator. A review is due before the end of what runs or has run out, not of what is closed.
DELETE FROM exchange.ecm_authorizations;

INSERT INTO exchange.ecm_authorizations BY NAME
SELECT
    md5('authorization|' || s.episode_id) AS authorization_id,
    coalesce(s.granted_number, 'ECM-' || upper(substr(md5('authorization|' || s.episode_id), 1, 10))) AS authorization_number,
    s.cin, s.episode_id, s.basis, s.status, s.start_date, s.end_date, s.anchor, s.effectuation_date, s.benefit_start_date,
    CASE s.status WHEN 'CLOSED' THEN s.close_reason WHEN 'EXPIRED' THEN 'EXPIRED' END AS close_reason,
    CASE s.basis WHEN 'PRESUMPTIVE_JI_834' THEN 'R1;R2;R4;R5;R6;R24' ELSE 'R3;R4;R5;R6;R24' END AS rules,
    s.release_date, s.billable_from,
    CASE
        WHEN s.billable_from IS NULL THEN 'DHCS fee-for-service until the release'
        ELSE 'DHCS fee-for-service before ' || strftime(s.billable_from, '%Y-%m-%d') || ', the plan from then on'
    END AS billing,
    CASE WHEN s.status <> 'CLOSED' THEN CAST(r.review_on AS DATE) END AS review_on,
    CASE
        WHEN s.released_seen_on IS NOT NULL
            AND NOT (s.takes_over AND s.granted_start IS NOT NULL AND s.full_end IS NOT DISTINCT FROM s.granted_end)
            THEN s.policy_from
    END AS policy_from,
    CASE WHEN s.takes_over THEN s.granted_by END AS granted_by,
    CASE WHEN s.takes_over THEN s.granted_start END AS granted_start,
    CASE WHEN s.takes_over THEN s.granted_end END AS granted_end
FROM spans AS s
LEFT JOIN reviews AS r ON r.end_date = s.end_date;
