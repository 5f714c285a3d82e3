-- What became of each referral (`pipelines/responses/referral_status.sql`) with the member it means and what its source knows.
WITH told AS (
    SELECT
        r.source, r.referral_id, arg_max(r.status, (o.business_date, o.part)) AS told_as,
        max(o.business_date) AS told_on
    FROM delivery.referral_rows AS r
    JOIN delivery.outbox AS o ON o.outbox_id = r.outbox_id AND o.status = 'DELIVERED'
    GROUP BY r.source, r.referral_id
)
SELECT x.*, m.last_name, m.first_name, t.told_as, t.told_on
FROM referral_outcomes AS x
LEFT JOIN exchange.members AS m ON m.cin = x.cin
LEFT JOIN told AS t ON t.source = x.source AND t.referral_id = x.referral_id
WHERE $source IS NULL OR x.source = $source
ORDER BY x.source, x.status, x.referral_id
