-- How the members stand in the month of the night.
WITH this_month AS (
    SELECT coverage_class, count(DISTINCT cin) AS members FROM exchange.coverage_months
    WHERE benefit_month = date_trunc('month', getvariable('business_date')) GROUP BY ALL
)
SELECT
    coalesce(sum(members) FILTER (coverage_class = 'active'), 0)::BIGINT AS active,
    coalesce(sum(members) FILTER (coverage_class = 'hold'), 0)::BIGINT AS on_hold,
    coalesce(sum(members) FILTER (coverage_class = 'unknown'), 0)::BIGINT AS unknown,
    (SELECT list(m ORDER BY coverage_class) FROM this_month AS m) AS members_this_month
FROM this_month
