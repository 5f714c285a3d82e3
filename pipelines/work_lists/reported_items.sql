-- What follows from the reports of providers and waits for a person: a provider's word by itself ends no assignment and no
-- authorization, and changes no value of the 834. What the liaison has settled is told no more until a later file says it.
CREATE OR REPLACE TEMP MACRO ten_digits(phone) AS right(regexp_replace(phone, '[^0-9]', '', 'g'), 10);

-- House number, first letters of the street's name, ZIP: what stays the same however an address is written.
CREATE OR REPLACE TEMP MACRO house_and_street(address) AS concat_ws(
    ' ', regexp_extract(address, '^\s*(\d+)', 1),
    regexp_extract(upper(address), '^\s*\d*\s*(?:(?:N|S|E|W|NORTH|SOUTH|EAST|WEST)\.?\s+)?([A-Z0-9]{1,4})', 1)
);
CREATE OR REPLACE TEMP MACRO is_other_place(address, zip, known_address, known_zip) AS
    house_and_street(address) <> house_and_street(known_address) OR coalesce(left(zip, 5) <> left(known_zip, 5), false);

CREATE OR REPLACE TEMP TABLE reported_items AS
WITH settled AS (
    SELECT coalesce(a.cin, e.cin) AS cin, max(e.happened_on) AS through
    FROM facts.liaison_events AS e
    LEFT JOIN exchange.cin_aliases AS a ON a.alias = e.cin
    WHERE e.kind = 'REPORT_SETTLED' AND e.happened_on <= getvariable('business_date')
      AND e.event_id NOT IN (SELECT voids FROM facts.liaison_events WHERE voids IS NOT NULL)
    GROUP BY 1
),
-- Reports on members whom the provider serves today.
reports AS (
    SELECT r.*, s.assigned_on, s.assignment_id, coalesce(t.through, DATE '1900-01-01') AS through
    FROM exchange.provider_reports AS r
    JOIN exchange.ecm_assignments AS s ON s.cin = r.cin AND s.npi = r.npi AND s.ended_on IS NULL
    LEFT JOIN settled AS t ON t.cin = r.cin
),
-- Discontinued in this assignment, and not said to be in ECM again since.
discontinued AS (
    SELECT *
    FROM reports
    WHERE discontinuation_date >= assigned_on
      AND NOT coalesce(standing = 'SERVED' AND ecm_status_told_on > discontinuation_told_on, false)
),
-- Attempts since the release whose first contact is still open, all in vain; a letter reaches an address.
in_vain AS (
    SELECT
        c.cin, a.npi, c.due, c.clock_id, min(a.attempt_date) AS since,
        arg_max(a.file_id, (a.attempt_date, a.attempt_id)) AS file_id,
        arg_max(a.row_no, (a.attempt_date, a.attempt_id)) AS row_no
    FROM exchange.clocks AS c
    JOIN exchange.ji_episodes AS e ON e.episode_id = c.episode_id
    JOIN exchange.ecm_assignments AS s ON s.cin = c.cin AND s.ended_on IS NULL
    JOIN exchange.contact_attempts AS a
      ON a.cin = s.cin AND a.npi = s.npi AND a.is_served
     AND a.attempt_date >= coalesce(e.release_date, e.effectuation_date, a.attempt_date)
     AND a.attempt_date <= getvariable('business_date')
    WHERE c.rule = 'R10' AND c.is_target AND c.met_on IS NULL AND c.status <> 'VOID'
    GROUP BY ALL
    HAVING NOT bool_or(a.attempt_successful AND a.attempt_method <> 'MAIL')
),
different AS (
    SELECT
        r.*,
        coalesce(r.phone_told_on > r.through AND ten_digits(r.phone) <> coalesce(ten_digits(m.phone), ''), false)
            AS phone_differs,
        coalesce(
            r.address_told_on > r.through AND is_other_place(r.address, r.zip, coalesce(m.address_1, ''), m.zip), false
        ) AS address_differs
    FROM reports AS r
    JOIN exchange.members AS m ON m.cin = r.cin
),
-- The last contact that a provider reports of a day after the end of all its assignments of the member.
ended AS (
    SELECT cin, npi, max(ended_on) AS ended_on
    FROM exchange.ecm_assignments
    GROUP BY cin, npi
    HAVING bool_and(ended_on IS NOT NULL)
),
contacts AS (
    SELECT cin, npi, attempt_date AS happened_on, file_id, row_no FROM exchange.contact_attempts WHERE attempt_successful
    UNION ALL
    SELECT cin, npi, happened_on, file_id, row_no FROM exchange.care_days WHERE kind = 'ENCOUNTER'
),
served_on AS (
    SELECT c.*
    FROM contacts AS c
    JOIN ended AS s ON s.cin = c.cin AND s.npi = c.npi AND s.ended_on < c.happened_on
    LEFT JOIN settled AS t ON t.cin = c.cin
    WHERE c.happened_on > coalesce(t.through, s.ended_on)
    QUALIFY row_number() OVER (PARTITION BY c.cin, c.npi ORDER BY c.happened_on DESC, c.file_id DESC, c.row_no DESC) = 1
)
SELECT
    'PROVIDER_ENDED' AS list, cin, npi, discontinuation_date AS due, discontinuation_told_on AS since,
    'DISCONTINUED' AS reason, 'R17' AS rule, assignment_id AS about, file_id, row_no
FROM discontinued
WHERE discontinuation_told_on > through
UNION ALL BY NAME
SELECT
    'NOT_REACHED' AS list, cin, npi, due, since, 'ATTEMPTS_IN_VAIN' AS reason, 'R10' AS rule, clock_id AS about, file_id, row_no
FROM in_vain
UNION ALL BY NAME
SELECT
    'REAUTHORIZATION' AS list, r.cin, r.npi, z.review_on AS due, r.reauthorization_told_on AS since,
    'REQUESTED' AS reason, 'R4' AS rule, z.authorization_id AS about, r.file_id, r.row_no
FROM reports AS r
JOIN exchange.ecm_authorizations AS z ON z.cin = r.cin AND z.status IN ('ACTIVE', 'EXPIRED')
WHERE r.reauthorization_request = 'Y' AND r.reauthorization_told_on > greatest(r.through, z.start_date)
QUALIFY row_number() OVER (PARTITION BY r.cin, r.npi ORDER BY z.start_date DESC) = 1
UNION ALL BY NAME
SELECT
    'CONTACT_DATA' AS list, cin, npi,
    greatest(CASE WHEN phone_differs THEN phone_told_on END, CASE WHEN address_differs THEN address_told_on END) AS since,
    CASE WHEN NOT address_differs THEN 'PHONE' WHEN NOT phone_differs THEN 'ADDRESS' ELSE 'ADDRESS_AND_PHONE' END AS reason,
    CASE WHEN address_differs THEN 'R22' ELSE 'R10' END AS rule, concat_ws('|', cin, npi) AS about, file_id, row_no
FROM different
WHERE phone_differs OR address_differs
UNION ALL BY NAME
SELECT
    'CONTRADICTIONS' AS list, cin, npi, ecm_status_told_on AS since, 'PROVIDER_SAYS_ENDED' AS reason, 'R17' AS rule,
    assignment_id AS about, file_id, row_no
FROM reports
WHERE standing = 'ENDED' AND ecm_status_told_on > greatest(through, assigned_on)
  AND coalesce(discontinuation_date < assigned_on, true)
UNION ALL BY NAME
SELECT
    'CONTRADICTIONS' AS list, cin, npi, happened_on AS since, 'PROVIDER_SERVES_ON' AS reason, 'R17' AS rule,
    concat_ws('|', cin, npi) AS about, file_id, row_no
FROM served_on;
