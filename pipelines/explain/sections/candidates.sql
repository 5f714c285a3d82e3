-- Who was considered for each assignment, and for one that nobody could take; those ruled out alike are counted.
WITH considered AS (
    SELECT d.decided_on, c.* EXCLUDE (decision)
    FROM facts.assignment_candidates AS c
    JOIN facts.assignment_decisions AS d ON d.decision = c.decision
    WHERE list_contains($cins, c.cin)
    UNION ALL BY NAME
    SELECT * FROM exchange.unassigned_candidates WHERE list_contains($cins, cin)
),
told AS (
    SELECT
        *,
        method = 'RULE' AND outcome IN ('INACTIVE', 'NOT_JI_CAPABLE', 'OTHER_COUNTY', 'OTHER_POPULATION', 'OTHER_SCOPE', 'OTHER_LANGUAGE')
            AS is_counted
    FROM considered
)
SELECT
    decided_on AS "on",  -- empty: on the list of the unassigned now
    method, outcome,
    CASE WHEN is_counted THEN count(*) || ' providers' ELSE any_value(told.npi) END AS npi, any_value(p.name) AS provider,
    CASE WHEN NOT is_counted THEN any_value(told.mismatch) END AS mismatch,
    CASE WHEN NOT is_counted THEN concat_ws(', ',
        CASE WHEN NOT any_value(county_fits) THEN 'county' END,
        CASE WHEN NOT any_value(population_fits) THEN 'age' END,
        CASE WHEN NOT any_value(scope_fits) THEN 'services before release' END,
        CASE WHEN NOT any_value(language_fits) THEN 'language' END) END AS does_not_fit,
    CASE WHEN NOT is_counted THEN any_value(open) || ' of ' || any_value(told.capacity) END AS filled,
    CASE any_value(method)
        WHEN 'LIAISON' THEN 'R17' WHEN 'FACILITY_NOTICE' THEN 'R17;R18' WHEN 'CONTINUITY' THEN 'R18'
        WHEN 'PREFERRED' THEN 'R17' ELSE 'R16;R22'
    END AS rule
FROM told
LEFT JOIN exchange.provider_directory AS p ON NOT is_counted AND p.npi = told.npi AND p.valid_to IS NULL
GROUP BY decided_on, step, method, outcome, is_counted, CASE WHEN NOT is_counted THEN told.npi END
ORDER BY decided_on NULLS LAST, step, outcome <> 'CHOSEN', is_counted, mismatch, npi
