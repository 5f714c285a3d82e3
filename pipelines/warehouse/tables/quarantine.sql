-- What was not taken as it came, with its place and code.

CREATE SCHEMA IF NOT EXISTS quarantine;

-- Rows that were not loaded, or loaded with a warning, with the sender's own text beside place and code.
CREATE TABLE IF NOT EXISTS quarantine.rows (
    file_id       VARCHAR NOT NULL,
    row           BIGINT NOT NULL,    -- row or member of the file, -1 for the file itself
    line          BIGINT,             -- line, sheet row, or segment
    column_name   VARCHAR NOT NULL,
    code          VARCHAR NOT NULL,
    severity      VARCHAR NOT NULL,
    original      VARCHAR             -- the row as received; only on rejected rows
);

-- Where an 834 deviates from the guide, as far as kept; codes as `parsers.x12.conformance` gives them.
CREATE TABLE IF NOT EXISTS quarantine.deviations (
    file_id    VARCHAR NOT NULL,
    segment_no BIGINT NOT NULL,
    segment_id VARCHAR NOT NULL,
    loop       VARCHAR NOT NULL,
    element    VARCHAR NOT NULL,
    code       VARCHAR NOT NULL
);
