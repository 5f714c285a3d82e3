"""The same rows give the same bytes, and nothing in them becomes a formula, a number or another row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.delivery.render import Row, render_manifest, render_table
from schemas.assignment import COLUMN_NAMES, DATE_COLUMNS
from schemas.formulas import harmless
from schemas.outbound import Occasion, load_outbound_layout

ON = date(2026, 10, 28)
PLAIN = load_outbound_layout("assignment")
TONIGHT = Occasion("SHP", "2900000000", ON, 1, "DELTA")
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=20)
HOSTILE = st.sampled_from(
    ["=1+1", "+1", "-1", "@SUM(A1)", '"', "a,b", "'", " ", "https://x.example/", "_x0041_", "O'B"]
)
CELLS = {
    name: st.none()
    | (st.dates(date(1850, 1, 1), date(2999, 12, 31)).map(str) if name in DATE_COLUMNS else TEXTS | HOSTILE)
    for name in ("cin", "last_name", "address_1", "dob", "phone", "referring_organization")
}
ROWS = st.lists(
    st.fixed_dictionaries(CELLS).map(lambda cells: dict.fromkeys(COLUMN_NAMES) | {"assignment_id": "a1"} | cells),
    max_size=3,
)


def render_csv(rows: Sequence[Row]) -> bytes:
    return render_table(rows, PLAIN, TONIGHT)


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def row(**cells: str | None) -> dict[str, str | None]:
    return dict.fromkeys(COLUMN_NAMES) | cells


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_the_same_rows_give_the_same_bytes(rows: list[dict[str, str | None]]) -> None:
    again = [dict(reversed(one.items())) for one in rows]
    assert render_csv(rows) == render_csv(again)


@settings(max_examples=50, deadline=None)
@given(ROWS)
def test_a_table_gives_back_every_cell_and_none_is_a_formula(rows: list[dict[str, str | None]]) -> None:
    heading, *lines = read_csv(render_csv(rows))
    assert heading == list(COLUMN_NAMES)
    assert len(lines) == len(rows)
    for line, one in zip(lines, rows, strict=True):
        for cell, name in zip(line, COLUMN_NAMES, strict=True):
            value = one[name] or ""
            assert cell == harmless(value)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_a_spreadsheet_would_take_for_a_formula_is_kept_from_it(start: str) -> None:
    (_, (*_, last)) = read_csv(render_csv([row(**{COLUMN_NAMES[-1]: f"{start}cmd|' /C calc'!A0"})]))
    assert last == f"'{start}cmd|' /C calc'!A0"


def test_a_manifest_counts_rows_by_what_they_ask_for() -> None:
    rows = [row(record_action=action) for action in ("ADD", "ADD", "TERM")]
    manifest = json.loads(render_manifest(rows, [{"name": "a.csv"}], PLAIN, TONIGHT, "b.csv"))
    assert manifest["rows_per_action"] == {"ADD": 2, "CHANGE": 0, "TERM": 1, "VOID": 0}
    assert (manifest["rows"], manifest["previous_file"]) == (3, "b.csv")
