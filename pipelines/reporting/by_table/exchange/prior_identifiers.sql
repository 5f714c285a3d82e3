-- What came of the prior identifiers that the 834 gives.
SELECT
    count(*) FILTER (outcome = 'ASKED') AS asked, count(*) FILTER (outcome = 'UNCLEAR') AS unclear,
    (SELECT list(p ORDER BY outcome) FROM (
        SELECT outcome, count(*) AS identifiers FROM exchange.prior_identifiers GROUP BY ALL) AS p) AS by_outcome
FROM exchange.prior_identifiers
