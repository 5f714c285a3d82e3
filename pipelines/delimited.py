"""CSV for people: what a spreadsheet program opens without damage and without calculating. Nothing else writes it.

Workbooks are written by `pipelines.sheets`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from pipelines.sheets import Cell
from schemas.formulas import harmless


def csv_bytes(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write UTF-8 with byte-order mark, CRLF, every cell quoted, text that looks like a formula marked as text."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    return harmless(cell) if isinstance(cell, str) else str(cell)
