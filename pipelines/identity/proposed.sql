-- Whom a rule has in mind comes first, then whom the model finds, the likeliest first.
DELETE FROM exchange.identity_proposals;

INSERT INTO exchange.identity_proposals BY NAME
SELECT i.kind, i.file_id, i.row_no, p.cin, p.probability, p.agreement
FROM (
    SELECT
        coalesce(m.id, f.statement) AS id, coalesce(m.cin, f.cin) AS cin, f.probability,
        coalesce(f.agreement, m.agreement) AS agreement, m.id IS NOT NULL AS by_rule
    FROM in_mind AS m
    FULL JOIN scored AS f ON f.statement = m.id AND f.cin = m.cin
) AS p
JOIN statements AS s ON s.id = p.id
JOIN exchange.identities AS i ON i.kind = s.kind AND i.file_id = s.file_id AND i.row_no = s.row_no
WHERE i.rank = 1 AND i.in_force AND i.method IN ('REVIEW', 'UNMATCHED')
QUALIFY row_number() OVER (PARTITION BY p.id ORDER BY p.by_rule DESC, p.probability DESC NULLS LAST, p.cin)
    <= getvariable('most_proposed');
