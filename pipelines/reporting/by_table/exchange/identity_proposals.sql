-- How many rows wait for the liaison to say whom they mean.
SELECT
    count(DISTINCT (kind, file_id, row_no)) AS rows_to_decide, count(*) AS proposals,
    count(*) FILTER (probability IS NULL) AS proposed_by_rule
FROM exchange.identity_proposals
