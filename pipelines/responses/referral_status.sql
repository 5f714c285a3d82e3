-- What became of each referral: one row for each source and its own number, by the newest version of it. Only what stands
-- on or after the day on which the referral was first told is its outcome; what a provider reported of the person before the
-- referral was made speaks of another.
CREATE OR REPLACE TEMP TABLE referral_outcomes AS
WITH newest AS (
    SELECT
        i.source, i.key AS referral_id, coalesce(a.cin, i.cin) AS cin, i.method, i.first_told_on, r.record_action,
        r.referral_received_date, coalesce(r.pof_justice_involved = 'Y', false) AS is_ji
    FROM exchange.identities AS i
    JOIN facts.referrals AS r ON r.file_id = i.file_id AND r.row_no = i.row_no
    LEFT JOIN exchange.cin_aliases AS a ON a.alias = i.cin
    WHERE i.kind = 'mini_mif' AND i.rank = 1
),
assigned AS (
    SELECT n.source, n.referral_id, max(s.decision) AS decision
    FROM newest AS n
    JOIN exchange.ecm_assignments AS s ON s.cin = n.cin AND coalesce(s.ended_on, n.first_told_on) >= n.first_told_on
    GROUP BY n.source, n.referral_id
),
authorized AS (
    SELECT z.cin, arg_max(z.status, e.ordinal) AS status, arg_max(coalesce(e.closed_on, z.end_date), e.ordinal) AS over_on
    FROM exchange.ecm_authorizations AS z
    JOIN exchange.ji_episodes AS e ON e.episode_id = z.episode_id
    GROUP BY z.cin
),
judged AS (
    SELECT
        n.*, s.npi, s.assigned_on, s.ended_on, z.over_on,
        CASE
            WHEN n.record_action = 'VOID' THEN 'VOIDED'
            WHEN n.record_action = 'TERM' THEN 'ENDED_BY_REFERRER'
            WHEN n.cin IS NULL THEN CASE n.method
                WHEN 'REVIEW' THEN 'IN_REVIEW' WHEN 'NOBODY' THEN 'NOT_A_MEMBER' WHEN 'EXPIRED' THEN 'NOT_FOUND'
                ELSE 'NOT_ON_834'
            END
            WHEN s.npi IS NOT NULL AND s.ended_on IS NULL THEN 'ASSIGNED'
            WHEN z.status IN ('CLOSED', 'EXPIRED') THEN 'CLOSED'
            WHEN z.cin IS NOT NULL THEN 'ACCEPTED'
            WHEN n.is_ji THEN 'ACCEPTED'
            ELSE 'NOT_JUSTICE_INVOLVED'
        END AS status
    FROM newest AS n
    LEFT JOIN assigned AS last ON last.source = n.source AND last.referral_id = n.referral_id
    LEFT JOIN exchange.ecm_assignments AS s ON s.decision = last.decision
    LEFT JOIN authorized AS z ON z.cin = n.cin
)
SELECT
    j.source, j.referral_id, j.cin, j.referral_received_date, j.status,
    CASE WHEN shows_provider THEN j.npi END AS provider_npi,
    CASE WHEN shows_provider THEN p.name END AS provider_name,
    CASE WHEN shows_provider THEN p.phone END AS provider_phone,
    CASE WHEN shows_provider THEN j.assigned_on END AS assigned_on,
    CASE WHEN j.status = 'CLOSED' THEN coalesce(j.ended_on, j.over_on) END AS closed_on,
    CASE WHEN shows_provider THEN r.referral_status END AS closed_loop_status,
    CASE WHEN shows_provider THEN r.referral_status_date END AS closed_loop_date,
    CASE WHEN shows_provider THEN r.referral_closure_reason END AS closure_reason
FROM (SELECT *, status IN ('ASSIGNED', 'CLOSED') AND npi IS NOT NULL AS shows_provider FROM judged) AS j
LEFT JOIN exchange.provider_directory AS p ON p.npi = j.npi AND p.valid_to IS NULL
LEFT JOIN exchange.provider_reports AS r
  ON r.cin = j.cin AND r.npi = j.npi
 AND coalesce(r.referral_status_date, r.report_date) >= least(j.first_told_on, j.referral_received_date);
