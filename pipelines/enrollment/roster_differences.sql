-- Who is missing from a full file, is new in it, or came back, against the roster before it (`roster_before.sql`).
DELETE FROM exchange.roster_differences WHERE file_id = getvariable('full_id');

INSERT INTO exchange.roster_differences BY NAME
WITH joined AS (
    SELECT DISTINCT cin FROM classified_coverage
    WHERE file_id = getvariable('full_id') AND coverage_class IN ('active', 'hold')
      AND benefit_month >= getvariable('roster_since') AND cin NOT IN (SELECT cin FROM roster_before)
)
SELECT getvariable('full_id') AS file_id, cin, 'MISSING' AS kind FROM roster_missing
UNION ALL
SELECT
    getvariable('full_id') AS file_id, joined.cin,
    CASE WHEN known.cin IS NULL THEN 'NEW' ELSE 'RETURNED' END AS kind
FROM joined
LEFT JOIN (
    SELECT DISTINCT cin FROM facts.enrollment_members
    WHERE file_id IN (SELECT file_id FROM earlier_files) AND cin IN (SELECT cin FROM joined)
) AS known ON known.cin = joined.cin;

UPDATE ledger.files SET detail = (
    SELECT format('roster: {} missing, {} new, {} returned',
        count(*) FILTER (kind = 'MISSING'), count(*) FILTER (kind = 'NEW'), count(*) FILTER (kind = 'RETURNED'))
    FROM exchange.roster_differences WHERE file_id = getvariable('full_id')
)
WHERE file_id = getvariable('full_id');
