-- Who is inside, who is released, and for whom the night changed that.
SELECT
    count(*) FILTER (state = 'PENDING_RELEASE') AS pending_release, count(*) FILTER (state = 'RELEASED') AS released,
    count(*) FILTER (state = 'BACK_INSIDE') AS back_inside, count(*) FILTER (state = 'CLOSED') AS closed,
    (SELECT list(e ORDER BY state, basis) FROM (
        SELECT state, basis, count(*) AS episodes FROM exchange.ji_episodes GROUP BY ALL) AS e) AS by_state,
    (SELECT list(r ORDER BY episodes DESC, close_reason) FROM (
        SELECT close_reason, count(*) AS episodes FROM exchange.ji_episodes WHERE state = 'CLOSED' GROUP BY ALL) AS r)
        AS closed_by_reason
FROM exchange.ji_episodes
