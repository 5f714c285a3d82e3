-- Newest file wins for each member, plan code and benefit month; older versions stay in the facts. Each step takes the few
-- columns it needs: the rows are many.
CREATE OR REPLACE TEMP TABLE fresh_coverage AS
SELECT
    cin, file_id, file_order, segment_no, maintenance_type, hcp_code, hcp_status, benefit_begin, benefit_end,
    benefit_month, aid_code, special_aid_1, special_aid_2, special_aid_3
FROM (
    SELECT * FROM facts.enrollment_coverage WHERE file_id IN (FROM fresh_files) AND cin IN (FROM carried_on)
    UNION ALL
    SELECT * FROM facts.enrollment_coverage WHERE cin IN (FROM made_anew)
);

CREATE OR REPLACE TEMP TABLE fresh_months AS
SELECT
    cin, hcp_code, benefit_month, file_id, file_order, segment_no, hcp_status, coverage_class,
    benefit_begin, benefit_end, aid_code,
    concat_ws(';', special_aid_1, special_aid_2, special_aid_3) AS special_aid_codes,
    place + segment_no AS position
FROM classified('fresh_coverage')
JOIN file_places USING (file_id);

CREATE OR REPLACE TEMP TABLE newest_months AS
SELECT * EXCLUDE (position)
FROM fresh_months
QUALIFY row_number() OVER (PARTITION BY cin, hcp_code, benefit_month ORDER BY position DESC) = 1;

-- Of those carried on, all that is known comes from older files.
DELETE FROM exchange.coverage_months AS known USING newest_months AS newest
WHERE known.cin = newest.cin AND known.hcp_code = newest.hcp_code AND known.benefit_month = newest.benefit_month;

DELETE FROM exchange.coverage_months WHERE cin IN (FROM made_anew);

INSERT INTO exchange.coverage_months BY NAME FROM newest_months;
