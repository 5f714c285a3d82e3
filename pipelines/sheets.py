"""Workbooks for people: text as text, dates as dates, no formulas. The same rows give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | date | None

FIRST_DAY = date(1900, 3, 1)
"""Spreadsheet programs disagree about earlier days: those are written as text."""


@dataclass(frozen=True)
class Book:
    """A workbook that is being written."""

    workbook: xlsxwriter.Workbook
    buffer: io.BytesIO
    heading: object = field(init=False)
    as_date: object = field(init=False)
    strong: object = field(init=False)

    def __post_init__(self) -> None:
        formats = {
            "heading": {"bold": True, "bg_color": "#1F4E78", "font_color": "#FFFFFF", "valign": "top"},
            "as_date": {"num_format": "yyyy-mm-dd", "align": "left"},
            "strong": {"bold": True, "font_size": 14},
        }
        for name, look in formats.items():
            object.__setattr__(self, name, self.workbook.add_format(look))

    def table(
        self,
        name: str,
        columns: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        *,
        above: Sequence[str] = (),
        widest: int = 38,
    ) -> Worksheet:
        """Add a sheet with a filtered table whose headings stay in sight.

        `above` are lines over it, the first one large; no column is wider than `widest` characters.
        """
        sheet = self.workbook.add_worksheet(name)
        for line, text in enumerate(above):
            sheet.write_string(line, 0, text, self.strong if line == 0 else None)
        head = len(above) + 1 if above else 0
        for place, column in enumerate(columns):
            sheet.write_string(head, place, column, self.heading)
            longest = max((len(_text(row[place])) for row in rows), default=0)
            sheet.set_column(place, place, min(max(len(column), longest) + 2, widest))
        for line, row in enumerate(rows, start=head + 1):
            for place, cell in enumerate(row):
                self._write(sheet, line, place, cell)
        sheet.freeze_panes(head + 1, 0)
        sheet.autofilter(head, 0, head + max(len(rows), 1), len(columns) - 1)
        return sheet

    def _write(self, sheet: Worksheet, line: int, place: int, cell: Cell) -> None:
        if cell is None:
            return
        if isinstance(cell, date) and cell >= FIRST_DAY:
            sheet.write_datetime(line, place, datetime.combine(cell, time()), self.as_date)
        elif isinstance(cell, int | float):
            sheet.write_number(line, place, cell)
        else:
            sheet.write_string(line, place, _text(cell))


@contextmanager
def workbook(title: str, business_date: date) -> Iterator[Book]:
    """Open a workbook dated by the business date; its bytes stand in `buffer` when the block ends."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": datetime.combine(business_date, time()), "title": title})
    yield Book(book, buffer)
    book.close()


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)
