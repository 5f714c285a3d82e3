-- What a change of the configuration may change: kept until the 834s have been read anew.
CREATE OR REPLACE TEMP TABLE flags_before AS SELECT DISTINCT cin, file_id FROM exchange.ji_evidence;

CREATE OR REPLACE TEMP TABLE months_before AS
SELECT cin, hcp_code, benefit_month, file_id, segment_no, coverage_class FROM exchange.coverage_months;
