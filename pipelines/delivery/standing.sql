-- How each provider stands with its outbox as a night is prepared. A full file of an earlier night is owed as long as it was
-- dropped or held and none arrived since.
SELECT
    recipient,
    coalesce(list(scope) FILTER (business_date = $on AND part = 1 AND status <> 'SUPERSEDED'), []) AS told_tonight,
    coalesce(max(sequence) FILTER (business_date = $on AND status <> 'SUPERSEDED'), 0) AS last_sequence,
    arg_max(name, (business_date, sequence)) FILTER (part = 1 AND status = 'DELIVERED') AS previous_name,
    coalesce(bool_or(part = 1 AND status IN ('PREPARED', 'FAILED')), false) AS is_in_doubt,
    coalesce(
        max(business_date) FILTER (scope = 'FULL' AND part = 1 AND status = 'SUPERSEDED') > coalesce(
            max(business_date) FILTER (scope = 'FULL' AND part = 1 AND status = 'DELIVERED'), DATE '1900-01-01'
        ),
        false
    ) AS owes_full,
    coalesce(
        list((name, sha256)) FILTER (business_date = $on AND status = 'SUPERSEDED' AND NOT starts_with(reason, 'G')), []
    ) AS taken_back
FROM delivery.outbox
WHERE recipient_kind = 'PROVIDER'
GROUP BY recipient
