-- One round of the rule. A provider takes no more than a quarter of those who ask: the others level the loads in later rounds.
INSERT INTO granted
WITH free AS (
    SELECT
        l.npi,
        l.capacity - l.open - count(g.cin) AS places,
        (l.open + count(g.cin)) / l.capacity AS load
    FROM loads AS l
    LEFT JOIN granted AS g ON g.npi = l.npi
    WHERE l.capacity > 0
    GROUP BY l.npi, l.capacity, l.open
),
asked AS (
    SELECT f.cin, f.npi, f.urgency, free.places
    FROM rule_fits AS f
    JOIN free ON free.npi = f.npi AND free.places > 0
    WHERE f.fit = 'FITS' AND f.cin NOT IN (SELECT cin FROM granted)
    QUALIFY row_number() OVER (PARTITION BY f.cin ORDER BY f.mismatch, free.load, f.tie) = 1
)
SELECT cin, npi, 'RULE' AS method
FROM asked
QUALIFY row_number() OVER (PARTITION BY npi ORDER BY urgency, cin)
    <= greatest(1, least(places // 20, count(*) OVER (PARTITION BY npi) // 4));
