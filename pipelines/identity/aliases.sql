-- CINs that are one person. The liaison's newest word on an alias counts; where there is none, what the 834 says, if the
-- plan lets it. An alias of an alias leads to the last one; what leads in a circle is nobody's alias.
CREATE OR REPLACE TEMP TABLE liaison_words AS
SELECT alias_cin AS alias, cin, action, decided_on AS since
FROM facts.cin_merges
WHERE decided_on <= getvariable('business_date')
QUALIFY row_number() OVER (PARTITION BY alias_cin ORDER BY sequence DESC) = 1;

CREATE OR REPLACE TEMP MACRO followed(links) AS TABLE
WITH RECURSIVE chain AS (
    SELECT alias, cin, since FROM query_table(links)
    UNION
    SELECT c.alias, l.cin, greatest(c.since, l.since)
    FROM chain AS c
    JOIN query_table(links) AS l ON l.alias = c.cin
)
SELECT alias, cin, max(since) AS since
FROM chain
WHERE cin NOT IN (SELECT alias FROM query_table(links))
GROUP BY alias, cin;

CREATE OR REPLACE TEMP TABLE liaison_links AS SELECT alias, cin, since FROM liaison_words WHERE action = 'MERGE';

CREATE OR REPLACE TEMP TABLE liaison_aliases AS FROM followed('liaison_links');

-- The prior identifier may be one of several values between semicolons, and may carry its check digit. What is not of
-- the form of a CIN is an identifier of another kind, and whom nothing here speaks of by it needs no alias.
CREATE OR REPLACE TEMP TABLE told_before AS
WITH spoken_of AS (
    SELECT cin FROM exchange.ji_evidence
    UNION SELECT cin FROM told_rows
)
SELECT alias, cin, min(since) AS since, arg_min(file_id, position) AS file_id, arg_min(segment_no, position) AS segment_no
FROM (
    SELECT
        left(p.prior, 9) AS alias, p.prior AS whole, p.cin, f.file_date AS since, p.file_id, p.segment_no,
        (f.file_date, f.file_order, p.file_id, p.segment_no) AS position
    FROM (SELECT * EXCLUDE (prior), unnest(string_split(upper(replace(prior, ' ', '')), ';')) AS prior FROM priors) AS p
    JOIN ledger.files AS f ON f.file_id = p.file_id
)
WHERE regexp_full_match(whole, '9\d{7}[A-Z]\d?') AND NOT is_placeholder(alias) AND alias <> cin
  AND (alias IN (FROM spoken_of) OR (cin IN (FROM spoken_of) AND alias IN (SELECT cin FROM exchange.members)))
GROUP BY alias, cin;

CREATE OR REPLACE TEMP TABLE enrollment_links AS
SELECT t.alias, coalesce(l.cin, t.cin) AS cin, max(greatest(t.since, coalesce(l.since, t.since))) AS since
FROM told_before AS t
LEFT JOIN liaison_aliases AS l ON l.alias = t.cin
WHERE getvariable('prior_identifier') = 'merge'
  AND t.alias NOT IN (SELECT alias FROM liaison_words)
  AND coalesce(l.cin, t.cin) <> t.alias
GROUP BY t.alias, coalesce(l.cin, t.cin)
QUALIFY count(*) OVER (PARTITION BY t.alias) = 1;

CREATE OR REPLACE TEMP TABLE enrollment_aliases AS FROM followed('enrollment_links');

DELETE FROM exchange.cin_aliases;

INSERT INTO exchange.cin_aliases BY NAME
SELECT l.alias, coalesce(e.cin, l.cin) AS cin, greatest(l.since, coalesce(e.since, l.since)) AS since, 'LIAISON' AS source
FROM liaison_aliases AS l
LEFT JOIN enrollment_aliases AS e ON e.alias = l.cin
UNION ALL BY NAME
SELECT alias, cin, since, '834' AS source FROM enrollment_aliases;

DELETE FROM exchange.prior_identifiers;

INSERT INTO exchange.prior_identifiers BY NAME
SELECT
    t.alias, t.cin, t.since, t.file_id, t.segment_no,
    CASE
        WHEN t.alias IN (SELECT alias FROM liaison_words) THEN 'DECIDED'
        WHEN t.alias IN (SELECT alias FROM enrollment_aliases) THEN 'MERGED'
        WHEN getvariable('prior_identifier') = 'merge' THEN 'UNCLEAR'
        ELSE 'ASKED'
    END AS outcome
FROM told_before AS t;
