"""The process that opens one XLSX workbook on behalf of `parsers.tabular.workbook`, within limits, and passes on text.

It runs as a script of its own, so that a hostile workbook can exhaust nothing but it. It answers in lines of JSON: the
first rows of every sheet; then, when told the position of a sheet on standard input, the rows of that sheet as
`[row number, [cells]]`; then `{"end": true}`. A workbook it will not read is answered with `{"refused": why}`; anything
unforeseen ends the process, which says as much.

openpyxl opens the workbook and tells its sheets, shared strings and date formats. The sheets are walked here: openpyxl
drops rows and cells that are out of order, takes a formula without a stored result for a blank cell, and fills every
gap up to a stray cell at XFD1048576.
"""

import json
import re
import resource
import signal
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

import openpyxl
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import MAC_EPOCH, from_excel

HEAD_ROWS = 40  # enough to see a header within the first 30 and whether data follow
MAX_ADDRESS_SPACE = 2 << 30
MAX_COLUMNS = 500
MAX_ENTRIES = 2_000
MAX_RATIO = 150  # a sheet of the same row again and again reaches about 30
MAX_ROWS = 1_048_576  # as in Excel
MAX_SHEETS = 60
MAX_UNPACKED = 512 << 20
SECONDS_AT_LEAST = 6
UNPACKED_PER_SECOND = 2 << 20  # a slow machine's pace, with room to spare
WAITING = 5  # how much longer than its processor time the process may live: it waits for its reader

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
CELL, COLUMN_VALUE, FORMULA, PHONETIC, ROW, TEXT = (MAIN + name for name in ("c", "v", "f", "rPh", "row", "t"))

Row = tuple[int, list[str]]


class Refused(Exception):
    """The workbook is not read; the text goes to its sender and holds nothing of the content."""


def limit(what: int, most: int) -> None:
    """Lower a limit of this process; what the system allows at most stays, for it can never be raised again."""
    _, allowed = resource.getrlimit(what)
    resource.setrlimit(what, (most if allowed == resource.RLIM_INFINITY else min(most, allowed), allowed))


def limit_memory() -> None:
    """Bound memory and let nothing reach the disk: a core dump would hold the content."""
    limit(resource.RLIMIT_AS, MAX_ADDRESS_SPACE)
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_FSIZE, 0)


def limit_time(seconds: int) -> None:
    """End the process after so many seconds of processor time, or some times as many by the clock."""
    limit(resource.RLIMIT_CPU, seconds)
    signal.alarm(WAITING * seconds)


def check_archive(archive: zipfile.ZipFile) -> int:
    """Refuse what is not a plain workbook or unpacks beyond measure; return the unpacked size in bytes."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    refusals = {
        "its zip archive has too many or repeated entries": len(entries) > MAX_ENTRIES or len(names) < len(entries),
        "its zip archive is encrypted": any(entry.flag_bits & 1 for entry in entries),
        "it is a zip archive, not a workbook": "[Content_Types].xml" not in names,
        "it is a workbook with macros, .xlsm": any(name.endswith("vbaProject.bin") for name in names),
        "it is a binary workbook, .xlsb": "xl/workbook.bin" in names,
        "it unpacks to far more than its size": unpacked > MAX_UNPACKED
        or any(entry.file_size > MAX_RATIO * max(entry.compress_size, 4096) for entry in entries),
    }
    for why, holds in refusals.items():
        if holds:
            raise Refused(why)
    return unpacked


def check_prolog(part: IO[bytes]) -> None:
    """Refuse a part that declares a document type, the door to entities; it can only do so before its first element."""
    started: list[str] = []

    def document_type(*_: object) -> None:
        raise Refused("its XML declares a document type")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = document_type
    parser.StartElementHandler = lambda tag, _: started.append(tag)
    try:
        while not started and (chunk := part.read(1 << 14)):
            parser.Parse(chunk)
    except expat.ExpatError:
        return  # a picture or the like; where XML is due, openpyxl meets the same error
    if started and started[0].endswith(" worksheet") and not started[0].startswith(MAIN):
        raise Refused("it is a Strict Open XML workbook; save it as an ordinary .xlsx")


class Values:
    """What turns a stored cell into text: shared strings, date formats and the first day of the workbook's calendar."""

    def __init__(self, workbook: Any) -> None:
        self.epoch = workbook.epoch
        # openpyxl has read them and offers no public way to them.
        self.strings: list[str] = workbook.worksheets[0]._shared_strings  # noqa: SLF001
        self.dates: set[int] = workbook._date_formats  # noqa: SLF001
        self.durations: set[int] = workbook._timedelta_formats  # noqa: SLF001

    def text(self, kind: str, style: int, stored: str) -> str:
        """Write a cell as text: whole numbers without a fraction, dates as YYYY-MM-DD, all else as it is stored."""
        if kind == "s":
            return self.strings[int(stored)].replace("_x000D_", "\r")
        if kind == "b":
            return "TRUE" if stored == "1" else "FALSE"
        if kind != "n":
            return stored.replace("_x000D_", "\r")
        if style in self.dates:
            return self.date(float(stored), is_duration=style in self.durations) or number(stored)
        return number(stored)

    def date(self, serial: float, *, is_duration: bool) -> str:
        """Write a date, time or duration; an empty text when the serial number is none."""
        try:
            value = from_excel(serial, self.epoch, timedelta=is_duration)
        except (OverflowError, ValueError):
            return ""
        return str(value).removesuffix(" 00:00:00") if isinstance(value, datetime) else str(value)


def number(stored: str) -> str:
    """Write a number as a person would: `9.5` as it is, `6.45722E+12` and `12.0` as whole numbers."""
    if re.fullmatch(r"-?\d+", stored):
        return stored
    value = float(stored)
    return str(int(value)) if value.is_integer() else repr(value)


class Walk:
    """One walk through a sheet's XML, gathering rows as text."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.rows: list[Row] = []
        self.row = self.column = self.style = 0
        self.kind = ""
        self.cells: dict[int, str] = {}
        self.pieces: list[str] = []
        self.collecting = self.phonetic = self.formula = self.stored = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Note where the row or cell stands; what a value, or a text that is no reading aid, holds is collected."""
        if tag == CELL:
            reference = attributes.get("r")
            letters = "".join(takewhile(str.isalpha, reference)) if reference else ""
            column = column_index_from_string(letters) if reference else self.column + 1
            if column <= self.column:
                raise Refused("its cells are out of order")
            self.column = column
            self.kind, self.style = attributes.get("t", "n"), int(attributes.get("s", 0))
            self.pieces, self.formula, self.stored = [], False, False
        elif tag in {COLUMN_VALUE, TEXT}:
            self.collecting, self.stored = not self.phonetic, True
        elif tag == FORMULA:
            self.formula = True
        elif tag == PHONETIC:
            self.phonetic = True
        elif tag == ROW:
            row = int(attributes.get("r", self.row + 1))
            if not self.row < row <= MAX_ROWS:
                raise Refused("its rows are out of order")
            self.row, self.column, self.cells = row, 0, {}

    def data(self, text: str) -> None:
        """Keep what stands in a value."""
        if self.collecting:
            self.pieces.append(text)

    def end(self, tag: str) -> None:
        """Close a value, a cell or a row."""
        if tag == CELL:
            if self.formula and not self.stored:
                raise Refused("it has formulas without results; open it in a spreadsheet program and save it")
            if self.pieces and (text := self.values.text(self.kind, self.style, "".join(self.pieces))):
                if self.column > MAX_COLUMNS:
                    raise Refused(f"it has a value beyond column {MAX_COLUMNS}")
                self.cells[self.column] = text
        elif tag in {COLUMN_VALUE, TEXT}:
            self.collecting = False
        elif tag == PHONETIC:
            self.phonetic = False
        elif tag == ROW and self.cells:
            self.rows.append((self.row, [self.cells.get(column, "") for column in range(1, max(self.cells) + 1)]))


def walk(sheet: Any, values: Values) -> Iterator[Row]:
    """Yield the rows of a sheet that hold anything, each with its number."""
    gathered = Walk(values)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = gathered.start
    parser.EndElementHandler = gathered.end
    parser.CharacterDataHandler = gathered.data
    with sheet._get_source() as source:  # noqa: SLF001  # as above
        while chunk := source.read(1 << 16):
            try:
                parser.Parse(chunk)
            finally:
                yield from gathered.rows
                gathered.rows.clear()
    parser.Parse(b"", True)  # noqa: FBT003  # expat takes it by position only


def head(sheet: Any, values: Values) -> list[Row]:
    """Return a sheet's first rows; if it is refused after some, the refusal waits until the sheet is chosen."""
    rows: list[Row] = []
    try:
        rows.extend(takewhile(lambda row: row[0] <= HEAD_ROWS, walk(sheet, values)))
    except Refused:
        if not rows:
            raise
    return rows


def say(message: object) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(message) + "\n")


def answer(file: IO[bytes]) -> None:
    """Tell of all sheets, hear of one, pass on its rows."""
    limit_time(SECONDS_AT_LEAST)
    with zipfile.ZipFile(file) as archive:
        unpacked = check_archive(archive)
        limit_time(SECONDS_AT_LEAST + unpacked // UNPACKED_PER_SECOND)
        for entry in archive.infolist():
            with archive.open(entry) as part:
                check_prolog(part)
    workbook = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    sheets = workbook.worksheets
    if not 0 < len(sheets) <= MAX_SHEETS:
        raise Refused(f"it has {len(sheets)} sheets")
    values = Values(workbook)
    heads = [
        {"name": sheet.title, "visible": sheet.sheet_state == "visible", "rows": head(sheet, values)}
        for sheet in sheets
    ]
    say({"sheets": heads, "since_1904": workbook.epoch == MAC_EPOCH})
    sys.stdout.flush()
    for row in walk(sheets[int(sys.stdin.readline())], values):
        say(row)
    say({"end": True})


if __name__ == "__main__":
    limit_memory()
    try:
        with Path(sys.argv[1]).open("rb") as opened:
            answer(opened)
    except Refused as refusal:
        say({"refused": str(refusal)})
