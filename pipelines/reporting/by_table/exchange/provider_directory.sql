-- Whom the directory lists today, and whether its changes were published in time.
SELECT
    count(*) FILTER (valid_to IS NULL AND listed AND active) AS providers_listed,
    count(*) FILTER (status = 'DUE') AS changes_due, count(*) FILTER (status = 'OVERDUE') AS changes_overdue,
    CAST(min(publish_by) FILTER (status IN ('DUE', 'OVERDUE')) AS VARCHAR) AS publish_by
FROM exchange.provider_directory
