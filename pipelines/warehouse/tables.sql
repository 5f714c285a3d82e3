-- Every table but the facts, which are made from the schemas of the files they keep. Ids are hashes of what they name.

CREATE SCHEMA IF NOT EXISTS ledger;
CREATE SCHEMA IF NOT EXISTS facts;
CREATE SCHEMA IF NOT EXISTS quarantine;
CREATE SCHEMA IF NOT EXISTS exchange;
CREATE SCHEMA IF NOT EXISTS delivery;

-- One row per file that came from a partner.
CREATE TABLE IF NOT EXISTS ledger.files (
    file_id        VARCHAR NOT NULL,  -- hash of source, name and content, and of how often that came before
    source         VARCHAR NOT NULL,
    name           VARCHAR NOT NULL,  -- as the partner wrote it; never used as a local path
    kind           VARCHAR NOT NULL,
    layout         VARCHAR NOT NULL,
    size           BIGINT NOT NULL,
    modified       BIGINT NOT NULL,   -- the partner's clock, seconds since 1970
    sha256         VARCHAR NOT NULL,
    business_date  DATE NOT NULL,     -- of the night that received it
    arrival        BIGINT NOT NULL,   -- 1, 2, 3, ... in order of receipt
    file_date      DATE,              -- what the file speaks of; orders it among its kind
    sequence       BIGINT,
    scope          VARCHAR,           -- DAILY or FULL
    file_order     BIGINT,            -- file_date, scope and sequence as one number that rises
    status         VARCHAR NOT NULL,  -- LANDED, ACCEPTED, ACCEPTED_WITH_ERRORS, DUPLICATE, HELD
    reason         VARCHAR NOT NULL,  -- code, or empty
    detail         VARCHAR NOT NULL,  -- place and counts, never a value
    rows_in        BIGINT NOT NULL,
    rows_loaded    BIGINT NOT NULL,
    rows_rejected  BIGINT NOT NULL,
    rows_duplicate BIGINT NOT NULL,
    rows_warned    BIGINT NOT NULL,
    applied        BOOLEAN NOT NULL   -- whether the exchange tables follow from it already
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
    last_segment  BIGINT NOT NULL,
    deviations    BIGINT NOT NULL      -- from the guide, in its segments; not all of them are kept
);

-- Control numbers given out: those of one sender to one receiver rise and never come twice.
CREATE TABLE IF NOT EXISTS ledger.control_numbers (
    sender             VARCHAR NOT NULL,  -- ISA05 and ISA06 of what is sent
    receiver           VARCHAR NOT NULL,  -- ISA07 and ISA08
    interchange_number BIGINT NOT NULL,   -- ISA13
    first_group_number BIGINT NOT NULL,   -- GS06 of its first functional group, the others follow
    groups             BIGINT NOT NULL,
    file_id            VARCHAR NOT NULL,  -- the file and
    interchange        BIGINT NOT NULL,   -- the interchange in it that this answers
    kind               VARCHAR NOT NULL   -- TA1 or 999
);

-- One row per 834 that was acknowledged, or for which there was nothing to say or nobody to say it to.
CREATE TABLE IF NOT EXISTS ledger.acknowledgements (
    file_id   VARCHAR NOT NULL,
    documents BIGINT NOT NULL
);

-- One row per run of a night.
CREATE TABLE IF NOT EXISTS ledger.runs (
    run_id        VARCHAR NOT NULL,
    business_date DATE NOT NULL,
    attempt       BIGINT NOT NULL,
    status        VARCHAR NOT NULL,   -- STARTED (running, or broken off) or FINISHED
    problems      BIGINT              -- lines a person should look at
);

-- By which reading of the 834 the exchange tables stand: hash of the plan's codes, its status table and locators.
CREATE TABLE IF NOT EXISTS ledger.readings (reading VARCHAR NOT NULL);

-- What people decided and what was delivered or was not. Append-only, without anybody's data.
CREATE TABLE IF NOT EXISTS ledger.audit (
    entry         BIGINT NOT NULL,
    business_date DATE NOT NULL,
    event         VARCHAR NOT NULL,
    subject       VARCHAR NOT NULL,
    detail        VARCHAR NOT NULL
);

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

-- Each member as the newest 834 describes the person.
CREATE TABLE IF NOT EXISTS exchange.members (
    cin VARCHAR NOT NULL, file_id VARCHAR NOT NULL, file_order BIGINT NOT NULL, segment_no BIGINT NOT NULL,
    plan_member_id VARCHAR, last_name VARCHAR, first_name VARCHAR, middle_name VARCHAR, name_suffix VARCHAR,
    birth_date DATE, gender VARCHAR, race VARCHAR, language VARCHAR, death_date DATE,
    address_1 VARCHAR, address_2 VARCHAR, city VARCHAR, state VARCHAR, zip VARCHAR, county VARCHAR,
    mailing_address_1 VARCHAR, mailing_address_2 VARCHAR, mailing_city VARCHAR, mailing_state VARCHAR, mailing_zip VARCHAR,
    phone VARCHAR, email VARCHAR, medicare_status VARCHAR, aid_code VARCHAR
);

-- Each benefit month as the newest file that speaks of it says.
CREATE TABLE IF NOT EXISTS exchange.coverage_months (
    cin VARCHAR NOT NULL, hcp_code VARCHAR NOT NULL, benefit_month DATE NOT NULL,
    file_id VARCHAR NOT NULL, file_order BIGINT NOT NULL, segment_no BIGINT NOT NULL,
    hcp_status VARCHAR, coverage_class VARCHAR NOT NULL,  -- active, hold, terminated, not_covered, unknown
    benefit_begin DATE, benefit_end DATE, aid_code VARCHAR, special_aid_codes VARCHAR
);

-- What a full file changes in the roster as it was before it: who is missing, new, or back. An audit difference: it ends nothing.
CREATE TABLE IF NOT EXISTS exchange.roster_differences (
    file_id VARCHAR NOT NULL, cin VARCHAR NOT NULL, kind VARCHAR NOT NULL  -- MISSING, NEW, RETURNED
);

-- What each 834 said of a member that bears on justice involvement: the timeline that episodes are read from.
CREATE TABLE IF NOT EXISTS exchange.ji_evidence (
    evidence_id VARCHAR NOT NULL, cin VARCHAR NOT NULL, file_id VARCHAR NOT NULL, file_order BIGINT NOT NULL,
    file_date DATE NOT NULL, segment_no BIGINT NOT NULL, locator VARCHAR NOT NULL, place VARCHAR NOT NULL,
    slot BIGINT NOT NULL, value VARCHAR NOT NULL, benefit_month DATE
);

-- Whom a referral, release notice or MIF row speaks of.
CREATE TABLE IF NOT EXISTS exchange.identities (
    kind VARCHAR NOT NULL, file_id VARCHAR NOT NULL, row_no BIGINT NOT NULL,
    cin VARCHAR, method VARCHAR NOT NULL,  -- CIN, NAME_BIRTH_DATE_AND_MORE, UNMATCHED, REVIEW
    rank BIGINT NOT NULL,                  -- 1 for the newest version of the same referral or notice
    first_told_on DATE NOT NULL,           -- file date of its first version
    release_told_on DATE                   -- file date of the first version with this release date
);

-- What referrers, facilities and delegating plans say of incarceration and release, of members whose identity is certain.
CREATE TABLE IF NOT EXISTS exchange.ji_statements (
    cin VARCHAR NOT NULL, said_by VARCHAR NOT NULL,  -- REFERRAL, NOTICE, MIF
    source VARCHAR NOT NULL, file_order BIGINT NOT NULL,
    received_on DATE NOT NULL,                       -- when it was first told
    release_told_on DATE,                            -- when its release date was first told
    dated DATE,                                      -- what it is dated itself
    actual_release_date DATE, expected_release_date DATE, incarceration_status VARCHAR,
    facility_name VARCHAR, facility_county VARCHAR, facility_type VARCHAR,
    pre_release_cm_name VARCHAR, pre_release_cm_organization VARCHAR, pre_release_cm_npi VARCHAR,
    pre_release_cm_phone VARCHAR, post_release_npi VARCHAR, preferred_npi VARCHAR, continuing_npi VARCHAR,
    care_plan_date DATE, referral_id VARCHAR, referring_organization VARCHAR,
    authorization_number VARCHAR, authorization_start DATE, authorization_end DATE
);

-- One stretch from becoming known as justice-involved to leaving the plan or the next return from custody.
CREATE TABLE IF NOT EXISTS exchange.ji_episodes (
    episode_id VARCHAR NOT NULL, cin VARCHAR NOT NULL, ordinal BIGINT NOT NULL,
    basis VARCHAR NOT NULL,               -- PRESUMPTIVE_JI_834, REFERRAL, MIF
    state VARCHAR NOT NULL,               -- PENDING_RELEASE, RELEASED, BACK_INSIDE, CLOSED
    opened_on DATE NOT NULL, opened_by VARCHAR NOT NULL,
    first_state VARCHAR NOT NULL,         -- INSIDE or OUTSIDE at first sight
    release_date DATE, expected_release_date DATE, effectuation_date DATE, released_seen_on DATE,
    noticed_on DATE, data_received_on DATE,
    closed_on DATE, close_reason VARCHAR, ji_sources VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS exchange.ecm_authorizations (
    authorization_id VARCHAR NOT NULL, authorization_number VARCHAR NOT NULL, cin VARCHAR NOT NULL,
    episode_id VARCHAR NOT NULL, basis VARCHAR NOT NULL,
    status VARCHAR NOT NULL,              -- PENDING_RELEASE, ACTIVE, SUSPENDED, CLOSED, EXPIRED
    start_date DATE, end_date DATE, anchor VARCHAR, effectuation_date DATE,
    benefit_start_date DATE,              -- first billed ECM service; kept apart from the start (R6)
    close_reason VARCHAR, rules VARCHAR NOT NULL
);

-- Whom each member is and was assigned to, read from the decisions in the facts.
CREATE TABLE IF NOT EXISTS exchange.ecm_assignments (
    assignment_id VARCHAR NOT NULL, cin VARCHAR NOT NULL, npi VARCHAR NOT NULL, method VARCHAR NOT NULL,
    assigned_on DATE NOT NULL, ended_on DATE, end_reason VARCHAR, prior_npi VARCHAR, late_add BOOLEAN NOT NULL,
    reason VARCHAR NOT NULL, candidates VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS exchange.unassigned (
    cin VARCHAR NOT NULL, episode_id VARCHAR NOT NULL, county VARCHAR, since DATE NOT NULL,
    reason VARCHAR NOT NULL, candidates VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS exchange.clocks (
    clock_id VARCHAR NOT NULL, cin VARCHAR NOT NULL, episode_id VARCHAR NOT NULL, rule VARCHAR NOT NULL,
    name VARCHAR NOT NULL, trigger_date DATE NOT NULL, due DATE NOT NULL, status VARCHAR NOT NULL
);

-- Each file rendered for someone: a provider's assignment file or a sender's response.
CREATE TABLE IF NOT EXISTS delivery.outbox (
    outbox_id VARCHAR NOT NULL, recipient_kind VARCHAR NOT NULL,  -- PROVIDER or SOURCE
    recipient VARCHAR NOT NULL,                                   -- NPI or source name
    business_date DATE NOT NULL, sequence BIGINT NOT NULL, scope VARCHAR NOT NULL,
    part BIGINT NOT NULL, name VARCHAR NOT NULL, folder VARCHAR NOT NULL,
    path VARCHAR NOT NULL,                                        -- below the outbox folder of the home
    sha256 VARCHAR NOT NULL, size BIGINT NOT NULL, rows BIGINT NOT NULL,
    status VARCHAR NOT NULL,                                      -- PREPARED, DELIVERED, HELD, FAILED, SUPERSEDED
    reason VARCHAR NOT NULL
);

-- The rows of each assignment file, kept until it is known whether they arrived.
CREATE TABLE IF NOT EXISTS delivery.outbox_rows (
    outbox_id VARCHAR NOT NULL, npi VARCHAR NOT NULL, assignment_id VARCHAR NOT NULL, cin VARCHAR NOT NULL,
    record_action VARCHAR NOT NULL, change_reason VARCHAR NOT NULL, row_hash VARCHAR NOT NULL, content VARCHAR NOT NULL
);

-- A file that stands in its recipient's folder, read back and equal.
CREATE TABLE IF NOT EXISTS delivery.deliveries (
    outbox_id VARCHAR NOT NULL, recipient VARCHAR NOT NULL, name VARCHAR NOT NULL, business_date DATE NOT NULL,
    delivered_on DATE NOT NULL, sha256 VARCHAR NOT NULL, size BIGINT NOT NULL, rows BIGINT NOT NULL,
    outcome VARCHAR NOT NULL, delivery BIGINT NOT NULL
);

-- What each provider has been told, row by row: deltas are computed against this.
CREATE TABLE IF NOT EXISTS delivery.delivered_rows (
    delivery BIGINT NOT NULL, outbox_id VARCHAR NOT NULL, npi VARCHAR NOT NULL, assignment_id VARCHAR NOT NULL,
    cin VARCHAR NOT NULL, record_action VARCHAR NOT NULL, change_reason VARCHAR NOT NULL, row_hash VARCHAR NOT NULL,
    content VARCHAR NOT NULL
);
