-- How names, phones and CINs of different files are made comparable.
CREATE OR REPLACE TEMP MACRO folded(name) AS translate(lower(strip_accents(trim(name))), 'øłđı', 'oldi');

-- A suffix stands behind something else: `Ii` alone is a name.
CREATE OR REPLACE TEMP MACRO generation(name) AS
    nullif(left(regexp_extract(folded(name), '[ ,.]+(jr|junior|sr|senior|iii|ii|iv)[ .]*$', 1), 3), '');

-- On an 834 it stands apart (NM107).
CREATE OR REPLACE TEMP MACRO suffix(name, apart) AS
    replace(replace(coalesce(generation(name), generation('of ' || apart)), 'jun', 'jr'), 'sen', 'sr');

-- Case, accents, hyphens, apostrophes, spaces and the suffix differ between files for one name.
CREATE OR REPLACE TEMP MACRO plain(name) AS
    coalesce(
        nullif(regexp_replace(
            regexp_replace(folded(name), '[ ,.]+(jr|junior|sr|senior|iii|ii|iv)[ .]*$', ''), '[^a-z]', '', 'g'
        ), ''),
        nullif(lower(trim(name)), '')
    );

-- The parts of a double name that can stand for it.
CREATE OR REPLACE TEMP MACRO parts(name) AS
    list_filter(regexp_split_to_array(folded(name), '[^a-z]+'), lambda part: length(part) > 3);

-- Ten digits that are not one digit ten times.
CREATE OR REPLACE TEMP MACRO digits(phone) AS
    CASE WHEN length(replace(
        regexp_extract(regexp_replace(phone, '\D', '', 'g'), '\d{10}$'), right(regexp_replace(phone, '\D', '', 'g'), 1), ''
    )) > 0 THEN regexp_extract(regexp_replace(phone, '\D', '', 'g'), '\d{10}$') END;

CREATE OR REPLACE TEMP MACRO known(given) AS list_distinct(list_filter(given, lambda each: each IS NOT NULL));

-- A placeholder of the form of a CIN; where a member has it all the same, it is that member's.
CREATE OR REPLACE TEMP MACRO is_placeholder(cin) AS length(replace(substr(cin, 2, 7), substr(cin, 2, 1), '')) = 0;
