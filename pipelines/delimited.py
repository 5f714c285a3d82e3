"""Delimited text: what a spreadsheet program opens without damage and without calculating. Nothing else writes it.

Workbooks are written by `pipelines.sheets`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.sheets import Cell
from schemas.formulas import harmless


@dataclass(frozen=True)
class TextForm:
    """How a table becomes text; as it stands here, spreadsheet programs open it everywhere."""

    delimiter: str = ","
    quotes_all: bool = True
    """Whether every cell is quoted, or only one that could not be read otherwise."""
    line_end: str = "\r\n"
    byte_order_mark: bool = True


FOR_SPREADSHEETS = TextForm()


def csv_bytes(rows: Iterable[Sequence[Cell]], form: TextForm = FOR_SPREADSHEETS) -> bytes:
    """Write UTF-8, text that looks like a formula marked as text."""
    lines = _Lines(form.line_end)
    # Told of both characters of this line end, the writer quotes a cell that holds either.
    quoting: Literal[0, 1] = csv.QUOTE_ALL if form.quotes_all else csv.QUOTE_MINIMAL
    writer = csv.writer(lines, delimiter=form.delimiter, quoting=quoting, lineterminator=_CRLF)
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return lines.text().encode("utf-8-sig" if form.byte_order_mark else "utf-8")


_CRLF = "\r\n"


class _Lines:
    """Takes lines one by one, and gives each the end it is to have."""

    def __init__(self, end: str) -> None:
        self._end, self._buffer = end, io.StringIO(newline="")

    def write(self, line: str) -> None:
        self._buffer.write(line if self._end == _CRLF else line.removesuffix(_CRLF) + self._end)

    def text(self) -> str:
        return self._buffer.getvalue()


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    return harmless(cell) if isinstance(cell, str) else str(cell)
