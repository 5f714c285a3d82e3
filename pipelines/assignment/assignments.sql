-- Assignments as the decisions tell them: each ASSIGN is open until an END of the same assignment. A decision keeps the CIN
-- it was made for; here stands the CIN that counts today.
DELETE FROM exchange.ecm_assignments;

INSERT INTO exchange.ecm_assignments BY NAME
SELECT
    made.assignment_id, made.decision, coalesce(aliases.cin, made.cin) AS cin, made.npi, made.method,
    made.decided_on AS assigned_on, ended.decided_on AS ended_on, ended.reason AS end_reason, made.prior_npi,
    made.late_add, made.reason
FROM facts.assignment_decisions AS made
LEFT JOIN facts.assignment_decisions AS ended
  ON ended.assignment_id = made.assignment_id AND ended.action = 'END'
LEFT JOIN exchange.cin_aliases AS aliases ON aliases.alias = made.cin
WHERE made.action = 'ASSIGN';
