-- Whom each statement speaks of (R3). The liaison's decision comes first; then a CIN that its holder's name or birth date
-- bears out; without one, name, birth date and one more datum that agree with one person alone; last, another statement
-- of the same person in the same place. Everything else waits or is looked at: nobody is matched on name and birth date.

-- A decision holds for all versions of its entry, unless name and birth date are both no longer those it was made on.
CREATE OR REPLACE TEMP TABLE decided AS
SELECT s.id, d.action, d.cin
FROM (
    SELECT *
    FROM facts.identity_decisions
    WHERE decided_on <= getvariable('business_date')
    QUALIFY row_number() OVER (PARTITION BY kind, source, key ORDER BY sequence DESC) = 1
) AS d
JOIN statements AS s ON s.kind = d.kind AND s.source = d.source AND s.key = d.key
JOIN statements AS v ON v.kind = d.kind AND v.file_id = d.file_id AND v.row_no = d.row_no
WHERE d.action <> 'REOPEN'
  AND coalesce(
      (s.last = v.last AND s.first = v.first) OR s.dob = v.dob
      OR (coalesce(s.last, v.last) IS NULL AND coalesce(s.dob, v.dob) IS NULL AND s.cin IS NOT DISTINCT FROM v.cin),
      false
  );

CREATE OR REPLACE TEMP TABLE known_directly AS
WITH by_name_in_all AS (
    SELECT
        id, count(*) AS fitting, count(*) FILTER (agrees) AS agreeing,
        any_value(cin) FILTER (agrees) AS cin, any_value(agreement) FILTER (agrees) AS agreement,
        bool_or(sex_differs) FILTER (agrees) AS sex_differs
    FROM by_name
    GROUP BY id
),
-- Another person whose name and birth date are wholly those of the statement: twins, parent and child of one name.
better AS (
    SELECT DISTINCT n.id
    FROM namesakes AS n
    JOIN by_cin AS c ON c.id = n.id
    LEFT JOIN exchange.cin_aliases AS a ON a.alias = c.cin
    WHERE n.person <> coalesce(a.cin, c.cin)
)
SELECT
    s.id,
    CASE
        WHEN d.action = 'ACCEPT' THEN 'LIAISON'
        WHEN d.action = 'REJECT' THEN 'NOBODY'
        WHEN c.id IS NOT NULL THEN
            CASE WHEN c.says_no_more OR c.wholly THEN 'CIN'
                 WHEN c.is_another_of_the_family OR b.id IS NOT NULL OR NOT (c.last_name OR c.birth_date) THEN 'REVIEW'
                 ELSE 'CIN' END
        WHEN u.has_cin THEN CASE WHEN n.fitting > 0 THEN 'REVIEW' ELSE 'UNMATCHED' END
        WHEN n.agreeing = 1 AND NOT n.sex_differs THEN 'NAME_BIRTH_DATE_AND_MORE'
        WHEN n.fitting > 0 THEN 'REVIEW'
        ELSE 'UNMATCHED'
    END AS method,
    CASE
        WHEN method IN ('LIAISON', 'CIN', 'NAME_BIRTH_DATE_AND_MORE') THEN ''
        WHEN method = 'NOBODY' THEN 'REJECTED'
        WHEN c.id IS NOT NULL THEN
            CASE WHEN b.id IS NOT NULL THEN 'ANOTHER_MEMBER_FITS'
                 WHEN c.is_another_of_the_family THEN 'ANOTHER_OF_THE_FAMILY'
                 ELSE 'CIN_OF_ANOTHER' END
        WHEN u.has_cin THEN CASE WHEN n.fitting > 0 THEN 'UNKNOWN_CIN_OF_A_NAMESAKE' ELSE 'CIN_NOT_ON_834' END
        WHEN n.agreeing > 1 OR (n.fitting > 1 AND n.agreeing = 0) THEN 'SEVERAL_FIT'
        WHEN n.agreeing = 1 THEN 'SEX_DIFFERS'
        WHEN n.fitting = 1 THEN 'ONLY_NAME_AND_BIRTH_DATE'
        WHEN s.last IS NULL OR s.first IS NULL OR s.dob IS NULL THEN 'TOO_LITTLE'
        ELSE 'NOT_ON_834'
    END AS reason,
    CASE method WHEN 'LIAISON' THEN d.cin WHEN 'CIN' THEN c.cin WHEN 'NAME_BIRTH_DATE_AND_MORE' THEN n.cin END AS cin,
    CASE
        WHEN d.action IS NOT NULL THEN ''
        WHEN c.id IS NOT NULL THEN
            concat_ws(';', 'cin', CASE WHEN c.last_name THEN 'last_name' END, CASE WHEN c.first_name THEN 'first_name' END,
                      CASE WHEN c.birth_date THEN 'birth_date' END)
        WHEN method = 'NAME_BIRTH_DATE_AND_MORE' OR reason = 'SEX_DIFFERS' THEN n.agreement
        WHEN n.fitting > 0 THEN 'last_name;first_name;birth_date'
        ELSE ''
    END AS agreement
FROM statements AS s
LEFT JOIN decided AS d ON d.id = s.id
LEFT JOIN by_cin AS c ON c.id = s.id
LEFT JOIN unsettled AS u ON u.id = s.id
LEFT JOIN by_name_in_all AS n ON n.id = s.id
LEFT JOIN better AS b ON b.id = s.id;

-- A notice carries little. Where another statement with the same name and birth date is known, the same entry, booking
-- number or facility makes it the same person, unless the 834 knows a namesake.
CREATE OR REPLACE TEMP TABLE known_from_others AS
WITH told_elsewhere AS (
    SELECT
        s.id, k.cin, coalesce(a.cin, k.cin) AS person,
        bool_or(o.kind = s.kind AND o.source = s.source AND o.key = s.key) AS entry,
        bool_or(o.source = s.source AND o.booking_number = s.booking_number) AS booking,
        bool_or(o.facility = s.facility) AS facility
    FROM known_directly AS waiting
    JOIN unsettled AS s ON s.id = waiting.id
    JOIN statements AS o ON o.last = s.last AND o.first = s.first AND o.dob = s.dob AND o.file_date <= s.retry_until
    JOIN known_directly AS k ON k.id = o.id AND k.cin IS NOT NULL
    LEFT JOIN exchange.cin_aliases AS a ON a.alias = k.cin
    WHERE waiting.reason IN ('NOT_ON_834', 'ONLY_NAME_AND_BIRTH_DATE') AND NOT s.has_cin
      AND NOT coalesce(s.suffix <> o.suffix, false) AND NOT coalesce(s.sex <> o.sex, false)
      AND ((o.kind = s.kind AND o.source = s.source AND o.key = s.key)
           OR coalesce(o.source = s.source AND o.booking_number = s.booking_number, false)
           OR coalesce(o.facility = s.facility, false))
    GROUP BY ALL
)
SELECT
    t.id, arg_min(t.cin, (t.cin <> t.person, t.cin)) AS cin,
    concat_ws(';', 'last_name', 'first_name', 'birth_date', CASE WHEN bool_or(t.entry) THEN 'entry' END,
              CASE WHEN bool_or(t.booking) THEN 'booking_number' END, CASE WHEN bool_or(t.facility) THEN 'facility' END)
        AS agreement
FROM told_elsewhere AS t
LEFT JOIN by_name AS n ON n.id = t.id AND n.person <> t.person
GROUP BY t.id
HAVING count(DISTINCT t.person) = 1 AND count(n.id) = 0;

DELETE FROM exchange.identities;

INSERT INTO exchange.identities BY NAME
SELECT
    s.kind, s.file_id, s.row_no, s.line_no, s.source, s.key, coalesce(k.cin, o.cin) AS cin,
    CASE WHEN o.id IS NOT NULL THEN 'OTHER_STATEMENT'
         WHEN k.method = 'UNMATCHED' AND getvariable('business_date') > s.retry_until THEN 'EXPIRED'
         ELSE k.method END AS method,
    CASE WHEN o.id IS NOT NULL THEN '' ELSE k.reason END AS reason,
    coalesce(o.agreement, k.agreement) AS agreement,
    s.in_force, s.rank, s.first_told_on, s.release_told_on, s.told_on, s.retry_until
FROM statements AS s
JOIN known_directly AS k ON k.id = s.id
LEFT JOIN known_from_others AS o ON o.id = s.id;

-- Whom a rule has in mind but does not dare to name.
CREATE OR REPLACE TEMP TABLE in_mind AS
SELECT k.id, c.cin, k.agreement
FROM known_directly AS k
JOIN by_cin AS c ON c.id = k.id
WHERE k.method = 'REVIEW'
UNION ALL
SELECT k.id, n.cin, n.agreement
FROM known_directly AS k
JOIN by_name AS n ON n.id = k.id
LEFT JOIN by_cin AS c ON c.id = k.id AND c.cin = n.cin
WHERE k.method = 'REVIEW' AND c.id IS NULL;
