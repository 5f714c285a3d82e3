-- Grant the named providers of one step as far as they are able and have places, the most urgent members first.
INSERT INTO granted
SELECT c.cin, c.npi, c.step, c.method
FROM choices AS c
JOIN needing AS n ON n.cin = c.cin
JOIN loads AS l ON l.npi = c.npi AND l.serves
WHERE c.step = $step AND c.cin NOT IN (SELECT cin FROM granted)
QUALIFY row_number() OVER (PARTITION BY c.npi ORDER BY n.priority)
    <= l.capacity - l.open - (SELECT count(*) FROM granted AS g WHERE g.npi = c.npi);
