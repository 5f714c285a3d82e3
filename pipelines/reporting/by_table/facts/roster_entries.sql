-- Whether the night found the table of providers changed.
SELECT
    count(*) FILTER (listed) AS entries_changed, count(*) FILTER (NOT listed) AS entries_gone
FROM facts.roster_entries WHERE valid_from = getvariable('business_date')
