-- What was prepared for whom and what stands in whose folder.

CREATE SCHEMA IF NOT EXISTS delivery;

-- Each file rendered for someone: a provider's assignment file or a sender's response.
CREATE TABLE IF NOT EXISTS delivery.outbox (
    outbox_id VARCHAR NOT NULL,                                   -- hash of recipient, name and bytes
    recipient_kind VARCHAR NOT NULL,                              -- PROVIDER or SOURCE
    recipient VARCHAR NOT NULL,                                   -- NPI or source name
    business_date DATE NOT NULL,
    sequence BIGINT NOT NULL,                                     -- of a provider's day: 1, 2, ...; of a sender the arrival that is answered, or the day
    scope VARCHAR NOT NULL,                                       -- DELTA or FULL; to a sender RESPONSE, ACKNOWLEDGEMENT, REFERRAL_STATUS
    part BIGINT NOT NULL,                                         -- order in which files of one sequence go: the manifest last
    name VARCHAR NOT NULL,
    folder VARCHAR NOT NULL,                                      -- on the recipient's server
    path VARCHAR NOT NULL,                                        -- below the outbox folder of the home
    sha256 VARCHAR NOT NULL, size BIGINT NOT NULL,
    rows BIGINT NOT NULL,                                         -- rows that the file tells; 0 of a manifest
    status VARCHAR NOT NULL,                                      -- PREPARED, DELIVERED, HELD, FAILED, SUPERSEDED
    reason VARCHAR NOT NULL,                                      -- codes of gates, or of a failed transfer
    batch BIGINT,                                                 -- of a provider's file: what it was written from (ledger.marks)
    content_sha256 VARCHAR,                                       -- of a file that leaves encrypted: of what is in it
    pgp_key VARCHAR                                               -- and the fingerprint of the key that opens it
);

-- The rows of each assignment file, kept until it is known whether they arrived.
CREATE TABLE IF NOT EXISTS delivery.outbox_rows (
    outbox_id VARCHAR NOT NULL, npi VARCHAR NOT NULL, assignment_id VARCHAR NOT NULL, cin VARCHAR NOT NULL,
    record_action VARCHAR NOT NULL, change_reason VARCHAR NOT NULL, row_hash VARCHAR NOT NULL, content VARCHAR NOT NULL
);

-- Which files are workbooks that list, beside the rows of their table, whom the provider was told of before.
CREATE TABLE IF NOT EXISTS delivery.workbooks (
    outbox_id VARCHAR NOT NULL,
    news BIGINT NOT NULL,     -- rows on the sheet of what is new
    members BIGINT NOT NULL   -- members on the sheet of all; none for a provider that serves no longer
);

-- A file that stands in its recipient's folder, read back and equal.
CREATE TABLE IF NOT EXISTS delivery.deliveries (
    outbox_id VARCHAR NOT NULL,
    recipient VARCHAR NOT NULL,     -- NPI or source name
    name VARCHAR NOT NULL, business_date DATE NOT NULL,
    delivered_on DATE NOT NULL,     -- night whose run found it in the folder
    sha256 VARCHAR NOT NULL, size BIGINT NOT NULL,
    rows BIGINT NOT NULL,           -- rows that the file tells; 0 of a manifest
    outcome VARCHAR NOT NULL,       -- DELIVERED (put there and read back) or ALREADY_THERE (found there and equal)
    delivery BIGINT NOT NULL
);

-- What each provider has been told, row by row: deltas are computed against this.
CREATE TABLE IF NOT EXISTS delivery.delivered_rows (
    delivery BIGINT NOT NULL, outbox_id VARCHAR NOT NULL, npi VARCHAR NOT NULL, assignment_id VARCHAR NOT NULL,
    cin VARCHAR NOT NULL, record_action VARCHAR NOT NULL, change_reason VARCHAR NOT NULL, row_hash VARCHAR NOT NULL,
    content VARCHAR NOT NULL
);

-- What gates held in a night (`pipelines/delivery/gates.py`), a row for each gate and provider. The same rows held by the same
-- gate have the same id, night after night.
CREATE TABLE IF NOT EXISTS delivery.holds (
    hold_id VARCHAR NOT NULL,                             -- hash of the gate, the provider and the rows
    business_date DATE NOT NULL,
    npi VARCHAR NOT NULL,                                 -- NPI of the provider
    code VARCHAR NOT NULL,                                -- gate that holds them
    rows BIGINT NOT NULL,                                 -- how many
    detail VARCHAR NOT NULL,        -- counts and thresholds
    content_hash VARCHAR NOT NULL                         -- of exactly the rows that are held
);

-- What each source was told of its referrals (`pipelines/responses/referral_status.py`), a row for each in each file.
CREATE TABLE IF NOT EXISTS delivery.referral_rows (
    outbox_id VARCHAR NOT NULL, source VARCHAR NOT NULL, referral_id VARCHAR NOT NULL,
    cin VARCHAR,                                          -- whom it is about; null where that is not known
    status VARCHAR NOT NULL,                              -- what the source was told of it
    row_hash VARCHAR NOT NULL                             -- hash of what was told: what differs is news
);

-- The accounting of disclosures: each row about a member that reached a provider, or the source of a referral, in each file
-- that carried it. A workbook carries the rows of its table and repeats others: that of a delta everybody whom its provider
-- had been told of and whose end it had not been told; that of a full file what else the deltas of its business date said
-- (who left). Of a referral's status, `npi` is the source and `assignment_id` its own number of the referral.
CREATE OR REPLACE VIEW delivery.disclosures AS
WITH carrying AS (
    SELECT
        d.delivery, d.recipient AS npi, d.name AS file, d.sha256, o.content_sha256, d.business_date, d.delivered_on,
        d.outcome AS verified,
        o.scope, first_delivery.delivery AS table_delivery, w.members AS listed
    FROM delivery.deliveries AS d
    JOIN delivery.outbox AS o ON o.outbox_id = d.outbox_id AND o.recipient_kind = 'PROVIDER'
    JOIN delivery.outbox AS first   -- the table that the workbook repeats
      ON first.recipient = o.recipient AND first.business_date = o.business_date AND first.sequence = o.sequence
     AND first.part = 1
    JOIN delivery.deliveries AS first_delivery ON first_delivery.outbox_id = first.outbox_id
    LEFT JOIN delivery.workbooks AS w ON w.outbox_id = d.outbox_id
    WHERE NOT regexp_matches(d.name, '\.manifest\.json(\.pgp)?$')  -- it counts, and names nobody
),
told AS (
    SELECT *, lead(delivery) OVER (PARTITION BY npi, assignment_id ORDER BY delivery) AS told_again
    FROM delivery.delivered_rows
)
SELECT
    c.* EXCLUDE (scope, table_delivery, listed),
    r.cin, r.assignment_id, r.record_action, r.change_reason, r.row_hash, false AS repeated
FROM carrying AS c
JOIN delivery.delivered_rows AS r ON r.delivery = c.table_delivery
UNION ALL
SELECT
    c.* EXCLUDE (scope, table_delivery, listed),
    r.cin, r.assignment_id, r.record_action, r.change_reason, r.row_hash, true AS repeated
FROM carrying AS c
JOIN told AS r
  ON r.npi = c.npi AND r.delivery < c.table_delivery AND coalesce(r.told_again > c.table_delivery, true)
 AND r.record_action IN ('ADD', 'CHANGE')
WHERE c.scope = 'DELTA' AND c.listed > 0
UNION ALL
SELECT
    c.* EXCLUDE (scope, table_delivery, listed),
    r.cin, r.assignment_id, r.record_action, r.change_reason, r.row_hash, true AS repeated
FROM carrying AS c
JOIN carrying AS d
  ON d.npi = c.npi AND d.business_date = c.business_date AND d.scope = 'DELTA' AND d.delivery = d.table_delivery
 AND d.delivery < c.table_delivery
JOIN delivery.delivered_rows AS r ON r.delivery = d.delivery
WHERE c.scope = 'FULL' AND c.listed IS NOT NULL
  AND NOT EXISTS (
      SELECT 1 FROM delivery.delivered_rows AS own
      WHERE own.delivery = c.table_delivery AND own.assignment_id = r.assignment_id
  )
UNION ALL BY NAME
SELECT
    d.delivery, d.recipient AS npi, d.name AS file, d.sha256, o.content_sha256, d.business_date, d.delivered_on,
    d.outcome AS verified, r.cin, r.referral_id AS assignment_id, 'REFERRAL_STATUS' AS record_action,
    r.status AS change_reason, r.row_hash, false AS repeated
FROM delivery.deliveries AS d
JOIN delivery.outbox AS o ON o.outbox_id = d.outbox_id
JOIN delivery.referral_rows AS r ON r.outbox_id = d.outbox_id
WHERE r.cin IS NOT NULL;

-- Files that were put into a provider's folder again because it had lost them. What it was told does not change by that.
CREATE TABLE IF NOT EXISTS delivery.resends (
    outbox_id VARCHAR NOT NULL,
    resent_on DATE NOT NULL,                              -- day on which a person asked for it
    outcome VARCHAR NOT NULL,                             -- DELIVERED, ALREADY_THERE or FAILED
    code VARCHAR NOT NULL,                                -- of a failed one, why
    reason VARCHAR NOT NULL,                              -- as given with `--reason`
    resent_by VARCHAR NOT NULL                            -- as given with `--by`
);
