-- Append what is new in the roster of the night, changed in it, or gone from it since the last entry of each provider.
INSERT INTO facts.roster_entries BY NAME
WITH latest AS (
    SELECT npi, listed, attributes FROM facts.roster_entries
    QUALIFY row_number() OVER (PARTITION BY npi ORDER BY sequence DESC) = 1
),
news AS (
    SELECT s.npi, true AS listed, s.attributes
    FROM standing_entries AS s
    LEFT JOIN latest AS l ON l.npi = s.npi
    WHERE l.npi IS NULL OR NOT l.listed OR l.attributes <> s.attributes
    UNION ALL
    SELECT l.npi, false AS listed, l.attributes
    FROM latest AS l
    ANTI JOIN standing_entries AS s ON s.npi = l.npi
    WHERE l.listed
),
numbered AS (
    SELECT
        (SELECT coalesce(max(sequence), 0) FROM facts.roster_entries) + row_number() OVER (ORDER BY npi) AS sequence,
        news.*
    FROM news
)
SELECT
    md5(concat_ws('|', 'roster', sequence, npi, listed, attributes)) AS entry_id, sequence,
    getvariable('business_date') AS valid_from, npi, listed, attributes
FROM numbered;
