"""The workbook of the work lists: what a person opens in the morning."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipelines.work_lists import WORK_LISTS, write_workbook
from pipelines.work_lists.workbook import render_workbook

NIGHT = date(2026, 11, 4)


@pytest.fixture
def book(exchange: Any, listed: Any, person: Any) -> Any:
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "01", ji=True), last_name="=Quillon")
    exchange.seen("2026-11-02", person(2), exchange.coverage("2026-11", "05", ji=True), sequence=2)
    listed("2026-11-04", "CLOCKS_TODAY")
    return openpyxl.load_workbook(io.BytesIO(render_workbook(exchange.warehouse, NIGHT)))


def rows(sheet: Any) -> list[dict[str, Any]]:
    _, _, _, heading, *rest = ([cell.value for cell in row] for row in sheet.iter_rows())
    return [dict(zip(heading, row, strict=True)) for row in rest]


def test_the_first_page_tells_how_much_stands_on_each_list_and_what_to_do(book: Any) -> None:
    _, _, heading, *lists = ([cell.value for cell in row] for row in book["Today"].iter_rows())
    assert heading == ["List", "Items", "What stands on it", "What to do", "Rule"]
    assert [name for name, *_ in lists] == [each.title for each in WORK_LISTS.values()]
    assert {name: items for name, items, *_ in lists}["Pending release"] == 1


def test_a_list_has_a_sheet_only_where_something_stands_on_it(book: Any) -> None:
    assert "Unassigned" not in book.sheetnames
    assert {"Late adds", "Clocks due today", "Pending release"} <= set(book.sheetnames)


def test_an_item_names_the_person_the_provider_and_the_day(book: Any, person: Any) -> None:
    item = rows(book["Clocks due today"])[0]
    assert (item["Due"].date(), item["Days left"]) == (NIGHT, 0)
    assert (item["CIN"], item["County"], item["Rule"]) == (person(1), "Fresno", "R10")
    assert item["Provider"] == "Provider 1" or item["Provider"] == "Provider 2"


def test_a_name_that_looks_like_a_formula_stays_text(book: Any) -> None:
    cell = next(c for row in book["Late adds"].iter_rows() for c in row if c.value == "=Quillon")
    assert cell.data_type == "s"


def test_the_same_night_writes_the_same_bytes_for_its_owner_alone(exchange: Any, book: Any, tmp_path: Path) -> None:
    path = write_workbook(exchange.warehouse, tmp_path / "lists", NIGHT)
    assert path.name == "JI_WORK_LISTS_20261104.xlsx"
    first = path.read_bytes()
    assert write_workbook(exchange.warehouse, tmp_path / "lists", NIGHT).read_bytes() == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == [path.name]
