"""Rows -> the bytes of an assignment file (CSV or XLSX) and of its manifest. The same rows give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date

from pipelines.delimited import csv_bytes
from pipelines.sheets import Book
from schemas.assignment import COLUMN_NAMES, COLUMNS, DATE_COLUMNS, LAYOUT_NAME, LAYOUT_VERSION

Row = Mapping[str, str | None]
"""One row of the file; the keys are `schemas.assignment.COLUMN_NAMES`."""


def render_csv(rows: Sequence[Row]) -> bytes:
    """Write a heading and a line for each row."""
    return csv_bytes([COLUMN_NAMES, *([row[name] for name in COLUMN_NAMES] for row in rows)])


def render_xlsx(rows: Sequence[Row], *, business_date: date) -> bytes:
    """Write one sheet of rows, dates as dates and identifiers as text, and one that explains the columns."""
    book = Book("ECM assignments", business_date)
    book.table("Assignments", COLUMN_NAMES, [[_cell(name, row[name]) for name in COLUMN_NAMES] for row in rows])
    book.table("What the columns mean", ("column", "meaning"), [(c.name, c.meaning) for c in COLUMNS], widest=80)
    return book.close()


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


def _cell(name: str, value: str | None) -> str | date | None:
    return date.fromisoformat(value) if value is not None and name in DATE_COLUMNS else value
