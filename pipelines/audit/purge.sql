-- Contents of what was sent and received before a day. Who was told of whom, when and how stays.
CREATE OR REPLACE TEMP TABLE last_told AS
SELECT delivery, npi, assignment_id FROM delivery.delivered_rows
QUALIFY row_number() OVER (PARTITION BY npi, assignment_id ORDER BY delivery DESC) = 1;

UPDATE delivery.delivered_rows AS r SET content = '{}'
WHERE r.delivery IN (SELECT delivery FROM delivery.deliveries WHERE delivered_on < getvariable('before'))
  AND (r.delivery, r.npi, r.assignment_id) NOT IN (FROM last_told);

DELETE FROM delivery.outbox_rows
WHERE outbox_id IN (SELECT outbox_id FROM delivery.outbox
                    WHERE business_date < getvariable('before') AND status IN ('DELIVERED', 'SUPERSEDED'));

UPDATE quarantine.rows SET original = NULL
WHERE original IS NOT NULL
  AND file_id IN (SELECT file_id FROM ledger.files WHERE business_date < getvariable('before') AND status <> 'LANDED');
