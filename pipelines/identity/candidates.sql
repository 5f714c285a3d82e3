-- Who is asked about, and the members worth comparing: those who share a key with a statement. A key that very many
-- members have tells nobody apart, and comparing them all would take the night.
CREATE OR REPLACE TEMP MACRO blocking_keys(last, first, born, phones, zips) AS known(list_concat(
    CASE WHEN born IS NOT NULL THEN [
        hash('born', born),
        CASE WHEN day(born) <= 12 THEN hash('born', make_date(year(born), day(born), month(born))) END
    ] END,
    CASE WHEN last IS NOT NULL AND first IS NOT NULL AND born IS NOT NULL THEN [
        hash('name and year', least(last, first), greatest(last, first), year(born)),
        hash('name and day', least(last, first), greatest(last, first), month(born), day(born))
    ] END,
    CASE WHEN last IS NOT NULL AND born IS NOT NULL THEN [hash('zip', zip, last, year(born)) FOR zip IN zips] END,
    [hash('phone', phone) FOR phone IN phones]
));

CREATE OR REPLACE TEMP TABLE asked AS
SELECT
    s.id, s.cin, s.last, s.last_parts, s.suffix, s.first, s.middle, s.dob AS born, s.phones, s.zips, s.sex,
    list_distinct(list_append(coalesce(f.forms, []), s.first)) AS first_forms,
    blocking_keys(s.last, s.first, s.dob, s.phones, s.zips) AS keys
FROM unsettled AS s
JOIN exchange.identities AS i ON i.kind = s.kind AND i.file_id = s.file_id AND i.row_no = s.row_no
LEFT JOIN name_forms AS f ON f.name = s.first
WHERE i.rank = 1 AND i.in_force AND i.method IN ('REVIEW', 'UNMATCHED');

CREATE OR REPLACE TEMP TABLE comparable AS
WITH asked_keys AS (
    SELECT DISTINCT unnest(keys) AS key FROM asked
),
roster AS MATERIALIZED (
    SELECT cin, birth_date, plain(last_name) AS last, plain(first_name) AS first, known([digits(phone)]) AS phones,
           known([left(zip, 5), left(mailing_zip, 5)]) AS zips
    FROM exchange.members
    WHERE cin NOT IN (SELECT alias FROM exchange.cin_aliases)
),
shared AS (
    SELECT r.cin, r.key
    FROM (SELECT cin, unnest(blocking_keys(last, first, birth_date, phones, zips)) AS key FROM roster) AS r
    SEMI JOIN asked_keys AS a ON a.key = r.key
    QUALIFY count(*) OVER (PARTITION BY r.key) <= getvariable('too_common')
)
SELECT cin, list(key ORDER BY key) AS keys FROM shared GROUP BY cin;

CREATE OR REPLACE TEMP TABLE candidates AS
SELECT
    row_number() OVER (ORDER BY m.cin) AS id, m.cin, c.keys, plain(m.last_name) AS last, parts(m.last_name) AS last_parts,
    suffix(m.last_name, m.name_suffix) AS suffix, plain(m.first_name) AS first, plain(m.middle_name) AS middle,
    m.birth_date AS born, coalesce(known([digits(m.phone)]), []) AS phones,
    coalesce(known([left(m.zip, 5), left(m.mailing_zip, 5)]), []) AS zips,
    CASE WHEN m.gender IN ('M', 'F') THEN m.gender END AS sex,
    list_distinct(list_append(coalesce(f.forms, []), plain(m.first_name))) AS first_forms
FROM comparable AS c
JOIN exchange.members AS m ON m.cin = c.cin
LEFT JOIN name_forms AS f ON f.name = plain(m.first_name);
