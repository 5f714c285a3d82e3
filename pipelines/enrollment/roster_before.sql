-- Who was on the roster when a full file came, and who of them it leaves out, as of the file's place in the order of files.
-- On the roster is whose newest month up to the file's, that one or the one before, was covered or on hold. Whoever died is
-- not missed, nor whoever stands in a row that could not be read.
CREATE OR REPLACE TEMP TABLE earlier_files AS
SELECT file_id, row_number() OVER (ORDER BY file_order, file_id) AS place
FROM ledger.files
WHERE kind = '834' AND status LIKE 'ACCEPTED%' AND source = getvariable('full_source')
  AND (file_order, file_id) < (getvariable('full_order'), getvariable('full_id'));

CREATE OR REPLACE TEMP TABLE roster_before AS
SELECT cin
FROM (
    SELECT
        cin, coverage_class IN ('active', 'hold') AS is_covered,
        (datepart('year', benefit_month) * 12 + datepart('month', benefit_month)) << 32 | place << 1
            | CAST(is_covered AS BIGINT) AS position
    FROM classified_coverage
    JOIN earlier_files USING (file_id)
    WHERE benefit_month BETWEEN getvariable('roster_since') AND getvariable('full_date')
)
WHERE cin NOT IN (
    SELECT cin FROM facts.enrollment_members
    WHERE death_date IS NOT NULL AND file_id IN (SELECT file_id FROM earlier_files)
)
GROUP BY cin
HAVING arg_max(is_covered, position);

CREATE OR REPLACE TEMP TABLE roster_missing AS
SELECT cin FROM roster_before
WHERE cin NOT IN (SELECT cin FROM facts.enrollment_members WHERE file_id = getvariable('full_id'))
  AND cin NOT IN (
    SELECT unnest(regexp_extract_all(original, '9[0-9]{7}[A-Z]'))
    FROM quarantine.rows WHERE file_id = getvariable('full_id') AND original IS NOT NULL
);
