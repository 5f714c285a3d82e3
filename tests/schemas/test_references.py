"""A reference leads back to one row of one file, and survives what people and spreadsheets do to a column of them."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.references import read_reference, reference_of

file_ids = st.text(string.hexdigits.lower()[:16], min_size=32, max_size=32)
rows = st.integers(1, 1_048_576)


@settings(deadline=None)
@given(file_ids, rows, st.sampled_from([str, str.lower, lambda text: f" {text} "]))
def test_a_reference_is_read_as_it_was_given(file_id: str, row: int, typed: object) -> None:
    assert callable(typed)
    found = read_reference(typed(reference_of(file_id, row)))
    assert found is not None
    assert found.row == row
    assert found.is_of(file_id)


@settings(deadline=None)
@given(file_ids, rows)
def test_no_spreadsheet_takes_it_for_a_number_a_date_or_a_formula(file_id: str, row: int) -> None:
    assert re.fullmatch(r"E[0-9A-F]{10}-\d+-[0-9A-F]{4}", reference_of(file_id, row))


@settings(deadline=None)
@given(file_ids, file_ids, rows)
def test_it_is_of_no_other_file_or_row(file_id: str, other: str, row: int) -> None:
    found = read_reference(reference_of(file_id, row))
    assert found is not None
    assert found.is_of(other) == (other == file_id or found == read_reference(reference_of(other, row)))
    beside = found._replace(row=row + 1)
    assert beside.is_of(file_id) == (beside == read_reference(reference_of(file_id, row + 1)))


@pytest.mark.parametrize("text", ["", "E", "see above", "E0123456789-0-ABCD", "E0123456789-1", "0123456789-1-ABCD"])
def test_anything_else_is_none(text: str) -> None:
    assert read_reference(text) is None
