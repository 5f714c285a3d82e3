-- Each attempt once, though monthly lists are sent again and a merged row repeats it. The same day, method and time of one
-- provider for one member is the same attempt; one told without a time is the first of that day and method that has one.
CREATE OR REPLACE TEMP TABLE told_attempts AS
SELECT
    * EXCLUDE (told_time),
    coalesce(told_time, min(told_time) OVER (PARTITION BY cin, npi, attempt_date, attempt_method)) AS attempt_time
FROM attempted;

DELETE FROM exchange.contact_attempts;

-- The newest file that speaks of an attempt says whether it reached the person, so that a corrected file takes a success
-- back. On several lines of one file the attempt counts as reached where any of them says so.
INSERT INTO exchange.contact_attempts BY NAME
WITH lines AS (
    SELECT *, (file_order, file_id, reached, row_no) AS place FROM told_attempts
),
judged AS (
    SELECT
        *,
        arg_max(reached, place) OVER (PARTITION BY cin, npi, attempt_date, attempt_method, attempt_time) AS is_reached
    FROM lines
)
SELECT
    md5(concat_ws('|', 'attempt', t.cin, t.npi, t.attempt_date, t.attempt_method, coalesce(t.attempt_time, ''))) AS attempt_id,
    t.cin, t.npi, t.attempt_date, t.attempt_time, t.attempt_method,
    t.is_reached AS attempt_successful,
    arg_max(t.provider_type, t.place) FILTER (t.reached = t.is_reached) AS provider_type,
    arg_max(t.contact_reason, t.place) FILTER (t.reached = t.is_reached) AS contact_reason,
    arg_max(t.contact_outcome, t.place) FILTER (t.reached = t.is_reached) AS contact_outcome,
    arg_max(t.minutes_spent, t.place) FILTER (t.reached = t.is_reached) AS minutes_spent,
    EXISTS (
        SELECT 1 FROM exchange.ecm_assignments AS s
        WHERE s.cin = t.cin AND s.npi = t.npi
          AND s.assigned_on <= t.attempt_date AND t.attempt_date < coalesce(s.ended_on, DATE '9999-12-31')
    ) AS is_served,
    min(t.file_date) AS first_told_on, max(t.file_date) AS told_on,
    arg_max(t.file_id, t.place) AS file_id, arg_max(t.row_no, t.place) AS row_no
FROM judged AS t
GROUP BY t.cin, t.npi, t.attempt_date, t.attempt_time, t.attempt_method, t.is_reached;
