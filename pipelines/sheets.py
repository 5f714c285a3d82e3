"""Workbooks for people: text as text, dates as dates, no formulas. The same rows give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | date | None

FIRST_DAY = date(1900, 3, 1)
"""Spreadsheet programs disagree about earlier days: those are written as text."""


class Book:
    """A workbook that is being written; its time of creation is the business date."""

    def __init__(self, title: str, business_date: date) -> None:
        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._buffer, {"in_memory": True})
        self._book.set_properties({"created": datetime.combine(business_date, time()), "title": title})
        self._title = self._book.add_format({"bold": True, "font_size": 14})
        self._heading = self._book.add_format({"bold": True, "bg_color": "#1F4E78", "font_color": "#FFFFFF"})
        self._number = self._book.add_format({"align": "left"})
        self._date = self._book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})

    def table(
        self,
        name: str,
        columns: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        *,
        above: Sequence[str] = (),
        widest: int = 38,
    ) -> None:
        """Add a sheet with a filtered table whose headings stay in sight.

        `above` are lines over it, the first one large; no column is wider than `widest` characters.
        """
        sheet = self._book.add_worksheet(name)
        for line, text in enumerate(above):
            sheet.write_string(line, 0, text, self._title if line == 0 else None)
        head = len(above) + 1 if above else 0
        for place, column in enumerate(columns):
            sheet.write_string(head, place, column, self._heading)
            longest = max((len(_text(row[place])) for row in rows), default=0)
            sheet.set_column(place, place, min(max(len(column), longest) + 2, widest))
        for line, row in enumerate(rows, start=head + 1):
            for place, cell in enumerate(row):
                self._write(sheet, line, place, cell)
        sheet.freeze_panes(head + 1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(head)
        sheet.autofilter(head, 0, head + max(len(rows), 1), len(columns) - 1)

    def close(self) -> bytes:
        """End the workbook and return its bytes."""
        self._book.close()
        return self._buffer.getvalue()

    def _write(self, sheet: Worksheet, line: int, place: int, cell: Cell) -> None:
        if cell is None:
            return
        if isinstance(cell, date) and cell >= FIRST_DAY:
            sheet.write_datetime(line, place, datetime.combine(cell, time()), self._date)
        elif isinstance(cell, int | float):
            sheet.write_number(line, place, cell, self._number)
        else:
            sheet.write_string(line, place, _text(cell))


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)
