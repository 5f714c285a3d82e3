-- What the liaison recorded and did not take back, of the persons it counts for today.
CREATE OR REPLACE TEMP TABLE standing_records AS
SELECT e.* REPLACE (coalesce(a.cin, e.cin) AS cin)
FROM facts.liaison_events AS e
LEFT JOIN exchange.cin_aliases AS a ON a.alias = e.cin
WHERE e.kind <> 'VOID' AND e.event_id NOT IN (SELECT voids FROM facts.liaison_events WHERE voids IS NOT NULL);
