-- Everything that follows from the facts and can be made anew from them.

CREATE SCHEMA IF NOT EXISTS exchange;

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
