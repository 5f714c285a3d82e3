"""The columns of the enrollment tables of an 834, in order, without what must hold of them (`schemas.enrollment`)."""

from __future__ import annotations

MEMBER_REFERENCES = ("0f", "1l", "17", "23", "3h", "6o", "dx", "f6", "q4", "qq", "zz")
"""Qualifiers of the member-level REF segments that are kept as received, as the suffix of their column `ref_`."""

COVERAGE_REFERENCES = ("ce", "rb", "17", "9v", "zx", "zz", "xx1")
"""The same for the REF segments of a coverage loop."""

MEMBER_COLUMNS = (
    "set_control", "segment_no", "subscriber_indicator", "relationship", "maintenance_type", "maintenance_reason",
    "benefit_status", "medicare_status", "employment_status", "death_date",
    *(f"ref_{qualifier}" for qualifier in MEMBER_REFERENCES),
    "cin", "reporting_month", "county_code", "aid_code", "case_number",
    "last_name", "first_name", "middle_name", "name_suffix", "phone", "email",
    "address_1", "address_2", "city", "state", "zip", "county", "birth_date", "gender", "race", "language",
    "mailing_address_1", "mailing_address_2", "mailing_city", "mailing_state", "mailing_zip",
)  # fmt: skip
"""Members, index `member_no`: one row per INS."""

COVERAGE_COLUMNS = (
    "member_no", "segment_no", "maintenance_type", "insurance_line", "hcp_code", "hcp_status",
    "benefit_begin", "benefit_end", "benefit_month", "share_of_cost", "aid_code", "esc",
    *(f"special_{part}_{number}" for number in (1, 2, 3) for part in ("aid", "esc")),
    "segment_number",
    *(f"ref_{qualifier}" for qualifier in COVERAGE_REFERENCES),
)  # fmt: skip
"""Coverage, index `coverage_no`: one row per HD, a benefit month of one member in one health care plan (HCP)."""

REPORTING_COLUMNS = ("member_no", "segment_no", "category", "ref_qualifier", "ref_value", "date")
"""Reporting categories, index `reporting_no`: loop 2750, one row per N1*75."""
