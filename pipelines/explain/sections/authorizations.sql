-- Authorizations, with the three dates of R6 and who pays from when. What providers report as the start of the ECM benefit
-- stands beside them, with the first authorization that was not over by that day, and moves none of them.
WITH reported AS (
    SELECT z.authorization_id, string_agg(r.ecm_benefit_start || ' (' || r.npi || ')', ', ' ORDER BY r.ecm_benefit_start, r.npi)
        AS starts
    FROM (
        SELECT r.npi, r.ecm_benefit_start, e.episode_id
        FROM exchange.provider_reports AS r
        JOIN exchange.ji_episodes AS e
          ON e.cin = r.cin AND coalesce(e.back_inside_on, e.closed_on, DATE '9999-12-31') > r.ecm_benefit_start
        WHERE list_contains($cins, r.cin)
        QUALIFY row_number() OVER (PARTITION BY r.cin, r.npi ORDER BY e.ordinal) = 1
    ) AS r
    JOIN exchange.ecm_authorizations AS z ON z.episode_id = r.episode_id
    GROUP BY z.authorization_id
)
SELECT
    authorization_number AS number, status, basis, start_date AS start, end_date AS "end", anchor,
    effectuation_date AS effectuated, benefit_start_date AS first_service, starts AS first_service_reported,
    billing,
    review_on AS review, granted_by, granted_start, granted_end, close_reason AS why_closed, 
    CASE WHEN policy_from > DATE '1900-01-01' THEN policy_from END AS policy_since,
    rules AS rule
FROM exchange.ecm_authorizations
LEFT JOIN reported USING (authorization_id)
WHERE list_contains($cins, cin)
ORDER BY start_date NULLS LAST, authorization_id
