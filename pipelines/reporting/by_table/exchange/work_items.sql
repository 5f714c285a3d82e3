-- What waits for the JI liaison.
SELECT
    count(*) AS items, count(*) FILTER (priority = 1) AS most_urgent,
    count(*) FILTER (list = 'CLOCKS_OVERDUE') AS clocks_overdue, count(*) FILTER (list = 'UNASSIGNED') AS unassigned,
    count(*) FILTER (list = 'LATE_ADDS') AS late_adds,
    (SELECT list(l ORDER BY list) FROM (SELECT list, count(*) AS items FROM exchange.work_items GROUP BY ALL) AS l) AS by_list
FROM exchange.work_items
