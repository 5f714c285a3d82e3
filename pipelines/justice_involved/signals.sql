-- The timeline of each member: every event of the 834s and the statements in the order of the days they happened on; on
-- one day the 834s first, then by file.
CREATE OR REPLACE TEMP TABLE signals AS
SELECT
    row_number() OVER (ORDER BY t.member, t.happened_on, t.told_by, t.place, e.number) AS number, t.*, e.number AS event_number
FROM (
    SELECT *, 1 AS told_by FROM enrollment_events
    UNION ALL BY NAME
    SELECT p.member, s.* EXCLUDE (cin), 2 AS told_by FROM statement_events AS s JOIN persons AS p ON p.said = s.cin
) AS t
JOIN machine_events AS e ON e.event = t.event;
