-- How many of the plan's providers for people leaving incarceration other plans of the county have too, and whom several
-- of them have and this one has not (R19). Reads `serving` of coverage.sql.
DELETE FROM exchange.network_overlap;

INSERT INTO exchange.network_overlap BY NAME
WITH plans AS (
    SELECT county, count(DISTINCT plan) AS other_plans FROM other_networks GROUP BY county
),
theirs AS (
    SELECT county, npi, count(DISTINCT plan) AS plans, min(name) AS name FROM other_networks GROUP BY county, npi
),
ours AS (
    SELECT
        s.county, count(*) AS our_providers, count(t.npi) AS shared, string_agg(t.npi, ';' ORDER BY t.npi) AS shared_npis
    FROM serving AS s
    LEFT JOIN theirs AS t ON t.county = s.county AND t.npi = s.npi
    GROUP BY s.county
),
lacking AS (
    SELECT
        t.county, count(*) AS missing,
        string_agg(
            concat_ws(' ', t.npi, t.name, '(' || t.plans || ' of ' || p.other_plans || ')'), '; ' ORDER BY t.plans DESC, t.npi
        ) AS missing_providers
    FROM theirs AS t
    JOIN plans AS p ON p.county = t.county
    ANTI JOIN serving AS s ON s.county = t.county AND s.npi = t.npi
    WHERE t.plans >= least(getvariable('missing_in_networks'), p.other_plans)
    GROUP BY t.county
),
counted AS (
    SELECT
        c.county, coalesce(o.our_providers, 0) AS our_providers, list_contains(getvariable('exceptions'), c.county) AS is_excepted,
        coalesce(p.other_plans, 0) AS other_plans, coalesce(o.shared, 0) AS shared, o.shared_npis,
        coalesce(l.missing, 0) AS missing, l.missing_providers
    FROM (SELECT DISTINCT unnest(getvariable('plan_counties')) AS county) AS c
    LEFT JOIN plans AS p ON p.county = c.county
    LEFT JOIN ours AS o ON o.county = c.county
    LEFT JOIN lacking AS l ON l.county = c.county
)
SELECT
    county, getvariable('business_date') AS as_of, our_providers, is_excepted, 'R19' AS rule,
    CASE WHEN getvariable('networks') = 'READ' THEN other_plans END AS other_plans,
    CASE WHEN other_plans > 0 THEN shared END AS shared,
    CASE WHEN other_plans > 0 AND our_providers > 0 THEN round(shared / our_providers, 4) END AS share,
    shared_npis,
    CASE WHEN other_plans > 0 THEN missing END AS missing,
    missing_providers,
    CASE
        WHEN getvariable('networks') = 'UNREADABLE' THEN 'NETWORKS_UNREADABLE'
        WHEN other_plans > 0 AND shared = 0 AND our_providers > 0 AND NOT is_excepted THEN 'NO_OVERLAP'
    END AS problem
FROM counted
WHERE getvariable('networks') <> 'NONE';
