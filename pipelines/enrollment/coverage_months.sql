-- Newest file wins for each member, plan code and benefit month; older versions stay in the facts.
DELETE FROM exchange.coverage_months WHERE cin IN (SELECT cin FROM touched);

INSERT INTO exchange.coverage_months BY NAME
SELECT
    cin, hcp_code, benefit_month, file_id, file_order, segment_no, hcp_status, coverage_class,
    benefit_begin, benefit_end, aid_code,
    concat_ws(';', special_aid_1, special_aid_2, special_aid_3) AS special_aid_codes
FROM classified_coverage
WHERE cin IN (SELECT cin FROM touched)
QUALIFY row_number() OVER (
    PARTITION BY cin, hcp_code, benefit_month ORDER BY file_order DESC, file_id DESC, segment_no DESC
) = 1;
