"""Running authorizations whose dates are no longer those that a provider was told.

The dates follow the facts: another actual release date within the episode moves the start, and the end with it. So do
enrolment months that change in retrospect and a delegating plan's own correction. The provider hears of each move by a
CHANGE of the same night; what moved for another reason than the release date a person should look at.
"""

from __future__ import annotations

MOVED = """
    WITH told AS (
        SELECT
            content ->> 'authorization_number' AS authorization_number,
            content ->> 'authorization_status' AS status,
            CAST(content ->> 'authorization_start' AS DATE) AS told_start,
            CAST(content ->> 'authorization_end' AS DATE) AS told_end,
            CAST(content ->> 'actual_release_date' AS DATE) AS told_release_date,
            delivery, assignment_id, coalesce(merged.cin, told.cin) AS cin
        FROM delivery.delivered_rows AS told
        JOIN (
            SELECT assignment_id, max(delivery) AS delivery FROM delivery.delivered_rows GROUP BY assignment_id
        ) AS last USING (assignment_id, delivery)
        LEFT JOIN exchange.cin_aliases AS merged ON merged.alias = told.cin
    )
    SELECT
        z.authorization_id, z.cin, t.told_start, t.told_end, z.start_date, z.end_date,
        CASE WHEN t.told_release_date IS DISTINCT FROM z.release_date THEN 'RELEASE_DATE' ELSE 'OTHER' END AS why
    FROM exchange.ecm_authorizations AS z
    -- The person counts as well: two delegating plans may give one number to two people.
    JOIN told AS t
      ON t.cin = z.cin AND t.authorization_number = z.authorization_number AND t.status IN ('ACTIVE', 'SUSPENDED')
    WHERE z.status IN ('ACTIVE', 'SUSPENDED') AND (t.told_start, t.told_end) IS DISTINCT FROM (z.start_date, z.end_date)
    QUALIFY row_number() OVER (PARTITION BY z.authorization_id ORDER BY t.delivery DESC, t.assignment_id) = 1
"""
"""Each authorization that moves: authorization_id, cin, what was told, what is now, and why (RELEASE_DATE, OTHER)."""
