-- What each provider had been told before this night, and was given on which day: what gates measure tonight's rows by.
CREATE OR REPLACE TEMP TABLE told_by_night AS
SELECT r.npi, r.assignment_id, r.record_action, r.delivery, d.business_date < getvariable('business_date') AS before
FROM delivery.delivered_rows AS r
JOIN delivery.deliveries AS d ON d.delivery = r.delivery;

CREATE OR REPLACE TEMP TABLE open_before AS
SELECT npi, count(*) AS members
FROM (
    SELECT npi, arg_max(record_action, delivery) AS last_told FROM told_by_night WHERE before
    GROUP BY npi, assignment_id
)
WHERE last_told IN ('ADD', 'CHANGE')
GROUP BY npi;

-- A night may run several times: its ends add up.
CREATE OR REPLACE TEMP TABLE ended_tonight AS
SELECT npi, count(DISTINCT assignment_id) AS members
FROM told_by_night
WHERE NOT before AND record_action IN ('TERM', 'VOID')
GROUP BY npi;

-- Members by the day on which they were assigned, not told: who was owed for a week, because a server was down, is no surge.
CREATE OR REPLACE TEMP TABLE given AS
SELECT
    a.npi, a.assigned_on AS day, count(*) AS members,
    row_number() OVER (PARTITION BY a.npi ORDER BY a.assigned_on) = 1 AS is_start
FROM exchange.ecm_assignments AS a
SEMI JOIN told_by_night AS t ON t.npi = a.npi AND t.assignment_id = a.assignment_id AND t.record_action = 'ADD'
GROUP BY a.npi, a.assigned_on;

-- The day on which a provider starts brings all it gets at once, and says nothing about later ones. With few days of its own
-- a provider is measured by the busiest day of any other; where nobody has a history, as in the first nights of a plan,
-- nothing is known and nothing held.
CREATE OR REPLACE TEMP TABLE surges AS
WITH due AS (
    SELECT c.npi, a.assigned_on AS day, list(a.assignment_id ORDER BY a.assignment_id) AS assignments
    FROM compared AS c
    JOIN exchange.ecm_assignments AS a ON a.assignment_id = c.assignment_id AND a.npi = c.npi
    WHERE c.record_action = 'ADD'
    GROUP BY c.npi, a.assigned_on
),
large AS (
    SELECT due.*, len(due.assignments) + coalesce(g.members, 0) AS members
    FROM due LEFT JOIN given AS g ON g.npi = due.npi AND g.day = due.day
    WHERE len(due.assignments) + coalesce(g.members, 0) > getvariable('growth_floor')
)
SELECT
    l.npi, l.day, l.assignments, l.members,
    coalesce(
        CASE
            WHEN count(*) FILTER (g.is_recent AND g.npi = l.npi) >= getvariable('enough_days')
                THEN max(g.members) FILTER (g.is_recent AND g.npi = l.npi)
            ELSE max(g.members) FILTER (g.is_recent)
        END,
        0
    ) AS busiest
FROM large AS l
JOIN LATERAL (
    SELECT given.*, given.day >= l.day - CAST(getvariable('growth_days') AS INTEGER) AS is_recent
    FROM given WHERE NOT given.is_start AND given.day < l.day
) AS g ON true
GROUP BY ALL;

-- Rows of tonight by the newest 834 that names their member.
CREATE OR REPLACE TEMP TABLE resting AS
SELECT c.npi, c.assignment_id, f.file_id, f.source
FROM compared AS c
JOIN exchange.members AS m ON m.cin = c.cin
JOIN ledger.files AS f ON f.file_id = m.file_id
WHERE c.record_action IS NOT NULL;
