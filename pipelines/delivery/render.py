"""Rows -> the bytes of an assignment file (CSV or XLSX) and of its manifest. The same rows give the same bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

import xlsxwriter

from schemas.assignment import COLUMN_NAMES, COLUMNS, DATE_COLUMNS, LAYOUT_NAME, LAYOUT_VERSION

Row = Mapping[str, str | None]
"""One row of the file; the keys are `schemas.assignment.COLUMN_NAMES`."""

_FIRST_DAY = "1900-03-01"
"""Spreadsheet programs disagree about earlier days: those are written as text."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def render_csv(rows: Sequence[Row]) -> bytes:
    """Write UTF-8 with byte-order mark, CRLF, every cell quoted: what a spreadsheet program opens without damage."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMN_NAMES)
    writer.writerows([_harmless(row[name]) for name in COLUMN_NAMES] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def render_xlsx(rows: Sequence[Row], *, business_date: date) -> bytes:
    """Write one sheet of rows, dates as dates and identifiers as text, and one that explains the columns."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": datetime.combine(business_date, time()), "title": "ECM assignments"})
    heading = book.add_format({"bold": True, "bg_color": "#1F4E78", "font_color": "#FFFFFF"})
    as_date = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    sheet = book.add_worksheet("Assignments")
    for place, name in enumerate(COLUMN_NAMES):
        sheet.write_string(0, place, name, heading)
        longest = max((len(row[name] or "") for row in rows), default=0)
        sheet.set_column(place, place, min(max(len(name), longest) + 2, 38))
        for line, row in enumerate(rows, start=1):
            value = row[name]
            if value is None:
                continue
            if name in DATE_COLUMNS and value >= _FIRST_DAY:
                sheet.write_datetime(line, place, datetime.combine(date.fromisoformat(value), time()), as_date)
            else:
                sheet.write_string(line, place, value)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(COLUMN_NAMES) - 1)
    meaning = book.add_worksheet("What the columns mean")
    meaning.write_row(0, 0, ["column", "meaning"], heading)
    for line, column in enumerate(COLUMNS, start=1):
        meaning.write_string(line, 0, column.name)
        meaning.write_string(line, 1, column.meaning)
    meaning.set_column(0, 0, 30)
    meaning.set_column(1, 1, 80)
    book.close()
    return buffer.getvalue()


def render_manifest(
    rows: Sequence[Row],
    files: Sequence[tuple[str, str, int]],
    *,
    npi: str,
    business_date: date,
    scope: str,
    previous: str | None,
) -> bytes:
    """Describe the data files (name, SHA-256, bytes) beside them: counts per action and the file sent before."""
    actions = [row["record_action"] for row in rows]
    manifest = {
        "layout": LAYOUT_NAME,
        "layout_version": LAYOUT_VERSION,
        "ecm_provider_npi": npi,
        "business_date": business_date.isoformat(),
        "scope": scope,
        "rows": len(rows),
        "rows_per_action": {action: actions.count(action) for action in ("ADD", "CHANGE", "TERM", "VOID")},
        "files": [{"name": name, "sha256": sha256, "bytes": size} for name, sha256, size in files],
        "previous_file": previous,
    }
    return (json.dumps(manifest, indent=2) + "\n").encode("utf-8")


def _harmless(value: str | None) -> str:
    """Keep a spreadsheet program from taking a cell for a formula."""
    if value is None:
        return ""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
