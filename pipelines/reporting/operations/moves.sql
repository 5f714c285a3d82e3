-- Who moved from one provider to another in a period, and why. What follows the end of an assignment is the next one, the
-- one that stays when two CINs turn out to be one person, or none yet.
WITH ends AS (
    SELECT
        a.*,
        (SELECT min(b.decision) FROM exchange.ecm_assignments AS b
         WHERE b.cin = a.cin AND b.decision > a.decision AND b.assigned_on >= a.ended_on) AS next_decision,
        (SELECT max(b.decision) FROM exchange.ecm_assignments AS b
         WHERE b.cin = a.cin AND b.decision <> a.decision AND b.assigned_on <= a.ended_on
           AND (b.ended_on IS NULL OR b.ended_on > a.ended_on)) AS kept_decision
    FROM exchange.ecm_assignments AS a
    WHERE a.ended_on IS NOT NULL
),
moves AS (
    SELECT
        f.*, t.npi AS to_npi, t.method AS to_method, t.reason AS to_reason,
        CASE WHEN f.end_reason = 'CORRECTION' THEN f.ended_on ELSE coalesce(t.assigned_on, f.ended_on) END AS moved_on
    FROM ends AS f
    LEFT JOIN exchange.ecm_assignments AS t
      ON t.decision = CASE f.end_reason WHEN 'CORRECTION' THEN coalesce(f.kept_decision, f.next_decision) ELSE f.next_decision END
    WHERE t.npi IS DISTINCT FROM f.npi AND (t.npi IS NOT NULL OR f.end_reason = 'PROVIDER_CHANGE')
),
liaison_words AS (
    SELECT
        v.assignment_id, arg_max(d.reason, d.sequence) AS said
    FROM moves AS v
    JOIN facts.liaison_decisions AS d ON d.npi = v.to_npi AND d.decided_on <= v.moved_on
    LEFT JOIN exchange.cin_aliases AS a ON a.alias = d.cin
    WHERE coalesce(a.cin, d.cin) = v.cin AND v.to_method = 'LIAISON'
    GROUP BY v.assignment_id
)
SELECT
    v.moved_on, v.cin, m.plan_member_id, m.last_name, m.first_name, m.county,
    v.npi AS from_npi, f.name AS from_provider, v.assigned_on AS from_since, v.ended_on AS from_until,
    v.to_npi, t.name AS to_provider,
    CASE
        WHEN v.end_reason = 'CORRECTION' THEN 'ONE_PERSON'
        WHEN v.end_reason = 'ELIG_LOST' THEN 'CAME_BACK'
        WHEN v.to_npi IS NULL THEN 'WAITS'
        WHEN v.to_method = 'LIAISON' THEN 'LIAISON'
        ELSE 'PROVIDER_GONE'
    END AS why,
    v.to_method AS method, coalesce(w.said, v.to_reason) AS reason
FROM moves AS v
LEFT JOIN exchange.members AS m ON m.cin = v.cin
LEFT JOIN exchange.provider_directory AS f ON f.npi = v.npi AND f.valid_to IS NULL
LEFT JOIN exchange.provider_directory AS t ON t.npi = v.to_npi AND t.valid_to IS NULL
LEFT JOIN liaison_words AS w ON w.assignment_id = v.assignment_id
WHERE v.moved_on BETWEEN $since AND $until
ORDER BY v.npi, v.moved_on, m.last_name, m.first_name, v.cin
