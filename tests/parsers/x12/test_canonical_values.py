"""Dates, packed values and the like, column by column."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.x12.canonical import WRITTEN, canonical_cin, iso_date, piece, translated, without_end
from parsers.x12.packed import unpack
from parsers.x12.profile import KINDS
from tests.parsers.x12.plain_tables import PLAINLY_WRITTEN


def column(*values: str | None) -> pa.LargeStringArray:
    return pa.array(values, pa.large_string())


def test_every_day_of_five_centuries_is_written_as_a_date() -> None:
    days = [date(1699, 12, 31) + timedelta(days=number) for number in range(182_700)]
    assert iso_date(column(*(f"{day:%Y%m%d}" for day in days))).to_pylist() == [day.isoformat() for day in days]


@given(texts=st.lists(st.from_regex(r"[0-9]{8}", fullmatch=True) | st.text(max_size=9) | st.none(), max_size=20))
def test_what_is_no_day_stays_as_it_is(texts: list[str | None]) -> None:
    def expected(text: str | None) -> str | None:
        if text is None or not (len(text) == 8 and text.isascii() and text.isdigit()):
            return text
        try:
            return date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat()
        except ValueError:
            return text

    assert iso_date(column(*texts)).to_pylist() == [expected(text) for text in texts]


@given(texts=st.lists(st.text(alphabet="ab; \t", max_size=12) | st.none(), max_size=20), slots=st.integers(1, 4))
def test_packed_values_are_told_apart(texts: list[str | None], slots: int) -> None:
    split = [[*(text or "").split(";"), *[""] * slots] for text in texts]
    expected = [[parts[slot].strip(" \t") or None for parts in split] for slot in range(slots)]
    assert [part.to_pylist() for part in unpack(column(*texts), ";", slots)] == expected


def test_cins_are_capitals_without_check_digit() -> None:
    given_cins = column("91234567b", "91234567B4", "91234567B420250", "91234567BX", None)
    assert canonical_cin(given_cins).to_pylist() == ["91234567B", "91234567B", "91234567B420250", "91234567BX", None]


@pytest.mark.parametrize("kind", KINDS)
@given(
    texts=st.lists(
        st.from_regex(r"(20|19|99)[0-9]{4}([0-9]{2}(-[0-9]{8})?)?|9[0-9]{7}[a-zA-Z][0-9]{0,5}", fullmatch=True)
        | st.text(alphabet="aZ9-é ", min_size=1, max_size=17)
        | st.none(),
        max_size=20,
    )
)
def test_a_column_is_written_as_each_value_by_itself(kind: str, texts: list[str | None]) -> None:
    expected = [PLAINLY_WRITTEN[kind](text) or None if text is not None else None for text in texts]
    assert WRITTEN[kind](column(*texts)).to_pylist() == expected


def test_every_kind_that_a_profile_may_name_can_be_written() -> None:
    assert set(WRITTEN) == set(PLAINLY_WRITTEN) == set(KINDS)


@given(
    texts=st.lists(st.text(alphabet="ab ", min_size=1, max_size=8) | st.none(), max_size=20),
    first=st.integers(1, 9),
    width=st.integers(0, 4),
)
def test_a_piece_of_fixed_width_is_cut_out_of_each_value(texts: list[str | None], first: int, width: int) -> None:
    last = first + width - 1 if width else 0
    expected = [(text or "")[first - 1 : last or None].strip() or None for text in texts]
    assert piece(column(*texts), first, last).to_pylist() == expected


def test_an_end_is_cut_off_where_it_stands_after_a_blank() -> None:
    cities = column("LOS ANGELES CA", "MARICA", "CA", "CA CA", "NAPA  CA", "RENO CA", None, "LODI CA")
    ends = column("CA", "CA", "CA", "CA", "CA", "NV", "CA", None)
    expected = ["LOS ANGELES", "MARICA", "CA", "CA", "NAPA", "RENO CA", None, "LODI CA"]
    assert without_end(cities, ends).to_pylist() == expected


def test_codes_that_are_not_listed_stay_as_they_are() -> None:
    assert translated(column("A", "B", None, "A"), {"A": "X"}).to_pylist() == ["X", "B", None, "X"]
