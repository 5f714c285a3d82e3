-- How often providers tried to reach their members, and how often they did.
SELECT
    count(*) FILTER (attempt_successful) AS successful, count(*) FILTER (NOT attempt_successful) AS unsuccessful,
    count(*) FILTER (NOT is_served) AS of_members_not_served,
    (SELECT list(m ORDER BY attempts DESC, attempt_method) FROM (
        SELECT attempt_method, count(*) AS attempts, count(*) FILTER (attempt_successful) AS successful
        FROM exchange.contact_attempts GROUP BY ALL) AS m) AS by_method
FROM exchange.contact_attempts
