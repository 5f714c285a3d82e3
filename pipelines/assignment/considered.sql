-- Everyone who was considered for each member and what became of it. What rules a provider out stands before what speaks
-- against it, in the order in which the rule weighs: a provider that is full is FULL however badly it would fit.
CREATE OR REPLACE TEMP TABLE loads_after AS
SELECT l.npi, l.capacity, l.open + count(g.cin) AS open
FROM loads AS l
LEFT JOIN granted AS g ON g.npi = l.npi
GROUP BY l.npi, l.capacity, l.open;

CREATE OR REPLACE TEMP TABLE considered AS
WITH named AS (
    SELECT
        c.cin, c.npi, c.step, c.method, c.profile,
        CASE
            WHEN g.step = c.step THEN 'CHOSEN'
            WHEN r.npi IS NULL THEN 'NOT_IN_ROSTER'
            WHEN NOT r.active THEN 'INACTIVE'
            WHEN NOT r.ji_provider THEN 'NOT_JI_CAPABLE'
            WHEN g.step < c.step THEN 'PRECEDED'
            ELSE 'FULL'
        END AS outcome
    FROM choices AS c
    LEFT JOIN roster AS r ON r.npi = c.npi
    LEFT JOIN granted AS g ON g.cin = c.cin
),
chosen AS (
    SELECT g.cin, g.npi, f.mismatch, f.served_before, unevenness(a.open, a.capacity) AS unevenness
    FROM granted AS g
    JOIN waiting AS w ON w.cin = g.cin
    JOIN fits AS f ON f.profile = w.profile AND f.npi = g.npi
    JOIN loads_after AS a ON a.npi = g.npi
),
by_rule AS (
    SELECT
        w.cin, f.npi, 50 AS step, 'RULE' AS method, w.profile,
        CASE
            WHEN f.fit <> 'FITS' THEN f.fit
            WHEN chosen.npi = f.npi THEN 'CHOSEN'
            WHEN a.open >= a.capacity THEN 'FULL'
            WHEN f.mismatch > chosen.mismatch THEN 'WORSE_FIT'
            WHEN chosen.served_before AND NOT f.served_before THEN 'STRANGER'
            WHEN unevenness(a.open + 1, a.capacity) > chosen.unevenness THEN 'FULLER'
            ELSE 'TIE'
        END AS outcome
    FROM waiting AS w
    JOIN fits AS f ON f.profile = w.profile
    JOIN loads_after AS a ON a.npi = f.npi
    LEFT JOIN chosen ON chosen.cin = w.cin
)
SELECT
    c.cin, c.npi, c.step, c.method, c.outcome, f.mismatch, f.county_fits, f.population_fits, f.scope_fits, f.language_fits,
    f.served_before, a.open, a.capacity
FROM (FROM named UNION ALL BY NAME FROM by_rule) AS c
LEFT JOIN fits AS f ON f.profile = c.profile AND f.npi = c.npi
LEFT JOIN loads_after AS a ON a.npi = c.npi;
