-- Facts that people and the night itself make: decisions with a history. Append-only, in the order of `sequence`.

-- Which provider a member shall have, as the JI liaison says.
CREATE TABLE IF NOT EXISTS facts.liaison_decisions (
    decision_id VARCHAR NOT NULL, decided_on DATE NOT NULL, sequence BIGINT NOT NULL,
    cin VARCHAR NOT NULL, npi VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,  -- as given with `--reason`
    decided_by VARCHAR NOT NULL
);
-- Each assignment that was made or ended, by a night.
CREATE TABLE IF NOT EXISTS facts.assignment_decisions (
    decision BIGINT NOT NULL, decided_on DATE NOT NULL, action VARCHAR NOT NULL,  -- ASSIGN or END
    assignment_id VARCHAR NOT NULL, cin VARCHAR NOT NULL, npi VARCHAR NOT NULL, method VARCHAR NOT NULL,
    prior_npi VARCHAR, late_add BOOLEAN NOT NULL,
    reason VARCHAR NOT NULL  -- why this provider, or why it ended
);
-- Everyone who was considered for an assignment: the provider that got the member, and why each other one did not.
CREATE TABLE IF NOT EXISTS facts.assignment_candidates (
    decision BIGINT NOT NULL, cin VARCHAR NOT NULL, npi VARCHAR NOT NULL,
    step BIGINT NOT NULL, method VARCHAR NOT NULL,  -- 10 LIAISON, 20 and 21 FACILITY_NOTICE (provider after, before release),
                                                    -- 30 and 31 CONTINUITY (own history, MIF), 40 PREFERRED, 50 RULE
    outcome VARCHAR NOT NULL,                       -- CHOSEN, or why not: NOT_IN_ROSTER, INACTIVE, NOT_JI_CAPABLE,
                                                    -- PRECEDED, OTHER_COUNTY, OTHER_POPULATION, OTHER_SCOPE,
                                                    -- OTHER_LANGUAGE, FULL, WORSE_FIT, STRANGER, FULLER, TIE
    mismatch BIGINT,                                -- penalties of the parts that do not fit, in sum
    county_fits BOOLEAN, population_fits BOOLEAN, scope_fits BOOLEAN, language_fits BOOLEAN, served_before BOOLEAN,
    open BIGINT, capacity BIGINT
);

-- The roster as nights found it: an entry for each provider that is new in it, changed, or gone from it.
CREATE TABLE IF NOT EXISTS facts.roster_entries (
    entry_id VARCHAR NOT NULL,   -- identifies the entry; a hash
    sequence BIGINT NOT NULL, valid_from DATE NOT NULL,
    npi VARCHAR NOT NULL,        -- NPI of the provider
    listed BOOLEAN NOT NULL,     -- false: gone from the roster; the attributes are the last it had
    attributes VARCHAR NOT NULL  -- JSON object, its keys in order; lists joined by semicolons
);
-- Public editions of the directory that were written out; each covers the entries of the roster up to `through`.
CREATE TABLE IF NOT EXISTS facts.directory_publications (
    publication_id VARCHAR NOT NULL,  -- identifies the edition; a hash
    sequence BIGINT NOT NULL,
    published_on DATE NOT NULL,       -- day of the edition
    through BIGINT NOT NULL,          -- sequence of the last entry of the roster that it has
    providers BIGINT NOT NULL,        -- providers in it
    sha256 VARCHAR NOT NULL
);

-- Reports on a month that were written for somebody outside the plan.
CREATE TABLE IF NOT EXISTS facts.reports (
    report_id VARCHAR NOT NULL,                    -- identifies the report; a hash
    sequence BIGINT NOT NULL,
    written_on DATE NOT NULL,                      -- day on which it was written
    report VARCHAR NOT NULL,                       -- its name, such as dhcs-json
    month DATE NOT NULL,                           -- first day of the month that it tells of
    file VARCHAR NOT NULL,                         -- name of the file, without its folder
    members BIGINT NOT NULL,                       -- members in it
    sha256 VARCHAR NOT NULL
);

-- Whom a row speaks of, as the liaison says: `file_id` and `row_no` are the version that was decided on.
CREATE TABLE IF NOT EXISTS facts.identity_decisions (
    decision_id VARCHAR NOT NULL, sequence BIGINT NOT NULL, decided_on DATE NOT NULL,
    action VARCHAR NOT NULL,  -- ACCEPT, REJECT (nobody of ours), REOPEN (the rules decide again)
    kind VARCHAR NOT NULL,    -- of file: mini_mif, mif, release_notice, care_plan_receipt
    source VARCHAR NOT NULL, key VARCHAR NOT NULL, cin VARCHAR, file_id VARCHAR NOT NULL, row_no BIGINT NOT NULL,
    reason VARCHAR NOT NULL,  -- as given with `--reason`
    decided_by VARCHAR NOT NULL
);
-- CINs that are one person: the newest entry of an alias counts. An UNDO also answers no to what an 834 says.
CREATE TABLE IF NOT EXISTS facts.cin_merges (
    merge_id VARCHAR NOT NULL, sequence BIGINT NOT NULL, decided_on DATE NOT NULL,
    action VARCHAR NOT NULL,  -- MERGE or UNDO
    alias_cin VARCHAR NOT NULL, cin VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,  -- as given with `--reason`
    decided_by VARCHAR NOT NULL
);
-- What the JI liaison records of single people (`pipelines/liaison/kinds.py`). A record is taken back by one that voids it.
CREATE TABLE IF NOT EXISTS facts.liaison_events (
    event_id VARCHAR NOT NULL, sequence BIGINT NOT NULL, recorded_on DATE NOT NULL,
    kind VARCHAR NOT NULL,    -- what is recorded (docs/liaison.md)
    cin VARCHAR NOT NULL, happened_on DATE NOT NULL,
    detail VARCHAR NOT NULL,  -- as given with `--detail`
    recorded_by VARCHAR NOT NULL,
    voids VARCHAR  -- event_id of the record that a VOID takes back
);

-- What a person let through though a check held it: exactly this content past exactly this check, from the next run on.
CREATE TABLE IF NOT EXISTS facts.releases (
    release_id VARCHAR NOT NULL,          -- identifies the release; a hash
    sequence BIGINT NOT NULL,
    released_on DATE NOT NULL,            -- day on which a person released it
    kind VARCHAR NOT NULL,                -- FILE (that came from a partner) or DELIVERY (rows for a provider)
    subject VARCHAR NOT NULL,             -- file_id of the ledger, or hold_id
    code VARCHAR NOT NULL,                -- the one check that is waived
    content_hash VARCHAR NOT NULL,        -- SHA-256 of the file's bytes, or of the rows
    reason VARCHAR NOT NULL,              -- as given with `--reason`
    released_by VARCHAR NOT NULL          -- as given with `--by`
);
