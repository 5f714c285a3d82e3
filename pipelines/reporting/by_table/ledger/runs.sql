-- How often the night was run, and how many lines its last run left for a person.
SELECT
    count(*) AS attempts, count(*) FILTER (status = 'ABANDONED') AS broken_off,
    coalesce(max_by(problems, attempt), 0) AS problems
FROM ledger.runs WHERE business_date = getvariable('business_date') AND status <> 'LOST'
