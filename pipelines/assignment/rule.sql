-- What the rule chooses from: those nobody named a provider for that could take them, the providers that fit, and the
-- places that are left. A provider with a share x of its places filled counts x * x for each place it has: the sum is the
-- least when all are equally full, and what one place more adds to it, in millionths, is its unevenness.
CREATE OR REPLACE TEMP MACRO unevenness(filled, capacity) AS (2 * filled - 1) * 1000000 // capacity;

CREATE OR REPLACE TEMP TABLE waiting AS
SELECT cin, profile, priority FROM needing WHERE cin NOT IN (SELECT cin FROM granted);

CREATE OR REPLACE TEMP TABLE places AS
WITH taken AS (
    SELECT l.npi, l.capacity, l.open + count(g.cin) AS filled
    FROM loads AS l
    LEFT JOIN granted AS g ON g.npi = l.npi
    GROUP BY l.npi, l.capacity, l.open
),
wanted AS (
    SELECT f.npi, count(*) AS members
    FROM waiting AS w
    JOIN fits AS f ON f.profile = w.profile AND f.fit = 'FITS'
    GROUP BY f.npi
)
SELECT npi, unnest(generate_series(filled + 1, least(capacity, filled + members))) AS filled, capacity
FROM taken
JOIN wanted USING (npi)
WHERE filled < capacity;
