-- How many members each locator flags, beside the most that the configuration lets pass; the last line is any of them.
SELECT
    coalesce(max(flagged) FILTER (locator IS NULL), 0) AS flagged,
    coalesce(max(most) FILTER (locator IS NULL), 0) AS most_allowed,
    list({locator: coalesce(locator, 'any'), flagged: flagged, members: members, most_allowed: most}
         ORDER BY locator NULLS LAST) AS by_locator
FROM exchange.locator_totals
