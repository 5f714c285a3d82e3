-- After rows were entered again: what follows from them at once, and what the next night has to do.
CREATE OR REPLACE TEMP TABLE arrived_again AS
SELECT subject AS file_id FROM entries_again WHERE event = 'RECEIVED';

DELETE FROM ledger.files
WHERE file_id IN (FROM arrived_again) AND sha256 IN (FROM gone) AND status NOT IN ('DUPLICATE', 'HELD');

DELETE FROM quarantine.rows
WHERE file_id IN (SELECT file_id FROM ledger.files WHERE file_id IN (FROM arrived_again) AND rows_in > 0);

DELETE FROM ledger.corrections WHERE file_id IN (FROM arrived_again);

UPDATE ledger.files
SET status = 'LANDED', reason = '', detail = '', rows_in = 0, rows_loaded = 0, rows_rejected = 0, rows_duplicate = 0,
    rows_warned = 0, applied = false
WHERE file_id IN (FROM arrived_again) AND (rows_in > 0 OR status NOT IN ('LANDED', 'DUPLICATE', 'HELD'));

INSERT INTO delivery.delivered_rows BY NAME
SELECT d.delivery, r.* FROM delivery.outbox_rows AS r
JOIN delivery.deliveries AS d ON d.outbox_id = r.outbox_id
WHERE d.delivery NOT IN (SELECT delivery FROM delivery.delivered_rows);

INSERT INTO ledger.runs BY NAME
SELECT md5(concat_ws('|', business_date, 1)) AS run_id, business_date, 1 AS attempt, 'ABANDONED' AS status
FROM (SELECT DISTINCT CAST(business_date AS DATE) AS business_date FROM entries_again
      WHERE event IN ('RECEIVED', 'ASSIGNED', 'ROSTER_CHANGED', 'PREPARED', 'DELIVERED', 'NOT_DELIVERED', 'ACKNOWLEDGED'))
WHERE business_date NOT IN (SELECT business_date FROM ledger.runs);

INSERT INTO ledger.audit BY NAME
SELECT number AS entry, CAST(business_date AS DATE) AS business_date, event, subject, detail FROM entries_again ORDER BY number;
