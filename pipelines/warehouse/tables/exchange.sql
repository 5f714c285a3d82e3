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
    slot BIGINT NOT NULL, value VARCHAR NOT NULL, benefit_month DATE,
    effective_date DATE                    -- from which the indicator holds, where the locator says where that stands
);

-- Two locators about one member in one file: one finds the indicator, at the other's place stands something else or nothing.
CREATE TABLE IF NOT EXISTS exchange.locator_disagreements (
    cin VARCHAR NOT NULL, file_id VARCHAR NOT NULL, file_date DATE NOT NULL,
    locator_yes VARCHAR NOT NULL, locator_no VARCHAR NOT NULL, place VARCHAR NOT NULL  -- FILLED or EMPTY
);

-- Whom each locator flags in the newest 834 that names them; without a locator: whom any flags.
CREATE TABLE IF NOT EXISTS exchange.locator_totals (
    locator VARCHAR,                       -- of `[justice_involved]`; null: any of them
    flagged BIGINT NOT NULL,               -- members whom it flags
    members BIGINT NOT NULL,               -- members altogether
    most BIGINT NOT NULL                   -- as the configuration allows; beyond it the night stops
);

-- Whom a referral, release notice or MIF row speaks of. `pipelines.identity.questions` has the words to the codes.
CREATE TABLE IF NOT EXISTS exchange.identities (
    kind VARCHAR NOT NULL,                 -- of file: mini_mif, mif, release_notice, care_plan_receipt
    file_id VARCHAR NOT NULL, row_no BIGINT NOT NULL, line_no BIGINT, source VARCHAR NOT NULL,
    key VARCHAR NOT NULL,                  -- referral id, notice id, receipt id, or the CIN of a MIF row
    cin VARCHAR,                           -- the matched member's own, also where it is an alias
    method VARCHAR NOT NULL,               -- CIN, NAME_BIRTH_DATE_AND_MORE, OTHER_STATEMENT, LIAISON (matched);
                                           -- REVIEW, UNMATCHED, EXPIRED, NOBODY (not)
    reason VARCHAR NOT NULL,               -- why it is not matched; empty where it is
    agreement VARCHAR NOT NULL,            -- what agrees with the member or, in a review, with someone; semicolons between
    in_force BOOLEAN NOT NULL,             -- of the JI population, neither voided nor ended
    rank BIGINT NOT NULL,                  -- 1 for the newest version of the same referral or notice
    first_told_on DATE NOT NULL,           -- file date of its first version
    release_told_on DATE,                  -- file date of the first version with this release date
    told_on DATE NOT NULL,                 -- file date on which the same was first said of the person
    retry_until DATE NOT NULL              -- last 834 date that can still make the person known
);

-- Members whom a row that is not matched may mean. For the liaison to judge: nothing is delivered on them.
CREATE TABLE IF NOT EXISTS exchange.identity_proposals (
    kind VARCHAR NOT NULL,                 -- of file: mini_mif, mif, release_notice, care_plan_receipt
    file_id VARCHAR NOT NULL, row_no BIGINT NOT NULL, cin VARCHAR NOT NULL,
    probability DOUBLE,                    -- none where a rule names the member and no probability was computed
    agreement VARCHAR NOT NULL             -- what agrees, semicolons between
);

-- CINs that are one person, resolved to the one that counts today.
CREATE TABLE IF NOT EXISTS exchange.cin_aliases (
    alias VARCHAR NOT NULL, cin VARCHAR NOT NULL,
    since DATE NOT NULL,                   -- when the last link of the chain was told or decided
    source VARCHAR NOT NULL                -- LIAISON or 834: who says so of this alias
);

-- Each other CIN that an 834 gives as a member's prior identifier, and what came of it.
CREATE TABLE IF NOT EXISTS exchange.prior_identifiers (
    alias VARCHAR NOT NULL, cin VARCHAR NOT NULL,
    since DATE NOT NULL,                   -- file date of the 834 that told it first
    file_id VARCHAR NOT NULL,              -- that 834
    segment_no BIGINT NOT NULL,            -- and its segment
    outcome VARCHAR NOT NULL               -- ASKED, MERGED, DECIDED (by the liaison), UNCLEAR (several members or a circle)
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
    opened_on DATE NOT NULL,
    opened_by VARCHAR NOT NULL,           -- 834 or STATEMENT (of a referrer, facility or delegating plan)
    first_state VARCHAR NOT NULL,         -- INSIDE or OUTSIDE at first sight
    release_date DATE, expected_release_date DATE, effectuation_date DATE, released_seen_on DATE,
    noticed_on DATE, data_received_on DATE, back_inside_on DATE,
    closed_on DATE,
    close_reason VARCHAR,                 -- TERMINATED, MOVED_PLAN, DECEASED, WITHDRAWN, NEW_EPISODE
    ji_sources VARCHAR NOT NULL
);

-- Every event of each member's timeline and what the table of states (`pipelines/justice_involved/transitions.csv`) made of it.
CREATE TABLE IF NOT EXISTS exchange.ji_steps (
    cin VARCHAR NOT NULL, step BIGINT NOT NULL,    -- 1, 2, 3, ... of the member
    happened_on DATE NOT NULL,
    event VARCHAR NOT NULL,                        -- one of the events of docs/rules.md
    from_state VARCHAR NOT NULL, to_state VARCHAR NOT NULL,
    ordinal BIGINT,                                -- of the episode it belongs to, if any is open or just closed
    effect VARCHAR NOT NULL,                       -- NONE, OPEN, OPEN_RELEASED, RELEASE, BACK_INSIDE, RELEASE_AGAIN, CLOSE
    rule VARCHAR NOT NULL,
    file_id VARCHAR NOT NULL, record_no BIGINT     -- segment of an 834, row of another file
);

-- Where sources contradict each other about someone, until a later fact resolves it.
CREATE TABLE IF NOT EXISTS exchange.ji_contradictions (
    contradiction_id VARCHAR NOT NULL, cin VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,                         -- RELEASED_WHILE_HELD, IN_CUSTODY_WHILE_ACTIVE, RELEASE_DATES_DIFFER,
                                                   -- RELEASE_BEFORE_CUSTODY, EXPECTED_DATE_PASSED, TOLD_AFTER_DEATH,
                                                   -- COVERED_AFTER_DEATH
    since DATE NOT NULL, rule VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,                       -- the days and sources that disagree
    file_id VARCHAR NOT NULL                       -- file that brought the contradiction
);

-- One authorization for each episode. Start, effect of the enrolment and first ECM service are three dates (R6).
CREATE TABLE IF NOT EXISTS exchange.ecm_authorizations (
    authorization_id VARCHAR NOT NULL, authorization_number VARCHAR NOT NULL, cin VARCHAR NOT NULL,
    episode_id VARCHAR NOT NULL, basis VARCHAR NOT NULL,
    status VARCHAR NOT NULL,              -- PENDING_RELEASE, ACTIVE, SUSPENDED, CLOSED, EXPIRED
    start_date DATE, end_date DATE, anchor VARCHAR, effectuation_date DATE,
    benefit_start_date DATE,              -- first ECM service as a delegating plan reports it
    close_reason VARCHAR,                 -- one of `pipelines/authorization/closure.py`; null while open
    rules VARCHAR NOT NULL,
    release_date DATE,                    -- the actual one, where anybody told it
    billable_from DATE,                   -- the plan pays from here on, DHCS fee-for-service before (R24)
    billing VARCHAR NOT NULL,             -- the same as a sentence
    review_on DATE,                       -- business day on which a reauthorization is to be looked at
    policy_from DATE,                     -- since when the months and anchor that made these dates count
    granted_by VARCHAR, granted_start DATE, granted_end DATE  -- what a delegating plan's own authorization said
);

-- Whom each member is and was assigned to, read from the decisions in the facts.
CREATE TABLE IF NOT EXISTS exchange.ecm_assignments (
    assignment_id VARCHAR NOT NULL, decision BIGINT NOT NULL, cin VARCHAR NOT NULL, npi VARCHAR NOT NULL,
    method VARCHAR NOT NULL,              -- LIAISON, FACILITY_NOTICE, CONTINUITY, PREFERRED, RULE
    assigned_on DATE NOT NULL, ended_on DATE,
    end_reason VARCHAR,                   -- ELIG_LOST, PROVIDER_CHANGE, CORRECTION
    prior_npi VARCHAR, late_add BOOLEAN NOT NULL,
    reason VARCHAR NOT NULL               -- why this provider, or why it ended
);

-- Who needs a provider and has none.
CREATE TABLE IF NOT EXISTS exchange.unassigned (
    cin VARCHAR NOT NULL, episode_id VARCHAR NOT NULL, county VARCHAR,
    since DATE NOT NULL,
    reason VARCHAR NOT NULL               -- ALL_PROVIDERS_FULL, NO_PROVIDER_IN_COUNTY, _FOR_AGE, _FOR_SCOPE, _FOR_LANGUAGE
);

-- Who was considered for those, as in facts.assignment_candidates.
CREATE TABLE IF NOT EXISTS exchange.unassigned_candidates (
    cin VARCHAR NOT NULL, npi VARCHAR NOT NULL, step BIGINT NOT NULL, method VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,             -- why not
    mismatch BIGINT, county_fits BOOLEAN, population_fits BOOLEAN, scope_fits BOOLEAN, language_fits BOOLEAN,
    served_before BOOLEAN, open BIGINT, capacity BIGINT
);

-- What each provider reports of each member it returned something of: of each value the newest that is not blank. Beside what
-- the 834 says, never over it.
CREATE TABLE IF NOT EXISTS exchange.provider_reports (
    cin VARCHAR NOT NULL, npi VARCHAR NOT NULL,  -- of the provider in whose folder the files lay
    report_date DATE NOT NULL,            -- file date of the newest row
    ecm_status VARCHAR,                   -- in the provider's own words
    standing VARCHAR,                     -- what they mean: OUTREACH, SERVED, ENDED; null if that is not known
    ecm_status_told_on DATE,              -- as each `_told_on`: when a file first said what is said now
    ecm_benefit_start DATE, ecm_benefit_end DATE,
    address VARCHAR, city VARCHAR, state VARCHAR, zip VARCHAR, county VARCHAR, address_told_on DATE,
    phone VARCHAR, phone_told_on DATE, homelessness_indicator VARCHAR,
    lead_care_manager_name VARCHAR, lead_care_manager_phone VARCHAR, lead_care_manager_email VARCHAR,
    care_plan_date DATE, care_conference_date DATE, assessment_date DATE, last_encounter_date DATE,
    in_person_count BIGINT, telephonic_count BIGINT,
    discontinuation_date DATE, discontinuation_reason_code VARCHAR, discontinuation_reason_text VARCHAR,
    discontinuation_told_on DATE,
    referral_status VARCHAR, referral_status_date DATE, referral_closure_reason VARCHAR,
    reauthorization_request VARCHAR, reauthorization_told_on DATE,
    file_id VARCHAR NOT NULL,             -- file of the newest row
    row_no BIGINT NOT NULL                -- the newest row
);

-- Each attempt to reach a member, once, however often it was reported; as the newest file that speaks of it says.
CREATE TABLE IF NOT EXISTS exchange.contact_attempts (
    attempt_id VARCHAR NOT NULL, cin VARCHAR NOT NULL, npi VARCHAR NOT NULL,
    attempt_date DATE NOT NULL, attempt_time VARCHAR, attempt_method VARCHAR NOT NULL,
    attempt_successful BOOLEAN NOT NULL,
    provider_type VARCHAR, contact_reason VARCHAR, contact_outcome VARCHAR, minutes_spent BIGINT,
    is_served BOOLEAN NOT NULL, first_told_on DATE NOT NULL, told_on DATE NOT NULL,
    file_id VARCHAR NOT NULL,             -- file of the newest row
    row_no BIGINT NOT NULL                -- the newest row
);

-- Each day on which a provider says to have cared for a member in one of four ways, once. A day that a later file takes
-- back, by putting the last one of its kind before it, is none.
CREATE TABLE IF NOT EXISTS exchange.care_days (
    cin VARCHAR NOT NULL, npi VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,                -- ENCOUNTER, ASSESSMENT, CARE_PLAN, CARE_CONFERENCE
    happened_on DATE NOT NULL,
    is_served BOOLEAN NOT NULL, first_told_on DATE NOT NULL,
    file_id VARCHAR NOT NULL,             -- file of the newest row
    row_no BIGINT NOT NULL                -- the newest row
);

-- What is due when, by which rule and reading, and what met it (`pipelines/clocks/clock_events.sql`).
CREATE TABLE IF NOT EXISTS exchange.clocks (
    clock_id VARCHAR NOT NULL, cin VARCHAR NOT NULL,
    episode_id VARCHAR,                   -- null for an after-hours contact before any episode
    rule VARCHAR NOT NULL,
    name VARCHAR NOT NULL,                -- which clock (docs/rules.md)
    trigger_date DATE NOT NULL, days BIGINT NOT NULL, unit VARCHAR NOT NULL,
    due DATE NOT NULL,
    is_target BOOLEAN NOT NULL,           -- false for the laxer of two readings of a rule
    status VARCHAR NOT NULL,              -- OPEN, MET, LATE (past due and not met, or met after it), VOID
    met_on DATE, met_by VARCHAR, calendar VARCHAR NOT NULL
);

-- What somebody needs at the release, as the newest words have it: each need of each episode that is not over (R27 to R30).
CREATE TABLE IF NOT EXISTS exchange.release_needs (
    cin VARCHAR NOT NULL, episode_id VARCHAR NOT NULL,
    need VARCHAR NOT NULL, wanted VARCHAR,
    status VARCHAR NOT NULL,              -- MISSING, ARRANGED, NOT_NEEDED, UNKNOWN
    detail VARCHAR NOT NULL,              -- the same in plain words
    due DATE,                             -- null while no day of release is known
    rule VARCHAR NOT NULL,
    is_missing BOOLEAN NOT NULL,
    file_id VARCHAR,                      -- file of the last word on it, where a file said it
    row_no BIGINT,                        -- and its row
    event_id VARCHAR                      -- the liaison's record, where that was the last word
);

-- What waits for the JI liaison, by list (`pipelines/work_lists/lists.toml`).
CREATE TABLE IF NOT EXISTS exchange.work_items (
    item_id VARCHAR NOT NULL,
    list VARCHAR NOT NULL,                                -- work list on which it stands
    cin VARCHAR, npi VARCHAR, county VARCHAR, due DATE, since DATE, priority BIGINT NOT NULL,
    reason VARCHAR NOT NULL,                              -- why it stands there, in words
    rule VARCHAR NOT NULL,
    file_id VARCHAR,                                      -- file of the row that it is about
    row_no BIGINT                                         -- that row
);

-- Every version of every provider's entry in the directory, and when the public has to learn of it (R34).
CREATE TABLE IF NOT EXISTS exchange.provider_directory (
    npi VARCHAR NOT NULL,
    version BIGINT NOT NULL,              -- 1, 2, 3, ... of the provider
    valid_from DATE NOT NULL, valid_to DATE, listed BOOLEAN NOT NULL,
    name VARCHAR NOT NULL,                -- of the provider
    active BOOLEAN NOT NULL,              -- whether it takes members
    ji_provider BOOLEAN NOT NULL,         -- whether it serves people leaving incarceration
    service_scope VARCHAR NOT NULL,       -- PRE_RELEASE (pre-release services and warm hand-off) or HANDOFF_ONLY
    ffs_enrolled BOOLEAN,                 -- whether it is enrolled in Medi-Cal fee for service
    facility_contracts VARCHAR NOT NULL,  -- facilities it has a contract with, semicolons between
    counties VARCHAR NOT NULL,            -- counties it serves, semicolons between
    populations VARCHAR NOT NULL,         -- ADULT, YOUTH or both, a semicolon between
    languages VARCHAR NOT NULL,           -- languages it speaks, semicolons between
    phone VARCHAR, email VARCHAR,
    tin VARCHAR NOT NULL,                 -- its tax number
    capacity BIGINT NOT NULL,
    host VARCHAR NOT NULL,                -- its sFTP server
    port BIGINT NOT NULL,                 -- and the port of that
    username VARCHAR NOT NULL,            -- its account there
    folder VARCHAR NOT NULL,              -- and the folder for its files
    changed VARCHAR NOT NULL,             -- NEW, LEFT, or the names of what changed, RETURNED before them
    publish_by DATE,                      -- null: nothing of the change is seen in the public edition
    published_on DATE,                    -- day of the first public edition that has it
    status VARCHAR NOT NULL,              -- NOT_PUBLIC, DUE, OVERDUE, PUBLISHED, PUBLISHED_LATE
    entry BIGINT NOT NULL                 -- sequence of the entry in the facts
);

-- Providers for people leaving incarceration in each county of the plan, by whom and how they serve (R20). A provider counts
-- in every county, population and scope it serves, with all its places: rows do not add up.
CREATE TABLE IF NOT EXISTS exchange.county_coverage (
    county VARCHAR NOT NULL,
    population VARCHAR NOT NULL,          -- ALL, ADULT or YOUTH
    service_scope VARCHAR NOT NULL,       -- ALL, PRE_RELEASE or HANDOFF_ONLY
    as_of DATE NOT NULL,                  -- night that counted
    providers BIGINT NOT NULL,            -- active JI providers that serve there so
    capacity BIGINT NOT NULL,             -- their places, in sum
    open_assignments BIGINT NOT NULL,     -- their members, in sum
    free_places BIGINT NOT NULL,          -- places that are left
    problem VARCHAR,                      -- NO_PROVIDER, NO_ADULT_PROVIDER, NO_YOUTH_PROVIDER, NO_PRE_RELEASE_PROVIDER, NEARLY_FULL
    rule VARCHAR NOT NULL
);

-- How far the plan's network overlaps with those of the other plans in a county (R19); no figures where none are known.
CREATE TABLE IF NOT EXISTS exchange.network_overlap (
    county VARCHAR NOT NULL,
    as_of DATE NOT NULL,                        -- night that counted
    our_providers BIGINT NOT NULL,              -- JI providers of this plan in the county
    other_plans BIGINT,                         -- plans there whose networks are known
    shared BIGINT,                              -- providers that another plan has too
    share DOUBLE,                               -- their share of this plan's, from 0 to 1
    shared_npis VARCHAR,                        -- who they are, semicolons between
    missing BIGINT,                             -- providers that several other plans have and this one has not
    missing_providers VARCHAR,                  -- who they are, semicolons between
    is_excepted BOOLEAN NOT NULL,               -- whether the configuration says that an overlap is not asked for there
    problem VARCHAR,                            -- NO_OVERLAP, NETWORKS_UNREADABLE
    rule VARCHAR NOT NULL
);
