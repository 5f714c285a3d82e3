-- Which counties lack providers or places.
SELECT
    count(DISTINCT county) AS counties, count(DISTINCT county) FILTER (problem IS NOT NULL) AS counties_with_a_gap,
    list({county: county, problem: problem, providers: providers, free_places: free_places} ORDER BY problem, county)
        FILTER (problem IS NOT NULL) AS gaps
FROM exchange.county_coverage
