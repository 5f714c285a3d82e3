-- What 834s have said so far of those whom a statement may mean: anything an 834 ever said of a member may agree, so that
-- a match, once earned, does not vanish when the person moves or marries. `told_on` is when an 834 first said it.

-- The formal names that a name may stand for.
CREATE OR REPLACE TEMP TABLE name_forms AS SELECT name, list(formal ORDER BY formal) AS forms FROM nicknames GROUP BY name;

-- The CINs that a statement's own leads to: itself and, where it is an alias, the one that counts.
CREATE OR REPLACE TEMP TABLE named AS
SELECT id, cin FROM statements WHERE cin IS NOT NULL
UNION
SELECT s.id, a.cin FROM statements AS s JOIN exchange.cin_aliases AS a ON a.alias = s.cin;

CREATE OR REPLACE TEMP TABLE holders AS
SELECT
    cin, birth_date, plain(last_name) AS last, suffix(last_name, name_suffix) AS suffix, plain(first_name) AS first,
    plain(middle_name) AS middle, told_on
FROM (
    SELECT m.cin, m.birth_date, m.last_name, m.name_suffix, m.first_name, m.middle_name, min(f.file_date) AS told_on
    FROM facts.enrollment_members AS m
    JOIN ledger.files AS f ON f.file_id = m.file_id
    WHERE m.cin IN (SELECT cin FROM named)
    GROUP BY ALL
);

-- What of a statement agrees with the 834's words on the holder of its CIN. Names in each other's column agree too; a
-- first name agrees with a nickname, an initial, a slip or the middle name.
CREATE OR REPLACE TEMP TABLE by_cin AS
SELECT
    s.id,
    arg_min(h.cin, (h.cin <> s.cin, h.cin)) AS cin,
    s.dob IS NULL AND s.last IS NULL AS says_no_more,
    bool_or(coalesce(s.dob = h.birth_date, false)) AS birth_date,
    bool_or(last_agrees) AS last_name,
    bool_or(first_agrees) AS first_name,
    bool_or(last_agrees) AND NOT bool_or(first_agrees) AND bool_or(s.first IS NOT NULL AND h.first IS NOT NULL)
        AS is_another_of_the_family,
    bool_or(coalesce(s.dob = h.birth_date AND s.last = h.last AND s.first = h.first, false)) AS wholly
FROM statements AS s
JOIN named AS n ON n.id = s.id
JOIN holders AS h ON h.cin = n.cin AND h.told_on <= s.retry_until
LEFT JOIN name_forms AS said ON said.name = s.first
LEFT JOIN name_forms AS holds ON holds.name = h.first
CROSS JOIN LATERAL (
    SELECT
        coalesce(
            (s.last = h.last AND NOT coalesce(s.suffix <> h.suffix, false)) OR (s.last = h.first AND s.first = h.last), false
        ) AS last_agrees,
        coalesce(
            starts_with(s.first, h.first) OR starts_with(h.first, s.first) OR s.first = h.last
            OR jaro_winkler_similarity(s.first, h.first) >= 0.88 OR list_has_any(said.forms, holds.forms), false
        ) OR coalesce(starts_with(h.middle, s.first), false) OR coalesce(starts_with(s.middle, h.first), false)
            AS first_agrees
) AS agreement
GROUP BY s.id, s.dob, s.last;

-- Whose name and birth date are those of a statement that its CIN does not settle.
CREATE OR REPLACE TEMP TABLE unsettled AS
SELECT
    s.* REPLACE (
        coalesce(known([left(zip, 5) FOR zip IN s.zips]), []) AS zips,
        coalesce(known([digits(phone) FOR phone IN s.phones]), []) AS phones,
        lower(trim(s.email)) AS email
    ),
    parts(s.last_name) AS last_parts,
    n.cin IS NOT NULL OR (s.cin IS NOT NULL AND NOT is_placeholder(s.cin)) AS has_cin
FROM statements AS s
LEFT JOIN by_cin AS n ON n.id = s.id
WHERE NOT coalesce(n.wholly OR n.says_no_more, false);

-- Names are made plain only where a birth date fits: that is costly, and the roster is long.
CREATE OR REPLACE TEMP TABLE namesakes AS
SELECT s.id, p.cin, coalesce(a.cin, p.cin) AS person
FROM unsettled AS s
JOIN (
    SELECT cin, birth_date, plain(last_name) AS last, plain(first_name) AS first, told_on
    FROM (
        SELECT m.cin, m.birth_date, m.last_name, m.first_name, min(f.file_date) AS told_on
        FROM facts.enrollment_members AS m
        JOIN ledger.files AS f ON f.file_id = m.file_id
        WHERE m.birth_date IN (SELECT dob FROM unsettled)
        GROUP BY ALL
    )
) AS p ON p.birth_date = s.dob AND p.last = s.last AND p.first = s.first AND p.told_on <= s.retry_until
LEFT JOIN exchange.cin_aliases AS a ON a.alias = p.cin
GROUP BY ALL;

-- What more agrees. The sex does not count: it follows from the first name; but where it differs, someone must look.
CREATE OR REPLACE TEMP TABLE by_name AS
WITH more AS (
    SELECT
        m.cin, left(m.zip, 5) AS zip, left(m.mailing_zip, 5) AS mailing_zip, digits(m.phone) AS phone,
        lower(trim(m.email)) AS email, m.ref_0f AS plan_member_id,
        CASE WHEN m.gender IN ('M', 'F') THEN m.gender END AS sex, min(f.file_date) AS told_on
    FROM facts.enrollment_members AS m
    JOIN ledger.files AS f ON f.file_id = m.file_id
    WHERE m.cin IN (SELECT cin FROM namesakes)
    GROUP BY ALL
)
SELECT
    id, person, arg_min(cin, (cin <> person, cin)) AS cin,
    concat_ws(';', 'last_name', 'first_name', 'birth_date', CASE WHEN bool_or(zip) THEN 'zip' END,
              CASE WHEN bool_or(phone) THEN 'phone' END, CASE WHEN bool_or(email) THEN 'email' END,
              CASE WHEN bool_or(plan_member_id) THEN 'plan_member_id' END) AS agreement,
    bool_or(zip OR phone OR email OR plan_member_id) AS agrees,
    bool_or(other_sex) AND NOT bool_or(same_sex) AS sex_differs
FROM (
    SELECT
        s.id, n.person, n.cin,
        coalesce(list_contains(s.zips, m.zip) OR list_contains(s.zips, m.mailing_zip), false) AS zip,
        coalesce(list_contains(s.phones, m.phone), false) AS phone,
        coalesce(s.email = m.email, false) AS email,
        coalesce(s.plan_member_id = m.plan_member_id, false) AS plan_member_id,
        coalesce(s.sex = m.sex, false) AS same_sex, coalesce(s.sex <> m.sex, false) AS other_sex
    FROM namesakes AS n
    JOIN unsettled AS s ON s.id = n.id
    JOIN more AS m ON m.cin = n.cin AND m.told_on <= s.retry_until
)
GROUP BY id, person;
