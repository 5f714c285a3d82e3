"""What people and spreadsheets write in a cell, and what it is taken for."""

from __future__ import annotations

import pytest

from parsers.tabular.canonical import convert
from parsers.tabular.cells import recognise_date, recogniser
from schemas.layout import LayoutColumn, load_layout


def column(kind: str) -> LayoutColumn:
    return next(c for name in ("mini_mif", "rtf") for c in load_layout(name).columns if c.type == kind)


def converted(kind: str, text: str) -> tuple[str | None, str]:
    of = column(kind)
    return convert(text, of, recogniser(of, since_1904=False))


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("date", "03/12/2026", "2026-03-12"),
        ("date", "3/2/2026", "2026-03-02"),
        ("date", "03-12-2026", "2026-03-12"),
        ("date", "2026-03-12", "2026-03-12"),
        ("date", "2026/3/12", "2026-03-12"),
        ("date", "20260312", "2026-03-12"),
        ("date", "2026.03.12", "2026-03-12"),
        ("date", "2026-03-12 00:00:00", "2026-03-12"),
        ("date", "2026-03-12T08:30:00Z", "2026-03-12"),
        ("date", "3/12/2026 12:00 AM", "2026-03-12"),
        ("date", " 45000 ", "2023-03-15"),
        ("date", "45000.75", "2023-03-15"),
        ("date", "29/02/2024", "29/02/2024"),
        ("date", "02/29/2025", "02/29/2025"),
        ("date", "12.03.2026", "12.03.2026"),
        ("date", "3/12/26", "3/12/26"),
        ("date", "1990", "1990"),
        ("date", "0226-03-12", "0226-03-12"),
        ("date", "N/A", None),
        ("cin", "91234567b", "91234567B"),
        ("cin", " 9123 4567-B ", "91234567B"),
        ("cin", "91234567B5", "91234567B"),
        ("cin", "91234567B52026", "91234567B5"[:9]),
        ("cin", "91234567E2", "91234567E"),
        ("cin", "999999999", "999999999"),
        ("cin", "91234567B52", "91234567B52"),
        ("npi", "1234-567-893", "1234567893"),
        ("npi", "12345", "12345"),
        ("gender", "female", "F"),
        ("gender", "1", "M"),
        ("gender", "2", "F"),
        ("gender", "Non-Binary", "U"),
        ("gender", "hidden", "hidden"),
        ("yes_no", "Yes", "Y"),
        ("yes_no", "x", "Y"),
        ("yes_no", "TRUE", "Y"),
        ("yes_no", "0", "N"),
        ("yes_no", "maybe", "maybe"),
        ("phone", "5595550123", "(559) 555-0123"),
        ("phone", "+1 559.555.0123", "(559) 555-0123"),
        ("phone", "1-559-555-0123 ext. 12", "(559) 555-0123 x12"),
        ("phone", "555-0123", "555-0123"),
        ("phone", "559-555-0123; (559) 555-0199", "(559) 555-0123; (559) 555-0199"),
        ("phone", "559-555-0123 or 5595550199 or ask", "(559) 555-0123; (559) 555-0199; ask"),
        ("phone", "559-555-0123, mornings", "559-555-0123, mornings"),
        ("email", "a@example.org / b@example.org", "a@example.org; b@example.org"),
        ("zip", "93721", "93721"),
        ("zip", "937211234", "93721-1234"),
        ("county", "FRESNO COUNTY", "Fresno"),
        ("county", "County of Los Angeles", "Los Angeles"),
        ("county", "10", "Fresno"),
        ("county", "1", "Alameda"),
        ("county", "99", "99"),
        ("county", "Clark", "Clark"),
        ("integer", "007", "7"),
        ("integer", "3.0", "3"),
        ("integer", "three", "three"),
        ("text", "NA", "NA"),
        ("text", "Null", "Null"),
        ("text", "None", "None"),
        ("text", "Smith; Jones", "Smith; Jones"),
        ("text", "=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("text", "  ", None),
        ("identifier", "none", None),
        ("identifier", "0012-A", "0012-A"),
    ],
)  # fmt: skip
def test_a_cell_is_brought_into_its_canonical_form_or_left_as_it_is(kind: str, text: str, expected: str | None) -> None:
    assert converted(kind, text) == (expected, "")


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("identifier", "123456789.0", "123456789"),
        ("identifier", "6.45722E+12", None),
        ("identifier", "6.457220123456e+12", "6457220123456"),
        ("identifier", "1234567890123450", "1234567890123450"),
        ("npi", "1234567893.0", "1234567893"),
        ("npi", "1.23457E+09", "1.23457E+09"),
        ("npi", "1.234567893E+09", "1234567893"),
        ("phone", "5595550123.0", "(559) 555-0123"),
        ("cin", "9.12346E+09", "9.12346E+09"),
        ("zip", "7030", "07030"),
        ("zip", "70301234", "07030-1234"),
        ("zip", "7030.0", "07030"),
        ("text", "#REF!", None),
        ("date", "#N/A", None),
    ],
)
def test_what_a_spreadsheet_damaged_is_mended_only_without_loss_and_told(
    kind: str, text: str, expected: str | None
) -> None:
    assert converted(kind, text) == (expected, "W04")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("cin", "91234567B, 97654321B"),
        ("cin", "91234567B\n97654321B"),
        ("npi", "1234567893/1234567893"),
        ("date", "03/12/2026; 03/13/2026"),
        ("date", "2026-03-12 and 2026-03-13"),
        ("code", "ADD/TERM"),
        ("gender", "M/F"),
        ("county", "Fresno & Kern"),
        ("identifier", "A-1; A-2"),
    ],
)
def test_several_values_in_a_cell_are_told_and_left(kind: str, text: str) -> None:
    assert converted(kind, text) == (text, "R13")


@pytest.mark.parametrize(
    ("name", "heading", "text", "code"),
    [
        ("referral_source_type", "mini_mif", "Probation/Parole", "PROBATION_PAROLE"),
        ("referral_source_type", "mini_mif", "county jail", "JAIL"),
        ("record_action", "mini_mif", "Terminated", "TERM"),
        ("incarceration_status", "mini_mif", "In Custody", "IN_CUSTODY"),
        ("facility_type", "release_notice", "State Prison", "PRISON"),
        ("attempt_method", "otf", "In-Person", "IN_PERSON"),
        ("provider_type", "otf", "Non-Clinical", "NON_CLINICAL"),
        ("member_record_status", "mif", "continuing member", "CONTINUING"),
        ("record_action", "mini_mif", "Upsert", "Upsert"),
    ],
)
def test_words_for_codes_become_the_codes(name: str, heading: str, text: str, code: str) -> None:
    of = next(c for c in load_layout(heading).columns if c.name == name)
    assert convert(text, of, recogniser(of, since_1904=False)) == (code, "")


def test_serial_dates_count_from_the_first_day_of_the_workbooks_calendar() -> None:
    assert recognise_date("45000") == "2023-03-15"
    assert recognise_date("43538", since_1904=True) == "2023-03-15"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("community_supports", "Medically Tailored Meals, HTSS", "MEALS; HOUSING_TENANCY"),
        ("community_supports", "None", "NONE"),
        ("appointment_dates", "03/12/2026 and 3/15/2026", "2026-03-12; 2026-03-15"),
        ("appointment_kinds", "PCP / Dentist", "PRIMARY_CARE; DENTAL"),
        ("behavioral_health_need", "none", "NONE"),
        ("behavioral_health_need", "DMC-ODS", "SUD"),
        ("behavioral_health_owner", "None", None),
    ],
)
def test_needs_are_read_in_the_words_of_facilities_and_none_is_a_word_where_the_list_has_it(
    name: str, text: str, expected: str | None
) -> None:
    of = next(column for column in load_layout("release_notice").columns if column.name == name)
    assert convert(text, of, recogniser(of, since_1904=False)) == (expected, "")
