-- The rows of referrals, notices, receipts and MIFs that count: every version of each entry with whom it is about today.
-- A version SAYS something, ENDS the entry (TERM), or VOIDS it: what an entry said before it was voided, or before it was
-- about another person, was never said.
CREATE OR REPLACE TEMP TABLE standing_rows AS
WITH acts AS (
    SELECT
        'mini_mif' AS kind, file_id, row_no, file_date,
        CASE
            WHEN record_action = 'VOID' OR pof_justice_involved IS DISTINCT FROM 'Y' THEN 'VOIDS'
            WHEN record_action = 'TERM' THEN 'ENDS'
            ELSE 'SAYS'
        END AS does
    FROM facts.referrals
    UNION ALL
    SELECT
        'release_notice', file_id, row_no, file_date,
        CASE record_action WHEN 'VOID' THEN 'VOIDS' WHEN 'TERM' THEN 'ENDS' ELSE 'SAYS' END
    FROM facts.release_notices
    UNION ALL
    SELECT
        'care_plan_receipt', file_id, row_no, file_date,
        CASE WHEN record_action IN ('VOID', 'TERM') THEN 'VOIDS' ELSE 'SAYS' END
    FROM facts.care_plan_receipts
    UNION ALL
    SELECT
        'mif', file_id, row_no, file_date,
        CASE
            WHEN pof_justice_involved IS DISTINCT FROM 'Y' THEN 'VOIDS'
            WHEN member_record_status = 'TERMED' THEN 'ENDS'
            ELSE 'SAYS'
        END
    FROM facts.mif_members
),
-- Whom an entry is about: the CIN that counts today. To end or void it, its number is enough.
about AS (
    SELECT
        i.kind, i.source, i.key, i.file_id, i.row_no, i.rank, a.file_date, a.does,
        coalesce(
            merged.cin, i.cin,
            CASE WHEN a.does <> 'SAYS' THEN last_value(coalesce(merged.cin, i.cin) IGNORE NULLS) OVER (
                PARTITION BY i.kind, i.source, i.key ORDER BY i.rank DESC
            ) END
        ) AS cin
    FROM exchange.identities AS i
    JOIN acts AS a ON a.kind = i.kind AND a.file_id = i.file_id AND a.row_no = i.row_no
    LEFT JOIN exchange.cin_aliases AS merged ON merged.alias = i.cin
)
SELECT *
FROM about
WHERE cin IS NOT NULL
QUALIFY does <> 'VOIDS'
    AND rank < coalesce(min(rank) FILTER (does = 'VOIDS') OVER (PARTITION BY kind, source, key), rank + 1)
    AND cin = first_value(cin) OVER (PARTITION BY kind, source, key ORDER BY rank);
