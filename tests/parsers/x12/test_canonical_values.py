"""Dates, packed values and the like, column by column."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from parsers.x12.canonical import canonical_cin, iso_date
from parsers.x12.packed import unpack


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
