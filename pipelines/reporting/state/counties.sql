-- How each county of the plan is served on the last day of the month (R20).
SELECT county, providers, capacity, open_assignments, free_places, problem
FROM exchange.county_coverage
WHERE population = 'ALL' AND service_scope = 'ALL'
ORDER BY county
