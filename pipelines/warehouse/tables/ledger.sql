-- What came, what ran, what was answered. Ids are hashes of what they name.

CREATE SCHEMA IF NOT EXISTS ledger;

-- One row per file that came from a partner.
CREATE TABLE IF NOT EXISTS ledger.files (
    file_id        VARCHAR NOT NULL,  -- hash of source, name and content, and of how often that came before
    source         VARCHAR NOT NULL,
    name           VARCHAR NOT NULL,  -- as the partner wrote it; never used as a local path
    kind           VARCHAR NOT NULL,  -- 834, mini_mif, mif, release_notice, care_plan_receipt, rtf or otf
    layout         VARCHAR NOT NULL,
    reporting_npi  VARCHAR,           -- provider in whose account a return (rtf, otf) lay; NULL of all else
    size           BIGINT NOT NULL,
    modified       BIGINT NOT NULL,   -- the partner's clock, seconds since 1970
    sha256         VARCHAR NOT NULL,
    business_date  DATE NOT NULL,     -- of the night that received it
    arrival        BIGINT NOT NULL,   -- 1, 2, 3, ... in order of receipt
    file_date      DATE,              -- what the file speaks of; orders it among its kind
    sequence       BIGINT,            -- number of the file within its day, as its name says
    scope          VARCHAR,           -- DAILY or FULL
    file_order     BIGINT,            -- file_date, scope and sequence as one number that rises
    status         VARCHAR NOT NULL,  -- LANDED, ACCEPTED, ACCEPTED_WITH_ERRORS, DUPLICATE, HELD
    reason         VARCHAR NOT NULL,  -- code, or empty
    detail         VARCHAR NOT NULL,  -- place and counts, never a value
    rows_in        BIGINT NOT NULL,   -- rows, or members of an 834: loaded, rejected and duplicate add up to them
    rows_loaded    BIGINT NOT NULL,   -- taken as facts
    rows_rejected  BIGINT NOT NULL,   -- in quarantine
    rows_duplicate BIGINT NOT NULL,   -- there already, from another file
    rows_warned    BIGINT NOT NULL,   -- taken, and something was found in them
    applied        BOOLEAN NOT NULL,  -- whether the exchange tables follow from it already
    releases       BIGINT NOT NULL DEFAULT 0  -- how many releases of it (`facts.releases`) have been acted on
);

-- Rows that came back corrected: which row of which earlier file of the same source each corrects.
CREATE TABLE IF NOT EXISTS ledger.corrections (
    file_id          VARCHAR NOT NULL,
    row_no           BIGINT NOT NULL,    -- 1, 2, 3, ... in the file; taken or rejected anew
    corrects_file_id VARCHAR NOT NULL,   -- file that it corrects
    corrects_row_no  BIGINT NOT NULL     -- row of that file
);

-- One row per interchange of an 834 that was read: a control number that came before holds a file.
CREATE TABLE IF NOT EXISTS ledger.interchanges (
    file_id        VARCHAR NOT NULL,
    interchange    BIGINT NOT NULL,    -- 1, 2, 3, ... in the file
    partners       VARCHAR NOT NULL,   -- ISA05 to ISA08: between whom the number is unique
    control_number VARCHAR NOT NULL    -- ISA13
);

-- One row per transaction set of an 834 that was read.
CREATE TABLE IF NOT EXISTS ledger.transaction_sets (
    file_id       VARCHAR NOT NULL,
    first_segment BIGINT NOT NULL,     -- its ST; the file's first ISA is 1
    last_segment  BIGINT NOT NULL,     -- its SE
    deviations    BIGINT NOT NULL      -- from the guide, in its segments; not all of them are kept
);

-- Control numbers given out: those of one sender to one receiver rise and never come twice.
CREATE TABLE IF NOT EXISTS ledger.control_numbers (
    sender             VARCHAR NOT NULL,  -- ISA05 and ISA06 of what is sent
    receiver           VARCHAR NOT NULL,  -- ISA07 and ISA08
    interchange_number BIGINT NOT NULL,   -- ISA13
    first_group_number BIGINT NOT NULL,   -- GS06 of its first functional group, the others follow
    groups             BIGINT NOT NULL,   -- functional groups in it
    file_id            VARCHAR NOT NULL,  -- the file and
    interchange        BIGINT NOT NULL,   -- the interchange in it that this answers
    kind               VARCHAR NOT NULL   -- TA1 or 999
);

-- One row per 834 that was acknowledged, or for which there was nothing to say or nobody to say it to.
CREATE TABLE IF NOT EXISTS ledger.acknowledgements (
    file_id   VARCHAR NOT NULL,
    documents BIGINT NOT NULL  -- acknowledgements that were written: 0 where there was nothing to say
);

-- One row per run of a night.
CREATE TABLE IF NOT EXISTS ledger.runs (
    run_id        VARCHAR NOT NULL,   -- hash of business date and attempt
    business_date DATE NOT NULL,
    attempt       BIGINT NOT NULL,    -- 1, 2, 3, ... of the night
    status        VARCHAR NOT NULL,   -- STARTED, READY (its files are prepared and judged, and may go out), FINISHED,
                                      -- ABANDONED (broken off, and another run went on), or LOST
                                      -- (its files stand with providers, and a restored store knows nothing of it)
    problems      BIGINT              -- lines a person should look at
);

-- What a person should look at after a night, a line each, as its last run told it.
CREATE TABLE IF NOT EXISTS ledger.problems (
    business_date DATE NOT NULL,
    place         BIGINT NOT NULL,    -- 1, 2, 3, ... in the order in which they came up
    problem       VARCHAR NOT NULL    -- partner or rule, and code; never a value
);

-- Sources that the last run of a night could not read to their end, or at which it left files.
CREATE TABLE IF NOT EXISTS ledger.visits (
    business_date DATE NOT NULL,
    source        VARCHAR NOT NULL,
    code          VARCHAR NOT NULL,   -- what kept it from being read (`pipelines/transfer/codes.py`), or empty
    left_codes    VARCHAR NOT NULL    -- why files were left, a code each, semicolons between
);

-- What was known when a night wrote a batch of files to providers: how far every table that only grows had grown.
CREATE TABLE IF NOT EXISTS ledger.marks (
    business_date DATE NOT NULL,
    batch BIGINT NOT NULL,     -- as in delivery.outbox
    name VARCHAR NOT NULL,     -- table that only grows
    mark BIGINT NOT NULL       -- the greatest of what numbers its rows
);

-- The shape of the tables: a number that rises from version to version (`pipelines.warehouse.shape`).
CREATE TABLE IF NOT EXISTS ledger.store (
    shape BIGINT NOT NULL  -- number of the shape
);

-- Which store this is and how often it was opened for writing: what the mark beside it is held against.
CREATE TABLE IF NOT EXISTS ledger.openings (
    store   VARCHAR NOT NULL,  -- id that the store got when it was made
    opening BIGINT NOT NULL    -- how often it was opened
);

-- Tables of the exchange schema that a new version made anew and that nothing has filled since.
CREATE TABLE IF NOT EXISTS ledger.remade (
    name VARCHAR NOT NULL  -- table, as `schema.name`
);

-- By which configuration and program the exchange tables stand: for each policy, and the program, a hash of what it says.
CREATE TABLE IF NOT EXISTS ledger.readings (
    policy     VARCHAR NOT NULL DEFAULT '834',  -- how an 834 is read (plan's codes, status table, locators), a table, or `program`
    reading    VARCHAR NOT NULL,                -- hash of what the policy says
    changed_on DATE,                            -- night that found it changed
    members    BIGINT                           -- who stands otherwise because of it, where that is known
);

-- What people decided and what was delivered or was not. Append-only, without anybody's data.
CREATE TABLE IF NOT EXISTS ledger.audit (
    entry         BIGINT NOT NULL,    -- 1, 2, 3, ... without a gap
    business_date DATE NOT NULL,
    event         VARCHAR NOT NULL,   -- what happened: RECEIVED, ASSIGNED, PREPARED, DELIVERED, PURGED and so on
    subject       VARCHAR NOT NULL,   -- id of the file, decision or record
    detail        VARCHAR NOT NULL    -- codes, NPIs, counts and hashes
);
