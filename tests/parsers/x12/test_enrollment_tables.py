"""What a sound 834 becomes, column by column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import pytest

from parsers.x12.profile_files import load_profile, with_cin
from schemas.enrollment import check_chunk
from schemas.enrollment_columns import COVERAGE_COLUMNS, MEMBER_COLUMNS, REPORTING_COLUMNS

AS_OF = date(2025, 2, 6)


def cells(row: pd.Series[Any]) -> dict[str, Any]:
    return {str(column): value for column, value in row.items() if not pd.isna(value)}


def test_a_member_has_every_value_of_its_loop_in_its_column(read: Callable[..., Any], two_members: str) -> None:
    assert cells(read(two_members).members.loc[1]) == {
        "set_control": "0001",
        "segment_no": 8,
        "subscriber_indicator": "Y",
        "relationship": "18",
        "maintenance_type": "001",
        "maintenance_reason": "AI",
        "benefit_status": "A",
        "medicare_status": "E",
        "employment_status": "AC",
        "death_date": "2025-01-10",
        "ref_0f": "SUB0001",
        "ref_1l": "91234567B",
        "ref_17": ";;202502;",
        "ref_23": "4;20200101;;",
        "ref_3h": "19;10;CASE01;;",
        "ref_6o": ";W;Y;;60;",
        "ref_dx": ";;;S0000;001;20240901",
        "ref_f6": "1AA0AA0AA00",
        "ref_q4": "PRIOR1;",
        "ref_qq": ";;202004;202004",
        "ref_zz": "01059;;;;;010S1;;;;",
        "cin": "91234567B",
        "reporting_month": "2025-02-01",
        "county_code": "19",
        "aid_code": "10",
        "case_number": "CASE01",
        "last_name": "QUILLWORT",
        "first_name": "ZEPHYRA",
        "middle_name": "M",
        "name_suffix": "JR",
        "phone": "5595550101",
        "email": "ZEPHYRA@EXAMPLE.ORG",
        "address_1": "12 CANARY ST",
        "address_2": "APT 3",
        "city": "LOS ANGELES",
        "state": "CA",
        "zip": "90037",
        "county": "19",
        "birth_date": "1980-02-29",
        "gender": "F",
        "race": "2054-5",
        "language": "SPA",
        "mailing_address_1": "PO BOX 555",
        "mailing_address_2": "ROOM 2",
        "mailing_city": "FRESNO",
        "mailing_state": "CA",
        "mailing_zip": "93701",
    }


def test_a_member_with_little_said_has_the_rest_missing(read: Callable[..., Any], two_members: str) -> None:
    assert cells(read(two_members).members.loc[2]) == {
        "set_control": "0001",
        "segment_no": 53,
        "subscriber_indicator": "Y",
        "relationship": "18",
        "maintenance_type": "024",
        "maintenance_reason": "AI",
        "benefit_status": "A",
        "employment_status": "TE",
        "ref_0f": "SUB0002",
        "ref_1l": "97654321I",
        "ref_3h": "10;M1;CASE02;;",
        "cin": "97654321I",
        "county_code": "10",
        "aid_code": "M1",
        "case_number": "CASE02",
        "last_name": "THISTLEWOOD",
        "first_name": "OBERON",
        "phone": "5595550102",
        "address_1": "7 CANARY AVE",
        "city": "FRESNO",
        "state": "CA",
        "zip": "937010001",
        "birth_date": "1975-11-30",
        "gender": "M",
        "race": "7",
    }


def test_a_coverage_month_has_every_value_of_its_loop_in_its_column(read: Callable[..., Any], two_members: str) -> None:
    coverage = read(two_members).coverage
    assert coverage.index.tolist() == [1, 2, 3]
    assert coverage["member_no"].tolist() == [1, 1, 2]
    assert cells(coverage.loc[1]) == {
        "member_no": 1,
        "segment_no": 29,
        "maintenance_type": "001",
        "insurance_line": "LTC",
        "hcp_code": "010",
        "hcp_status": "59",
        "benefit_begin": "2025-02-01",
        "benefit_end": "2025-01-31",
        "benefit_month": "2025-02-01",
        "share_of_cost": "120.5",
        "aid_code": "60",
        "esc": "001",
        "special_aid_1": "80",
        "special_esc_1": "891",
        "special_aid_2": "5A",
        "special_esc_2": "402",
        "special_aid_3": "5B",
        "special_esc_3": "403",
        "segment_number": "10",
        "ref_ce": "60;001;80;891;5A;402;5B;403",
        "ref_rb": "60",
        "ref_17": "N;;;;;;;;;;;;;1",
        "ref_9v": "9;9;0",
        "ref_zx": "19",
        "ref_zz": ";;10",
        "ref_xx1": "JI1",
    }
    assert cells(coverage.loc[2])["segment_number"] == "11"


def test_reporting_categories_carry_the_place_of_their_lx(read: Callable[..., Any], two_members: str) -> None:
    reporting = read(two_members).reporting
    assert [cells(row) for _, row in reporting.iterrows()] == [
        {
            "member_no": 1,
            "segment_no": 46,
            "category": "JUSTICE INVOLVED",
            "ref_qualifier": "ZZ",
            "ref_value": "JI",
            "date": "2025-01-15",
        },
        {"member_no": 1, "segment_no": 50, "category": "FOSTER YOUTH"},
    ]
    assert reporting.index.tolist() == [1, 2]


def test_the_tables_have_the_declared_columns_and_types_and_nothing_to_find(
    read: Callable[..., Any], two_members: str
) -> None:
    tables = read(two_members)
    assert tuple(tables.members.columns) == MEMBER_COLUMNS
    assert list(tables.coverage.columns) == list(COVERAGE_COLUMNS)
    assert list(tables.reporting.columns) == list(REPORTING_COLUMNS)
    types = {str(dtype) for table in (tables.members, tables.coverage, tables.reporting) for dtype in table.dtypes}
    assert types == {"int64", "str"}
    assert tables.findings.empty
    assert check_chunk(tables.members, tables.coverage, tables.reporting, AS_OF).empty


def test_the_members_text_is_kept_as_received(
    read: Callable[..., Any], two_members: str, member_one: list[str], member_two: list[str]
) -> None:
    assert read(two_members).segments.to_dict() == {1: "~".join(member_one) + "~", 2: "~".join(member_two) + "~"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("91234567B", "91234567B"),
        (" 91234567b ", "91234567B"),
        ("91234567B4", "91234567B"),
        ("91234567B42025012"[:14], "91234567B"),
        ("91234567BX", "91234567BX"),
        ("912345678", "912345678"),
    ],
)
def test_a_cin_is_cut_to_nine_characters_only_where_the_rest_is_a_check_digit_or_a_card(
    read: Callable[..., Any], two_members: str, given: str, expected: str
) -> None:
    tables = read(two_members.replace("REF*1L*91234567B", f"REF*1L*{given}"))
    assert tables.members.loc[1, "cin"] == expected


@pytest.mark.parametrize(
    ("field", "slot", "change"),
    [
        ("2000/REF*0F/02", None, ("REF*0F*SUB0001", "REF*0F*95555555B")),
        ("2100A/NM1*IL|74/09", None, ("*M**JR", "*M**JR*ZZ*95555555B")),
        ("2000/REF*1L/02", 2, ("REF*1L*91234567B", "REF*1L*x;95555555B;y")),
        (None, 2, ("REF*1L*91234567B", "REF*1L*x;95555555B;y")),
    ],
)
def test_the_profile_says_where_the_cin_stands(
    read: Callable[..., Any], two_members: str, field: Any, slot: int | None, change: tuple[str, str]
) -> None:
    profile = with_cin(load_profile("dhcs"), field, slot)
    assert read(two_members.replace(*change), profile=profile).members.loc[1, "cin"] == "95555555B"


@pytest.mark.parametrize(
    ("table", "column", "old", "new", "expected"),
    [
        ("members", "birth_date", "D8*19800229", "D8*19810229", "19810229"),
        ("members", "birth_date", "D8*19800229", "D8*randomDoB", "randomDoB"),
        ("members", "reporting_month", ";;202502;", ";;202513;", "202513"),
        ("members", "reporting_month", ";;202502;", ";;;", None),
        ("members", "death_date", "D8*20250110", "RD8*20250110", None),
        ("members", "medicare_status", "*A*E**AC", "*A*C:0**AC", "C"),
        ("members", "race", ":RET:2054-5", "C", "C"),
        ("members", "race", ":RET:2054-5", ":RET:2135-2^:RET:2054-5", "2135-2"),
        ("members", "county", "**CY*19", "**60*19", None),
        ("members", "city", "LOS ANGELES CA*CA", "MARICA*CA", "MARICA"),
        ("members", "city", "LOS ANGELES CA*CA", "LOS ANGELES CA*NV", "LOS ANGELES CA"),
        ("members", "phone", "*TE*5595550101", "*CP*5595550199", "5595550199"),
        ("members", "last_name", "QUILLWORT", "  QUILLWORT ", "QUILLWORT"),
        ("members", "last_name", "QUILLWORT", "NULL", "NULL"),
        ("members", "language", "LUI*LD*SPA**7", "LUI**SPA", "SPA"),
        ("coverage", "benefit_begin", "DTP*348*D8*20250201", "DTP*348*D8*20250230", "20250230"),
        ("coverage", "benefit_month", "DTP*348*D8*20250201", "DTP*348*D8*20250230", None),
        ("coverage", "benefit_month", "DTP*348*D8*20250201", "DTP*348*D8*20250215", "2025-02-01"),
        ("coverage", "hcp_status", "010;59", "010", None),
        ("reporting", "date", "DTP*007*D8*20250115", "DTP*007*RD8*20250115-20250301", "2025-01-15"),
    ],
)
def test_values_become_canonical_or_stay_as_read(
    read: Callable[..., Any], two_members: str, table: str, column: str, old: str, new: str, expected: str | None
) -> None:
    value = getattr(read(two_members.replace(old, new, 1)), table).loc[1, column]
    assert (None if pd.isna(value) else value) == expected


def test_the_first_language_and_the_landline_before_the_cell_phone_count(
    read: Callable[..., Any], interchange: Callable[..., str], member_two: list[str]
) -> None:
    member = [*member_two[:9], "LUI*LD*SPA**7", "LUI*LD*ENG**6", *member_two[9:]]
    tables = read(interchange([member]))
    assert tables.members.loc[1, ["language", "phone"]].tolist() == ["SPA", "5595550102"]
    assert tables.findings.empty


def test_values_packed_by_the_thousand_do_not_grow_the_table(read: Callable[..., Any], two_members: str) -> None:
    coverage = read(two_members.replace("REF*CE*60;001;80;891;5A", f"REF*CE*60;001{';' * 100_000}")).coverage
    assert coverage.loc[1, ["aid_code", "esc"]].tolist() == ["60", "001"]
    assert len(coverage.columns) == len(COVERAGE_COLUMNS)
