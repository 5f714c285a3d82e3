-- Who is authorized, who waits for the release, and why authorizations were closed.
SELECT
    count(*) FILTER (status = 'PENDING_RELEASE') AS pending_release, count(*) FILTER (status = 'ACTIVE') AS active,
    count(*) FILTER (status = 'SUSPENDED') AS suspended, count(*) FILTER (status = 'CLOSED') AS closed,
    count(*) FILTER (status = 'EXPIRED') AS expired,
    (SELECT list(b ORDER BY status, basis) FROM (
        SELECT status, basis, count(*) AS authorizations FROM exchange.ecm_authorizations GROUP BY ALL) AS b) AS by_status,
    (SELECT list(r ORDER BY authorizations DESC, close_reason) FROM (
        SELECT close_reason, count(*) AS authorizations FROM exchange.ecm_authorizations
        WHERE close_reason IS NOT NULL GROUP BY ALL) AS r) AS closed_by_reason
FROM exchange.ecm_authorizations
