"""An edition of the directory -> its bytes as CSV, JSON or XLSX. The same sections give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from pipelines.delimited import csv_bytes
from pipelines.directory.attributes import LISTS
from pipelines.directory.sections import Section
from pipelines.sheets import Book, Cell

Form = Literal["csv", "json", "xlsx"]
FORMS: tuple[Form, ...] = ("csv", "json", "xlsx")

TITLE = "Directory of ECM providers"


def render(sections: Sequence[Section], form: Form, on: date, *, title: str = TITLE) -> bytes:
    """Write sections as of a day; a workbook has the title among its properties."""
    match form:
        case "csv":
            return _csv(sections)
        case "json":
            return _json(sections, on)
        case "xlsx":
            return _workbook(sections, on, title)


def _csv(sections: Sequence[Section]) -> bytes:
    """Write one table, or several of which each follows a line with its title."""
    rows: list[Sequence[Cell]] = []
    for number, section in enumerate(sections):
        rows += [()] * bool(number) + [(section.title,)] * (len(sections) > 1)
        rows += [tuple(section.columns), *section.rows]
    return csv_bytes(rows)


def _json(sections: Sequence[Section], on: date) -> bytes:
    """Write an object with a list of objects for each section; lists are lists, days ISO text, what is missing null."""
    edition = {section.key: [_record(section, row) for row in section.rows] for section in sections}
    text = json.dumps({"as_of": on, **edition}, indent=2, default=str, ensure_ascii=False)
    return (text + "\n").encode("utf-8")


def _record(section: Section, row: tuple[Cell, ...]) -> dict[str, Any]:
    record: dict[str, Any] = dict(zip(section.columns, row, strict=True))
    return record | {name: str(record[name]).split(";") if record[name] else [] for name in LISTS if name in record}


def _workbook(sections: Sequence[Section], on: date, title: str) -> bytes:
    """Write a sheet for each section, identifiers as text, and one that explains the columns."""
    book = Book(title, on, is_confidential=title != TITLE)  # a directory of providers names nobody else
    for section in sections:
        above = [f"{section.title}, {on}", section.note] if section.note else [f"{section.title}, {on}"]
        book.table(section.title, tuple(section.columns), section.rows, above=above, widest=80)
    meanings = [(s.title, name, meaning) for s in sections for name, meaning in s.columns.items()]
    book.table("What the columns mean", ("table", "column", "meaning"), meanings, widest=100)
    return book.close()
