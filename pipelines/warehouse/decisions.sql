-- Facts that people and the night itself make: decisions with a history. Append-only, in the order of `sequence`.

CREATE TABLE IF NOT EXISTS facts.liaison_decisions (
    decision_id VARCHAR NOT NULL, decided_on DATE NOT NULL, sequence BIGINT NOT NULL,
    cin VARCHAR NOT NULL, npi VARCHAR NOT NULL, reason VARCHAR NOT NULL, decided_by VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS facts.assignment_decisions (
    decision BIGINT NOT NULL, decided_on DATE NOT NULL, action VARCHAR NOT NULL,  -- ASSIGN or END
    assignment_id VARCHAR NOT NULL, cin VARCHAR NOT NULL, npi VARCHAR NOT NULL, method VARCHAR NOT NULL,
    prior_npi VARCHAR, late_add BOOLEAN NOT NULL, reason VARCHAR NOT NULL, candidates VARCHAR NOT NULL
);
