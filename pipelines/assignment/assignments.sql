-- Assignments as the decisions tell them: each ASSIGN is open until an END of the same assignment.
DELETE FROM exchange.ecm_assignments;

INSERT INTO exchange.ecm_assignments BY NAME
SELECT
    made.assignment_id, made.cin, made.npi, made.method, made.decided_on AS assigned_on,
    ended.decided_on AS ended_on, ended.reason AS end_reason, made.prior_npi, made.late_add, made.reason, made.candidates
FROM facts.assignment_decisions AS made
LEFT JOIN facts.assignment_decisions AS ended
  ON ended.assignment_id = made.assignment_id AND ended.action = 'END'
WHERE made.action = 'ASSIGN';
