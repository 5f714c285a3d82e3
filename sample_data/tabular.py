"""Lists as partners write them: delimited text and workbooks, with headings, date formats and habits of their own."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO, StringIO

import xlsxwriter

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


def workbook(sheet: str, above: Sequence[str], headings: Mapping[str, str], rows: Sequence[Row], aside: str) -> bytes:
    """Write a workbook: a tab with notes first, then `sheet` with lines `above` the header; dates are real dates.

    The same content gives the same bytes.
    """
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": _CREATED, "title": sheet})
    as_date = book.add_format({"num_format": "mm/dd/yyyy"})
    book.add_worksheet("Read me").write_string(0, 0, aside)
    page = book.add_worksheet(sheet)
    for line, text in enumerate(above):
        page.write_string(line, 0, text)
    for column, title in enumerate(headings.values()):
        page.write_string(len(above), column, title)
    for line, row in enumerate(rows, start=len(above) + 1):
        for column, name in enumerate(headings):
            cell = row.get(name, "")
            if isinstance(cell, date):
                page.write_datetime(line, column, datetime.combine(cell, time()), as_date)
            elif cell:
                page.write_string(line, column, cell)
    book.close()
    return target.getvalue()


def _text(cell: Cell, dates: str) -> str:
    return f"{cell:{dates}}" if isinstance(cell, date) else cell
