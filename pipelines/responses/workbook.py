"""The rows of an answer as a workbook: for whoever opens them in one anyway, and for lists that came as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice

from parsers.tabular import TabularFile
from parsers.tabular.cells import recognise_date
from pipelines.responses.found import Told
from pipelines.responses.rows import answered_rows
from pipelines.sheets import Book, Cell, Look, Looks
from schemas.findings import Severity
from schemas.layout import RESPONSE_COLUMNS, Layout

MOST_ROWS = 20_000
"""Beyond so many a list is a program's, not a person's; a workbook of it would take longer than the night has."""
_APPENDED = len(RESPONSE_COLUMNS) + 1
"""Columns at the end, the reference among them."""


def workbook_of(
    sheets: Iterable[tuple[TabularFile, Mapping[int, Told]]], file_id: str, title: str, business_date: date
) -> bytes:
    """Write the answered rows of each sheet: text as text, dates as dates, and in colour what the findings speak of."""
    book = Book(title, business_date)
    for number, (table, told) in enumerate(sheets, start=1):
        columns = [table.layout.column_for(heading) for heading in table.headings]
        dates = {place for place, name in enumerate(columns) if name in _dates(table.layout)}
        rows = answered_rows(table, told, file_id)
        above = list(islice(rows, len(table.above)))
        headings = next(rows)
        cells = [[_as_date(cell) if place in dates else cell for place, cell in enumerate(row)] for row in rows]
        looks = [_looks(columns, told[row], len(headings)) if row in told else {} for row in table.original.index]
        words = headings.index("error_text", len(columns))
        book.list(table.sheet or f"Sheet{number}", above, headings, cells, looks=looks, wrapped=[words])
    return book.close()


def _dates(layout: Layout) -> frozenset[str | None]:
    return frozenset(column.name for column in layout.columns if column.type == "date")


def _as_date(cell: str) -> Cell:
    """Return the day that a cell means; what is none stays as its sender wrote it."""
    day = recognise_date(cell.strip())
    return cell if day is None else date.fromisoformat(day)


def _looks(columns: Sequence[str | None], told: Told, width: int) -> Looks:
    """Mark the cells that a row's findings speak of, and what is said of them."""
    look = Look.URGENT if told.severity == Severity.REJECT else Look.SOON
    spoken_of = told.columns.split("; ")
    places = [place for place, name in enumerate(columns) if name in spoken_of]
    return dict.fromkeys([*places, *range(width - _APPENDED, width)], look)
