-- Grant the named providers of one step as far as they are able and have places, the most urgent members first.
INSERT INTO granted
SELECT c.cin, c.npi, c.method
FROM choices AS c
JOIN needing AS n ON n.cin = c.cin
JOIN roster AS r ON r.npi = c.npi AND r.active AND r.ji_provider
JOIN loads AS l ON l.npi = c.npi
WHERE c.step = $step AND c.cin NOT IN (SELECT cin FROM granted)
QUALIFY row_number() OVER (PARTITION BY c.npi ORDER BY n.urgency, n.opened_on, c.cin)
    <= l.capacity - l.open - (SELECT count(*) FROM granted AS g WHERE g.npi = c.npi);
