-- What each 834 says of the coverage of those who were ever flagged or spoken for, by line: a line is one of the plan's
-- HCP codes under one CIN. People who were merged have the lines of all their CINs.
CREATE OR REPLACE TEMP TABLE persons AS
WITH counting AS (
    SELECT DISTINCT coalesce(merged.cin, concerned.cin) AS cin
    FROM (SELECT cin FROM exchange.ji_evidence UNION SELECT cin FROM versions) AS concerned
    LEFT JOIN exchange.cin_aliases AS merged ON merged.alias = concerned.cin
)
SELECT
    said, cin, said = cin AS is_main, row_number() OVER (ORDER BY cin, said) AS bearer,
    dense_rank() OVER (ORDER BY cin) AS member
FROM (
    SELECT cin AS said, cin FROM counting
    UNION
    SELECT alias, cin FROM exchange.cin_aliases WHERE cin IN (FROM counting)
);

-- `bearer` numbers the CINs, `member` the people, `place` the files.
CREATE OR REPLACE TEMP TABLE sightings AS
SELECT
    p.member, p.bearer, o.place, any_value(p.is_main) AS is_main, any_value(o.file_date) AS file_date,
    any_value(o.scope) AS scope,
    max(m.death_date) AS death_date, bool_or(m.maintenance_type = '024') AS is_ended,
    arg_max(m.ref_zz, m.segment_no) AS plans, max(m.segment_no) AS record_no
FROM facts.enrollment_members AS m
JOIN persons AS p ON p.said = m.cin
JOIN file_places AS o ON o.file_id = m.file_id
GROUP BY p.member, p.bearer, o.place;

CREATE OR REPLACE TEMP TABLE concerned_coverage AS
SELECT
    c.cin, c.file_id, c.segment_no, c.maintenance_type, c.hcp_code, c.hcp_status, c.benefit_month, c.benefit_begin,
    c.benefit_end, p.member, p.bearer, p.is_main, o.place
FROM facts.enrollment_coverage AS c
JOIN persons AS p ON p.said = c.cin
JOIN file_places AS o ON o.file_id = c.file_id
WHERE c.benefit_month IS NOT NULL;

CREATE OR REPLACE TEMP TABLE months AS
SELECT
    c.member, c.bearer, c.is_main, c.hcp_code, c.place, o.file_date, c.segment_no, c.benefit_month, c.benefit_begin,
    c.coverage_class, c.coverage_class = 'terminated' AND c.benefit_begin > o.file_date AS ends_later,
    -- Newest month first, then active, then the last row: as one number, because that is what it costs to compare.
    ((datepart('year', c.benefit_month) * 12 + datepart('month', c.benefit_month)) << 40)
        + (CAST(c.coverage_class = 'active' AS BIGINT) << 39) + c.segment_no AS position
FROM classified('concerned_coverage') AS c
JOIN file_places AS o ON o.place = c.place;

-- INS*024 ends the membership: on the day after the last one that the file itself shows as covered, else at once. An end
-- a year ahead or more is an open one and promises nothing.
CREATE OR REPLACE TEMP TABLE member_ends AS
SELECT s.*, coalesce(shown.last_day + 1, s.file_date) AS ends_on, shown.last_day IS NULL AS is_at_once
FROM sightings AS s
LEFT JOIN (
    SELECT s.bearer, s.place, max(c.benefit_end) AS last_day
    FROM sightings AS s
    JOIN concerned_coverage AS c ON c.bearer = s.bearer AND c.place = s.place
    JOIN hcp_status AS known ON known.status = c.hcp_status AND known.coverage_class IN ('active', 'hold')
    WHERE s.is_ended AND c.maintenance_type <> '024' AND c.benefit_end >= c.benefit_begin
      AND list_contains(getvariable('own_codes'), c.hcp_code)
      AND c.benefit_end > s.file_date AND c.benefit_end < s.file_date + INTERVAL 1 YEAR
    GROUP BY s.bearer, s.place
) AS shown ON shown.bearer = s.bearer AND shown.place = s.place
WHERE s.is_ended
  AND NOT EXISTS (SELECT 1 FROM months AS m WHERE m.bearer = s.bearer AND m.place = s.place AND m.ends_later);

-- The end of a month's coverage is taken back where a later file covers that month: the newest file counts.
CREATE OR REPLACE TEMP TABLE covering AS
SELECT m.member, m.benefit_month, max(m.place) AS place
FROM months AS m
WHERE m.coverage_class IN ('active', 'hold')
  AND (m.member IN (SELECT member FROM months WHERE coverage_class = 'terminated') OR m.member IN (SELECT member FROM member_ends))
  AND NOT EXISTS (SELECT 1 FROM member_ends AS e WHERE e.is_at_once AND e.bearer = m.bearer AND e.place = m.place)
GROUP BY m.member, m.benefit_month;

DELETE FROM member_ends AS ends USING covering AS c
WHERE c.member = ends.member AND c.benefit_month = date_trunc('month', ends.ends_on) AND c.place > ends.place;

DELETE FROM months AS m USING covering AS c
WHERE m.coverage_class = 'terminated' AND c.member = m.member AND c.benefit_month = m.benefit_month AND c.place > m.place;

-- The newest month of each line in each file.
CREATE OR REPLACE TEMP TABLE words AS
SELECT
    member, bearer, any_value(is_main) AS is_main, hcp_code, place, any_value(file_date) AS file_date,
    arg_max(benefit_month, position) AS benefit_month, arg_max(benefit_begin, position) AS benefit_begin,
    arg_max(coverage_class, position) AS coverage_class, max(position) AS position
FROM months
WHERE NOT ends_later
GROUP BY member, bearer, hcp_code, place;

-- Those of people with more than one line, each as far as it is the line's newest so far.
CREATE OR REPLACE TEMP TABLE lines AS
SELECT *
FROM words
WHERE member IN (SELECT member FROM words GROUP BY member HAVING count(DISTINCT (bearer, hcp_code)) > 1)
QUALIFY benefit_month >= coalesce(max(benefit_month) OVER (
    PARTITION BY bearer, hcp_code ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
), benefit_month);

-- Every end that was told and has come: of a line, or of all lines of a CIN (INS*024; no code).
CREATE OR REPLACE TEMP TABLE ends AS
SELECT row_number() OVER (ORDER BY place, bearer, hcp_code, ends_on) AS end_no, *
FROM (
    SELECT
        member, bearer, is_main, hcp_code, place, file_date, file_date AS ends_on, benefit_month, benefit_begin, position
    FROM words
    WHERE coverage_class = 'terminated'
    UNION ALL BY NAME
    SELECT
        member, bearer, is_main, hcp_code, place, file_date, benefit_begin AS ends_on, benefit_month, benefit_begin, position
    FROM months
    WHERE ends_later AND benefit_begin <= getvariable('business_date')
    UNION ALL BY NAME
    SELECT
        member, bearer, is_main, place, file_date, ends_on, CAST(date_trunc('month', ends_on) AS DATE) AS benefit_month,
        ends_on AS benefit_begin
    FROM member_ends
    WHERE ends_on <= getvariable('business_date')
);

-- An end is none for the person while another line runs. Lines of one CIN run on for a month without being named, unless a
-- full file names the person without them. After a merge the CIN that counts runs on whatever is said under the other,
-- and the other counts only where it speaks of the very month.
CREATE OR REPLACE TEMP TABLE held_up AS
WITH others AS (
    SELECT
        e.end_no, e.bearer AS ended_bearer, e.benefit_month AS ended_month, e.place AS end_place, e.ends_on,
        w.bearer, w.is_main, w.hcp_code, max(w.place) AS place,
        arg_max(w.coverage_class, w.place) AS coverage_class, arg_max(w.benefit_month, w.place) AS benefit_month
    FROM ends AS e
    JOIN lines AS w ON w.member = e.member AND (w.place <= e.place OR w.file_date < e.ends_on)
    WHERE w.bearer <> e.bearer OR w.hcp_code <> e.hcp_code
    GROUP BY ALL
)
SELECT DISTINCT end_no
FROM others AS o
WHERE coverage_class IN ('active', 'hold') AND CASE
    WHEN bearer = ended_bearer THEN
        benefit_month >= ended_month - INTERVAL 1 MONTH AND NOT EXISTS (
            SELECT 1 FROM sightings AS s
            WHERE s.bearer = o.bearer AND s.scope = 'FULL' AND s.place > o.place
              AND (s.place <= o.end_place OR s.file_date < o.ends_on)
        )
    ELSE is_main OR benefit_month >= ended_month
END;

DELETE FROM ends WHERE end_no IN (FROM held_up);
