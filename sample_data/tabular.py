"""Lists as partners write them: delimited text and workbooks, with headings, date formats and habits of their own."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | date
Row = Mapping[str, Cell]

_CREATED = datetime(2026, 10, 1)  # noqa: DTZ001 - a workbook's properties know no zone
_ACRONYMS = {"cin", "id", "ecm", "npi", "tin", "mif", "mcp", "pof", "cm", "zip", "ed", "smi", "sud", "ltc", "ccs", "nf"}


def heading(column: str) -> str:
    """Write a column's name the way people do: `referral_id` becomes `Referral ID`."""
    return " ".join(word.upper() if word in _ACRONYMS else word.capitalize() for word in column.split("_"))


def delimited(
    headings: Mapping[str, str],
    rows: Sequence[Row],
    *,
    delimiter: str = ",",
    dates: str = "%m/%d/%Y",
    encoding: str = "utf-8",
    line_end: str = "\r\n",
    ragged: int | None = None,
) -> bytes:
    """Write `rows` below `headings` (column to heading, in order); the row numbered `ragged` is two cells too long."""
    text = StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
    writer.writerow(headings.values())
    for place, row in enumerate(rows):
        cells = [_text(row.get(column, ""), dates) for column in headings]
        writer.writerow([*cells, "a cell", "too many"] if place == ragged else cells)
    return text.getvalue().encode(encoding)


class Page(NamedTuple):
    """A sheet of a workbook: `headings` (column to heading, in order) with lines `above`, and rows below."""

    name: str
    headings: Mapping[str, str]
    rows: Sequence[Row]
    above: Sequence[str] = ()


def workbook(sheet: str, above: Sequence[str], headings: Mapping[str, str], rows: Sequence[Row], aside: str) -> bytes:
    """Write a workbook with one sheet of data; see `workbook_of`."""
    return workbook_of([Page(sheet, headings, rows, above)], aside)


def workbook_of(pages: Sequence[Page], aside: str) -> bytes:
    """Write a workbook: a tab with notes first, then the pages; dates are real dates.

    The same content gives the same bytes.
    """
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": _CREATED, "title": pages[0].name})
    as_date = book.add_format({"num_format": "mm/dd/yyyy"})
    book.add_worksheet("Read me").write_string(0, 0, aside)
    for page in pages:
        _write(book.add_worksheet(page.name), page, as_date)
    book.close()
    return target.getvalue()


def _write(sheet: Worksheet, page: Page, as_date: Format) -> None:
    for line, text in enumerate(page.above):
        sheet.write_string(line, 0, text)
    for column, title in enumerate(page.headings.values()):
        sheet.write_string(len(page.above), column, title)
    for line, row in enumerate(page.rows, start=len(page.above) + 1):
        for column, name in enumerate(page.headings):
            cell = row.get(name, "")
            if isinstance(cell, date):
                sheet.write_datetime(line, column, datetime.combine(cell, time()), as_date)
            elif cell:
                sheet.write_string(line, column, cell)


def _text(cell: Cell, dates: str) -> str:
    return f"{cell:{dates}}" if isinstance(cell, date) else cell
