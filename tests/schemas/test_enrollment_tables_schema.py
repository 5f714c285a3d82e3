"""What the enrollment schemas let through, reject and warn of."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pandas as pd
import pytest

from schemas.codes import CIN_PATTERN
from schemas.enrollment import (
    COVERAGE_SCHEMA,
    PLACEHOLDER_CINS,
    REPORTING_SCHEMA,
    check_chunk,
)
from schemas.enrollment_columns import MEMBER_COLUMNS

AS_OF = date(2025, 2, 6)

MEMBER = {
    "set_control": "0001",
    "maintenance_type": "001",
    "cin": "91234567B",
    "last_name": "QUILLWORT",
    "first_name": "ZEPHYRA",
    "birth_date": "1980-02-29",
    "gender": "F",
    "phone": "5595550101",
    "address_1": "12 CANARY ST",
    "city": "FRESNO",
    "state": "CA",
    "zip": "93701",
}
COVERAGE = {
    "maintenance_type": "021",
    "insurance_line": "HLT",
    "hcp_code": "010",
    "hcp_status": "01",
    "benefit_begin": "2025-02-01",
    "benefit_end": "2025-02-28",
    "benefit_month": "2025-02-01",
}
REPORTING = {"category": "JUSTICE INVOLVED", "date": "2025-01-15"}


def table(columns: Any, key: str, *rows: dict[str, Any]) -> pd.DataFrame:
    numbers = ("member_no", "segment_no")
    return pd.DataFrame(
        {
            name: pd.Series(
                [row.get(name, 1 if name in numbers else None) for row in rows],
                dtype="int64" if name in numbers else "str",
            )
            for name in columns
        }
    ).set_index(pd.RangeIndex(1, len(rows) + 1, name=key))


def members(*rows: dict[str, Any]) -> pd.DataFrame:
    return table(MEMBER_COLUMNS, "member_no", *rows)


def coverage(*rows: dict[str, Any]) -> pd.DataFrame:
    return table(COVERAGE_SCHEMA.columns, "coverage_no", *rows)


def reporting(*rows: dict[str, Any]) -> pd.DataFrame:
    return table(REPORTING_SCHEMA.columns, "reporting_no", *rows)


def found(
    of_members: pd.DataFrame, of_coverage: pd.DataFrame | None = None, of_reporting: pd.DataFrame | None = None
) -> list[tuple[int, str, str, str]]:
    result = check_chunk(
        of_members,
        coverage() if of_coverage is None else of_coverage,
        reporting() if of_reporting is None else of_reporting,
        AS_OF,
    )
    return list(result.itertuples(index=False, name=None))


def test_a_sound_member_has_no_findings() -> None:
    assert found(members(MEMBER), coverage(COVERAGE), reporting(REPORTING)) == []


def test_tables_without_rows_have_no_findings() -> None:
    assert found(members()) == []


@pytest.mark.parametrize(
    ("change", "column", "code", "severity"),
    [
        ({"cin": None}, "cin", "R01", "REJECT"),
        ({"cin": "912345678"}, "cin", "R02", "REJECT"),
        ({"cin": "999999999"}, "cin", "R02", "REJECT"),
        ({"cin": "99999999A"}, "cin", "R02", "REJECT"),
        ({"cin": "90000000Z"}, "cin", "R02", "REJECT"),
        ({"cin": "91234567b"}, "cin", "R02", "REJECT"),
        ({"cin": "91234567B4"}, "cin", "R02", "REJECT"),
        ({"birth_date": None}, "birth_date", "R03", "REJECT"),
        ({"birth_date": "19800229"}, "birth_date", "R03", "REJECT"),
        ({"birth_date": "1981-02-29"}, "birth_date", "R03", "REJECT"),
        ({"birth_date": "0000-01-01"}, "birth_date", "R03", "REJECT"),
        ({"birth_date": "1980-2-29"}, "birth_date", "R03", "REJECT"),
        ({"birth_date": "2025-02-07"}, "birth_date", "R03", "REJECT"),
        ({"last_name": None}, "last_name", "R04", "REJECT"),
        ({"first_name": None}, "first_name", "R04", "REJECT"),
        ({"death_date": "20250230"}, "death_date", "R11", "REJECT"),
        ({"reporting_month": "202513"}, "reporting_month", "R11", "REJECT"),
        ({"maintenance_type": "002"}, "maintenance_type", "R12", "REJECT"),
        ({"maintenance_type": None}, "maintenance_type", "R14", "REJECT"),
        ({"gender": "X"}, "gender", "R12", "REJECT"),
        ({"city": None}, "city", "W01", "WARN"),
        ({"zip": "9370"}, "zip", "W01", "WARN"),
    ],
)
def test_one_thing_wrong_with_a_member_is_one_finding(
    change: dict[str, Any], column: str, code: str, severity: str
) -> None:
    assert found(members(MEMBER, MEMBER | change)) == [(2, column, code, severity)]


@pytest.mark.parametrize("day", ["2025-02-06", "2024-02-29", "1900-01-01"])
def test_a_birth_date_up_to_the_files_day_is_good(day: str) -> None:
    assert found(members(MEMBER | {"birth_date": day})) == []


def test_the_gender_may_be_missing() -> None:
    assert found(members(MEMBER | {"gender": None})) == []


NOWHERE = dict.fromkeys(("phone", "email", "address_1", "city", "state", "zip"))


def test_a_person_without_any_contact_is_warned_of() -> None:
    assert (1, "phone", "W02", "WARN") in found(members(MEMBER | NOWHERE))


@pytest.mark.parametrize("way", ["phone", "email", "address_1", "mailing_address_1"])
def test_any_way_of_contact_is_enough(way: str) -> None:
    codes = {code for _, _, code, _ in found(members(MEMBER | NOWHERE | {way: "x"}))}
    assert codes == {"W01"}


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"maintenance_type": "003"}, "maintenance_type", "R12"),
        ({"insurance_line": "XXX"}, "insurance_line", "R12"),
        ({"insurance_line": None}, "insurance_line", "R14"),
        ({"hcp_code": None}, "hcp_code", "R14"),
        ({"benefit_begin": None}, "benefit_begin", "R11"),
        ({"benefit_begin": "20250230"}, "benefit_begin", "R11"),
        ({"benefit_end": None}, "benefit_end", "R11"),
        ({"benefit_end": "randomday"}, "benefit_end", "R11"),
        ({"benefit_end": "2025-01-30"}, "benefit_end", "R11"),
    ],
)
def test_one_thing_wrong_with_a_coverage_row_stands_on_its_member(
    change: dict[str, Any], column: str, code: str
) -> None:
    rows = coverage(COVERAGE | {"member_no": 1}, COVERAGE | {"member_no": 2}, COVERAGE | change | {"member_no": 2})
    assert found(members(MEMBER, MEMBER), rows) == [(2, f"coverage.{column}", code, "REJECT")]


def test_an_end_on_the_day_before_the_begin_means_not_covered_and_is_legal() -> None:
    assert found(members(MEMBER), coverage(COVERAGE | {"benefit_end": "2025-01-31"})) == []


def test_the_same_fault_in_many_months_is_told_once() -> None:
    rows = coverage(*[COVERAGE | {"hcp_code": None}] * 3)
    assert found(members(MEMBER), rows) == [(1, "coverage.hcp_code", "R14", "REJECT")]


@pytest.mark.parametrize(
    ("change", "column", "code"), [({"category": None}, "category", "R14"), ({"date": "20250230"}, "date", "R11")]
)
def test_a_faulty_reporting_row_stands_on_its_member(change: dict[str, Any], column: str, code: str) -> None:
    rows = reporting(REPORTING | {"member_no": 2} | change)
    assert found(members(MEMBER, MEMBER), coverage(), rows) == [(2, f"reporting.{column}", code, "REJECT")]


def test_findings_of_a_later_chunk_keep_its_numbers() -> None:
    later = members(MEMBER | {"cin": None}).set_index(pd.RangeIndex(4001, 4002, name="member_no"))
    rows = coverage(COVERAGE | {"member_no": 4001, "hcp_code": None}).set_index(pd.RangeIndex(9001, 9002))
    assert found(later, rows) == [(4001, "cin", "R01", "REJECT"), (4001, "coverage.hcp_code", "R14", "REJECT")]


def test_a_table_of_another_shape_is_a_programming_error() -> None:
    with pytest.raises(TypeError, match="enrollment members"):
        found(members(MEMBER).drop(columns="email"))


def test_placeholders_have_the_form_of_a_cin_and_nothing_else_of_it() -> None:
    assert all(re.fullmatch(CIN_PATTERN, cin) for cin in PLACEHOLDER_CINS)
    assert len(set(PLACEHOLDER_CINS)) == 52
