-- What was not taken as it came, with its place and code.

CREATE SCHEMA IF NOT EXISTS quarantine;

-- Rows that were not loaded, or loaded with a warning, with the sender's own text beside place and code.
CREATE TABLE IF NOT EXISTS quarantine.rows (
    file_id       VARCHAR NOT NULL,
    row           BIGINT NOT NULL,    -- row or member of the file, -1 for the file itself
    line          BIGINT,             -- line, sheet row, or segment
    column_name   VARCHAR NOT NULL,   -- column at fault; empty for the row as a whole
    code          VARCHAR NOT NULL,   -- what was found
    severity      VARCHAR NOT NULL,   -- REJECT (the row was not taken) or WARN
    original      VARCHAR             -- the row as received; only on rejected rows
);

-- Where an 834 deviates from the guide, as far as kept; codes as `parsers.x12.conformance` gives them.
CREATE TABLE IF NOT EXISTS quarantine.deviations (
    file_id    VARCHAR NOT NULL,
    segment_no BIGINT NOT NULL,
    segment_id VARCHAR NOT NULL,      -- such as NM1
    loop       VARCHAR NOT NULL,      -- such as 2100A
    element    VARCHAR NOT NULL,      -- such as NM103; empty for the segment as a whole
    code       VARCHAR NOT NULL       -- of X12: what is wrong with it
);
