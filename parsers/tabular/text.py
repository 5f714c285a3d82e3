"""Text files of delimited cells: in which encoding they are written, how each delimiter would cut them, and their rows.

The standard library's reader in its strict mode is the only one that neither guesses types nor mends rows in silence.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path
from typing import TextIO

from parsers.tabular.grid import MAX_COLUMNS, Head, Row
from schemas.findings import file_fault

HEAD_ROWS = 30
MAX_BYTES = 64 << 20
MAX_CELL = 32_767
"""Characters, as in Excel. A quote that is never closed ends here too."""
MAX_LINES = 1_048_576
"""As many as Excel has rows; lines of a byte or two would else fill the memory."""
MAX_ROW = 1 << 20
"""Characters of a row, however many lines its quoted cells make of it."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def encoding_of(path: Path) -> str:
    """Name the encoding: by its byte order mark, else UTF-8 if all of it is, else Windows-1252.

    Raises
    ------
    FileFault
        F01 when it is none of these, holds NUL characters (a binary file), is larger than `MAX_BYTES` or has more than
        `MAX_LINES`.
    """
    if path.stat().st_size > MAX_BYTES:
        raise file_fault("F01", f"it is larger than {MAX_BYTES >> 20} MiB")
    with path.open("rb") as file:
        beginning = file.read(4)
    marked = [encoding for mark, encoding in _MARKS if beginning.startswith(mark)]
    for encoding in marked[:1] or ("utf-8", "cp1252"):
        if _decodes(path, encoding):
            return encoding
    raise file_fault("F01", "its characters are neither UTF-8 nor Windows-1252")


def head(path: Path, encoding: str, delimiter: str) -> Head:
    """Cut the first rows by `delimiter`, as far as that goes: a row it cannot cut, or cuts too small, ends them."""
    first: list[Row] = []
    with suppress(csv.Error):
        cut = islice(_rows(path, encoding, delimiter), HEAD_ROWS)
        first.extend(takewhile(lambda row: len(row[1]) <= MAX_COLUMNS, cut))
    return Head(delimiter, first)


def rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    """Yield every row with the line it begins on.

    Raises
    ------
    FileFault
        F01 with the line, when quotes are not as they should be, a cell or line is too long or there are too many
        columns.
    """
    line = 1
    reading = _rows(path, encoding, delimiter)
    try:
        for line, cells in reading:
            if len(cells) > MAX_COLUMNS:
                raise file_fault("F01", f"a row has more than {MAX_COLUMNS} cells", where=f"line {line}")
            yield line, cells
    except csv.Error:
        # The reader's own message quotes the content.
        detail = "a quote is not closed or stands amid a cell, or a cell is too long"
        raise file_fault("F01", detail, where=f"after line {line}") from None


def _rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(MAX_CELL)
    with path.open(encoding=encoding, errors="strict", newline="") as file:
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        line = 1
        for cells in reader:
            lines.taken = 0
            yield line, cells
            line = reader.line_num + 1


@dataclass
class _Lines:
    """The lines of a file, as long as those of one row are not too much to hold."""

    file: TextIO
    taken: int = 0
    """Characters of the row so far; whoever got a row sets it back."""

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.file.readline(MAX_ROW)
        self.taken += len(line)
        if self.taken >= MAX_ROW:
            raise file_fault("F01", f"a row has more than {MAX_ROW} characters")
        if not line:
            raise StopIteration
        return line


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            lines = 0
            while chunk := file.read(1 << 20):
                lines += max(chunk.count("\n"), chunk.count("\r"))
                if "\0" in chunk:
                    raise file_fault("F01", "it holds NUL characters")
                if lines > MAX_LINES:
                    raise file_fault("F01", f"it has more than {MAX_LINES} lines")
    except UnicodeError:
        return False
    return True
