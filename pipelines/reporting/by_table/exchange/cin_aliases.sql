-- How many CINs are another name of somebody, and who says so.
SELECT
    count(*) AS aliases, count(*) FILTER (source = 'LIAISON') AS said_by_liaison, count(*) FILTER (source = '834') AS said_by_834
FROM exchange.cin_aliases
