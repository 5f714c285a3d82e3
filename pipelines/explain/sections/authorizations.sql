-- Authorizations, with the three dates of R6 and who pays from when.
SELECT
    authorization_number AS number, status, basis, start_date AS start, end_date AS "end", anchor,
    effectuation_date AS effectuated, benefit_start_date AS first_service, billing,
    review_on AS review, granted_by, granted_start, granted_end, close_reason AS why_closed, 
    CASE WHEN policy_from > DATE '1900-01-01' THEN policy_from END AS policy_since,
    rules AS rule
FROM exchange.ecm_authorizations
WHERE list_contains($cins, cin)
ORDER BY start_date NULLS LAST, authorization_id
