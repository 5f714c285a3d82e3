-- In which counties the network does not overlap with those of other plans.
SELECT
    count(*) AS counties, count(*) FILTER (problem IS NOT NULL) AS counties_with_a_problem,
    list({county: county, problem: problem, our_providers: our_providers, shared: shared} ORDER BY problem, county)
        FILTER (problem IS NOT NULL) AS problems
FROM exchange.network_overlap
