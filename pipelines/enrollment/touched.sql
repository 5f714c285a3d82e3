-- Everyone a file speaks of that the exchange tables do not follow from yet. Whoever only newer files speak of is carried on
-- from where the tables stand; whoever a late file speaks of is made anew from all facts, and with `everyone` all are.
CREATE OR REPLACE TEMP TABLE fresh_files AS
SELECT file_id FROM ledger.files WHERE NOT applied AND kind = '834' AND status LIKE 'ACCEPTED%';

CREATE OR REPLACE TEMP TABLE touched AS
SELECT
    seen.cin,
    getvariable('everyone') OR coalesce(bool_or(
        seen.file_order < known.file_order OR (seen.file_order = known.file_order AND seen.file_id <= known.file_id)
    ), false) AS anew
FROM facts.enrollment_members AS seen
LEFT JOIN exchange.members AS known ON known.cin = seen.cin
WHERE getvariable('everyone') OR seen.file_id IN (FROM fresh_files)
GROUP BY seen.cin;

CREATE OR REPLACE TEMP TABLE carried_on AS SELECT cin FROM touched WHERE NOT anew;
CREATE OR REPLACE TEMP TABLE made_anew AS SELECT cin FROM touched WHERE anew;

-- The order of files as one number: comparing numbers is what it costs to find the newest.
CREATE OR REPLACE TEMP TABLE file_places AS
SELECT file_id, row_number() OVER (ORDER BY file_order, file_id) << 32 AS place FROM ledger.files WHERE kind = '834';
