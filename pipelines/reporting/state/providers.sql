-- The network on the last day of the month with what R34 wants to be known of each provider: whether it serves people
-- leaving incarceration, what it offers them, how it is enrolled, and which facilities it is contracted with.
WITH held AS (
    SELECT npi, count(*) AS members FROM exchange.ecm_assignments WHERE ended_on IS NULL GROUP BY npi
)
SELECT
    p.npi, p.name, p.active, p.ji_provider, p.service_scope, p.service_scope = 'PRE_RELEASE' AS pre_release_services,
    p.ji_provider AS warm_handoff, p.ffs_enrolled,
    list_filter(string_split(p.facility_contracts, ';'), lambda each: each <> '') AS facility_contracts,
    list_filter(string_split(p.counties, ';'), lambda each: each <> '') AS counties,
    list_filter(string_split(p.populations, ';'), lambda each: each <> '') AS populations,
    list_filter(string_split(p.languages, ';'), lambda each: each <> '') AS languages,
    p.phone, p.email, p.valid_from AS since, p.capacity, coalesce(h.members, 0) AS assigned_members
FROM exchange.provider_directory AS p
LEFT JOIN held AS h ON h.npi = p.npi
WHERE p.valid_to IS NULL AND p.listed
ORDER BY p.npi
