-- Where a person has to look.
SELECT list, reason, due, since, rule
FROM exchange.work_items
WHERE list_contains($cins, cin)
ORDER BY due NULLS LAST, list, reason
