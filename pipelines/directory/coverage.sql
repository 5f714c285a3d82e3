-- Who serves people leaving incarceration in each county of the plan, and how many more they can take (R20). Whether a
-- provider is experienced, as the rule wants it, is not known here: the plan vouches for that where it sets `ji_provider`.
CREATE OR REPLACE TEMP TABLE serving AS
WITH loads AS (
    SELECT npi, count(*) AS open FROM exchange.ecm_assignments WHERE ended_on IS NULL GROUP BY npi
)
SELECT
    d.npi, d.service_scope, string_split(d.populations, ';') AS populations, d.capacity, coalesce(l.open, 0) AS open,
    unnest(string_split(d.counties, ';')) AS county
FROM exchange.provider_directory AS d
LEFT JOIN loads AS l ON l.npi = d.npi
WHERE d.valid_to IS NULL AND d.listed AND d.active AND d.ji_provider;

DELETE FROM exchange.county_coverage;

INSERT INTO exchange.county_coverage BY NAME
WITH grid AS (
    SELECT county, population, service_scope
    FROM (SELECT DISTINCT unnest(getvariable('plan_counties')) AS county)
    CROSS JOIN (SELECT unnest(['ALL', 'ADULT', 'YOUTH']) AS population)
    CROSS JOIN (SELECT unnest(['ALL', 'PRE_RELEASE', 'HANDOFF_ONLY']) AS service_scope)
),
counted AS (
    SELECT
        g.county, g.population, g.service_scope, count(s.npi) AS providers,
        CAST(coalesce(sum(s.capacity), 0) AS BIGINT) AS capacity,
        CAST(coalesce(sum(s.open), 0) AS BIGINT) AS open_assignments,
        CAST(coalesce(sum(greatest(s.capacity - s.open, 0)), 0) AS BIGINT) AS free_places
    FROM grid AS g
    LEFT JOIN serving AS s
        ON s.county = g.county
        AND (g.population = 'ALL' OR list_contains(s.populations, g.population))
        AND (g.service_scope = 'ALL' OR s.service_scope = g.service_scope)
    GROUP BY g.county, g.population, g.service_scope
),
judged AS (
    SELECT
        *,
        population = 'ALL' AND service_scope = 'ALL' AS is_total,
        providers > 0 AND capacity - free_places >= getvariable('nearly_full') * capacity AS is_nearly_full
    FROM counted
),
with_totals AS (
    SELECT
        *,
        max(providers) FILTER (is_total) OVER (PARTITION BY county) AS county_providers,
        bool_or(is_nearly_full) FILTER (is_total) OVER (PARTITION BY county) AS county_is_nearly_full
    FROM judged
)
SELECT
    county, population, service_scope, getvariable('business_date') AS as_of, providers, capacity, open_assignments,
    free_places,
    -- What holds of the whole county is told once.
    CASE
        WHEN county_providers = 0 THEN CASE WHEN is_total THEN 'NO_PROVIDER' END
        WHEN providers = 0 AND population <> 'ALL' AND service_scope = 'ALL' THEN 'NO_' || population || '_PROVIDER'
        WHEN providers = 0 AND population = 'ALL' AND service_scope = 'PRE_RELEASE' THEN 'NO_PRE_RELEASE_PROVIDER'
        WHEN is_nearly_full AND is_total THEN 'NEARLY_FULL'
        WHEN is_nearly_full AND NOT county_is_nearly_full
            AND (service_scope = 'ALL' OR (population = 'ALL' AND service_scope = 'PRE_RELEASE')) THEN 'NEARLY_FULL'
    END AS problem,
    'R20' AS rule
FROM with_totals;
