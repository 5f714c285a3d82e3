-- The reconciliation in figures, one row a provider: everyone who had members in the month or returned something for it.
-- Rows that were refused (R19) are counted by the fortnight rule: what they said is not kept.
WITH counted AS (
    SELECT npi, count(*) AS assigned, 0 AS reported, 0 AS refused FROM assigned_in_month GROUP BY npi
    UNION ALL
    SELECT npi, 0, count(*), 0 FROM returned_in_month GROUP BY npi
    UNION ALL
    SELECT f.reporting_npi, 0, 0, count(DISTINCT (q.file_id, q.row))
    FROM quarantine.rows AS q
    JOIN ledger.files AS f ON f.file_id = q.file_id
    WHERE q.code = 'R19' AND f.kind = 'rtf' AND date_trunc('month', f.file_date - 14) = getvariable('first_day')
    GROUP BY f.reporting_npi
),
figures AS (
    SELECT npi, sum(assigned) AS assigned, sum(reported) AS reported, sum(refused) AS refused FROM counted GROUP BY npi
),
found AS (
    SELECT
        npi, count(*) FILTER (finding = 'MISSING') AS missing, count(*) FILTER (finding = 'EXTRA') AS extra,
        count(DISTINCT cin) FILTER (finding = 'DIFFERS') AS differing
    FROM reconciled
    GROUP BY npi
)
SELECT
    x.npi, p.name AS provider, CAST(x.assigned AS BIGINT) AS assigned, CAST(x.reported AS BIGINT) AS reported,
    CAST(CASE WHEN x.reported = 0 THEN x.assigned ELSE coalesce(f.missing, 0) END AS BIGINT) AS missing,
    coalesce(f.extra, 0) AS extra, coalesce(f.differing, 0) AS differing,
    CAST(x.reported - coalesce(f.extra, 0) - coalesce(f.differing, 0) AS BIGINT) AS alike, CAST(x.refused AS BIGINT) AS refused,
    CASE
        WHEN x.reported > 0 THEN NULL
        WHEN x.refused > 0 THEN 'every row returned for this month was refused'
        ELSE 'nothing was returned for this month'
    END AS remark
FROM figures AS x
LEFT JOIN found AS f ON f.npi = x.npi
LEFT JOIN exchange.provider_directory AS p ON p.npi = x.npi AND p.valid_to IS NULL
WHERE $npi IS NULL OR x.npi = $npi
ORDER BY remark IS NULL, missing + extra + differing DESC, x.npi
