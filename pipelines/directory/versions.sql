-- Every version of every provider's entry: from when to when, what changed, and when it was or has to be published (R34).
CREATE OR REPLACE TEMP MACRO said(attributes, name) AS json_extract_string(attributes, '$.' || name);

DELETE FROM exchange.provider_directory;

INSERT INTO exchange.provider_directory BY NAME
WITH last_of_the_day AS (
    SELECT
        npi, valid_from, sequence AS entry, listed, attributes,
        -- What the public sees of it: nothing of a provider that is not active.
        CASE WHEN listed AND said(attributes, 'active') = 'true'
             THEN [coalesce(said(attributes, name), '') FOR name IN getvariable('public_attributes')] END AS seen
    FROM facts.roster_entries
    WHERE valid_from <= getvariable('business_date')
    QUALIFY row_number() OVER (PARTITION BY npi, valid_from ORDER BY sequence DESC) = 1
),
compared AS (
    SELECT
        *,
        lag(attributes) OVER before AS attributes_before, lag(listed) OVER before AS listed_before,
        lag(seen) OVER before AS seen_before
    FROM last_of_the_day
    WINDOW before AS (PARTITION BY npi ORDER BY valid_from)
),
versions AS (
    SELECT *, lead(valid_from) OVER (PARTITION BY npi ORDER BY valid_from) - 1 AS valid_to
    FROM compared
    WHERE listed IS DISTINCT FROM coalesce(listed_before, false)
       OR (listed AND attributes IS DISTINCT FROM attributes_before)
),
dated AS (
    SELECT
        *,
        CASE WHEN seen IS DISTINCT FROM seen_before
             THEN valid_from + CAST(getvariable('publish_within_days') AS INTEGER) END AS publish_by,
        (SELECT min(p.published_on) FROM facts.directory_publications AS p
         WHERE p.through >= versions.entry AND p.published_on <= getvariable('business_date')) AS first_published_on
    FROM versions
)
SELECT
    npi, row_number() OVER (PARTITION BY npi ORDER BY valid_from) AS version, valid_from, valid_to, listed,
    said(attributes, 'name') AS name,
    CAST(said(attributes, 'active') AS BOOLEAN) AS active,
    CAST(said(attributes, 'ji_provider') AS BOOLEAN) AS ji_provider,
    said(attributes, 'service_scope') AS service_scope,
    CAST(said(attributes, 'ffs_enrolled') AS BOOLEAN) AS ffs_enrolled,
    coalesce(said(attributes, 'facility_contracts'), '') AS facility_contracts,
    coalesce(said(attributes, 'counties'), '') AS counties,
    said(attributes, 'populations') AS populations,
    coalesce(said(attributes, 'languages'), '') AS languages,
    said(attributes, 'phone') AS phone,
    said(attributes, 'email') AS email,
    coalesce(said(attributes, 'tin'), '') AS tin,
    CAST(said(attributes, 'capacity') AS BIGINT) AS capacity,
    said(attributes, 'host') AS host,
    CAST(said(attributes, 'port') AS BIGINT) AS port,
    said(attributes, 'username') AS username,
    said(attributes, 'folder') AS folder,
    CASE
        WHEN attributes_before IS NULL THEN 'NEW'
        WHEN NOT listed THEN 'LEFT'
        ELSE array_to_string(
            CASE WHEN listed_before THEN [] ELSE ['RETURNED'] END
            || [name FOR name IN getvariable('attributes')
                IF said(attributes, name) IS DISTINCT FROM said(attributes_before, name)],
            ';'
        )
    END AS changed,
    publish_by,
    CASE WHEN publish_by IS NOT NULL THEN first_published_on END AS published_on,
    CASE
        WHEN publish_by IS NULL THEN 'NOT_PUBLIC'
        WHEN first_published_on <= publish_by THEN 'PUBLISHED'
        WHEN first_published_on > publish_by THEN 'PUBLISHED_LATE'
        WHEN getvariable('business_date') > publish_by THEN 'OVERDUE'
        ELSE 'DUE'
    END AS status,
    entry
FROM dated;
