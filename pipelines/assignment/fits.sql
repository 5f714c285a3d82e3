-- What each provider would mean to members who are alike in all that the rule looks at: whether it may serve them, and how
-- far it is from what they need. A penalty that is not set makes its part a requirement. The county is that of the
-- residence (R22).
CREATE OR REPLACE TEMP TABLE fits AS
WITH profiles AS (
    SELECT DISTINCT profile, county, population, language, needs_pre_release, served_by FROM needing
),
providers AS (
    SELECT
        npi, active, ji_provider, service_scope, string_split(counties, ';') AS counties,
        string_split(populations, ';') AS populations, string_split(languages, ';') AS languages
    FROM roster
),
compared AS (
    SELECT
        p.profile, r.npi, r.active, r.ji_provider,
        coalesce(list_contains(r.counties, p.county), false) AS county_fits,
        list_contains(r.populations, p.population) AS population_fits,
        NOT p.needs_pre_release OR r.service_scope = 'PRE_RELEASE' AS scope_fits,
        p.language IS NULL OR list_contains(r.languages, p.language) AS language_fits,
        list_contains(string_split(p.served_by, ';'), r.npi) AS served_before,
        md5_number_lower(concat_ws('|', p.county, p.population, p.language, p.needs_pre_release, p.served_by, r.npi))
            AS hash
    FROM profiles AS p
    CROSS JOIN providers AS r
)
SELECT
    profile, npi, county_fits, population_fits, scope_fits, language_fits, served_before,
    CASE
        WHEN NOT active THEN 'INACTIVE'
        WHEN NOT ji_provider THEN 'NOT_JI_CAPABLE'
        WHEN NOT county_fits AND getvariable('county') IS NULL THEN 'OTHER_COUNTY'
        WHEN NOT population_fits AND getvariable('population') IS NULL THEN 'OTHER_POPULATION'
        WHEN NOT scope_fits AND getvariable('service_scope') IS NULL THEN 'OTHER_SCOPE'
        WHEN NOT language_fits AND getvariable('language') IS NULL THEN 'OTHER_LANGUAGE'
        ELSE 'FITS'
    END AS fit,
    CAST(
        CASE WHEN county_fits THEN 0 ELSE coalesce(getvariable('county'), 0) END
        + CASE WHEN population_fits THEN 0 ELSE coalesce(getvariable('population'), 0) END
        + CASE WHEN scope_fits THEN 0 ELSE coalesce(getvariable('service_scope'), 0) END
        + CASE WHEN language_fits THEN 0 ELSE coalesce(getvariable('language'), 0) END AS BIGINT
    ) AS mismatch,
    CAST(hash >> 24 AS BIGINT) AS tie
FROM compared;
