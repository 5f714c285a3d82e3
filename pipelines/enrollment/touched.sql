-- Everyone a file speaks of that the exchange tables do not follow from yet; with `everyone`, all members of the facts.
CREATE OR REPLACE TEMP TABLE touched AS
SELECT DISTINCT cin
FROM facts.enrollment_members
WHERE getvariable('everyone')
   OR file_id IN (SELECT file_id FROM ledger.files WHERE NOT applied AND kind = '834' AND status LIKE 'ACCEPTED%');
