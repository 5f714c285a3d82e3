-- Where the place of a locator holds a value of the pattern: in a slot, or as a whole (slot 0). `said_at_the_place` stands
-- for the rows of the facts that are looked at, with the whole value of the place in each.
CREATE OR REPLACE TEMP TABLE found AS
SELECT cin, file_id, file_order, segment_no, slot, value, benefit_month, benefit_end, effective_date
FROM (
    SELECT
        said.* EXCLUDE (whole), slot, CASE WHEN slot = 0 THEN whole ELSE trim(split_part(whole, ';', slot)) END AS value
    FROM said_at_the_place AS said, unnest($slots) AS slots (slot)
    WHERE whole IS NOT NULL
)
WHERE value <> '' AND regexp_full_match(value, $pattern);
