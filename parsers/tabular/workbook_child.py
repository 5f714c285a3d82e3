"""The process that opens one XLSX workbook on behalf of `parsers.tabular.workbook`, within limits, and passes on text.

It runs as a script of its own, so that a hostile workbook can exhaust nothing but it. It answers in lines of JSON: the
first rows of every sheet; then, each time it is told the position of a sheet on standard input, the rows of that sheet
as `[row number, [cells]]` and `{"end": true}`. A workbook it will not read is answered with `{"refused": why}`;
anything unforeseen ends the process, which says as much.

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
from contextlib import suppress
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

import openpyxl
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import MAC_EPOCH, from_excel
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

HEAD_ROWS = 40  # enough to see a header within the first 30 and whether data follow
MAX_ADDRESS_SPACE = 512 << 20
MAX_CELL = 32_767  # characters, as in Excel
MAX_COLUMNS = 500
MAX_DEPTH = 40  # of elements; a cell of formatted text is at the eighth
MAX_ENTRIES = 2_000
MAX_HEAD = 4 << 20  # characters in the first rows of all sheets
MAX_RATIO = 150  # a sheet of the same row again and again reaches about 30
MAX_ROWS = 1_048_576  # as in Excel
MAX_SHEETS = 60
MAX_PIECE = 1 << 20  # bytes of one tag or comment: expat reads it anew with each chunk that does not end it
MAX_TEXT = 64 << 20  # characters of the sheets that are read: a long string may be shared by any number of cells
MAX_UNPACKED = 256 << 20
SECONDS_AT_LEAST = 6
UNPACKED_PER_SECOND = 2 << 20  # a slow machine's pace, with room to spare
WAITING = 5  # how much longer than its processor time the process may live: it waits for its reader

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
MAX_PART = {
    "Properties": 1 << 20,
    "Relationships": 1 << 20,
    "Types": 1 << 20,
    "coreProperties": 1 << 20,
    "sst": 32 << 20,
    "styleSheet": 4 << 20,
    "theme": 4 << 20,
    "workbook": 256 << 10,
}  # bytes, by the first element, of what is read as a whole: each is far more than people's workbooks have
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


def parse(parser: expat.XMLParserType, part: IO[bytes]) -> Iterator[None]:
    """Feed a part to its parser, chunk by chunk; refuse one of whose pieces no end comes."""
    fed = 0
    while chunk := part.read(1 << 16):
        parser.Parse(chunk)
        fed += len(chunk)
        if fed - parser.CurrentByteIndex > MAX_PIECE:
            raise Refused("its XML has a piece without an end")
        yield
    parser.Parse(b"", True)  # noqa: FBT003  # expat takes it by position only


def check_part(part: IO[bytes], size: int) -> None:
    """Refuse a part that declares a document type, the door to entities, or is too much to be read as a whole.

    A document type can only be declared before the first element. What openpyxl reads as a whole is looked at as a
    whole, all else as far as its first element.
    """
    started: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse_document_type
    parser.StartElementHandler = lambda tag, _: started.append(tag)
    root = ""
    with suppress(expat.ExpatError):  # a picture or the like; where XML is due, openpyxl meets the same error
        for _ in parse(parser, part):
            if started and not root:
                namespace, _, root = started[0].rpartition(" ")
                if root == "worksheet" and f"{namespace} " != MAIN:
                    raise Refused("it is a Strict Open XML workbook; save it as an ordinary .xlsx")
                if size > MAX_PART.get(root, size):
                    raise Refused(f"one of its parts is too large ({root})")
                if root not in MAX_PART:
                    return
                if root != "workbook":
                    parser.StartElementHandler = None
    if root == "workbook":
        check_number(sum(tag.endswith(" sheet") for tag in started))


def refuse_document_type(*_: object) -> None:
    """Refuse, whatever it declares."""
    raise Refused("its XML declares a document type")


def check_length(characters: int) -> None:
    """Refuse a cell that holds more than a spreadsheet program lets it."""
    if characters > MAX_CELL:
        raise Refused(f"it has a cell of more than {MAX_CELL} characters")


def check_number(sheets: int) -> None:
    """Refuse a workbook without a sheet, or with too many of them."""
    if not 0 < sheets <= MAX_SHEETS:
        raise Refused(f"it has {sheets} sheets")


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
        self.row = self.column = self.style = self.collected = self.depth = 0
        self.kind = ""
        self.cells: dict[int, str] = {}
        self.pieces: list[str] = []
        self.collecting = self.phonetic = self.formula = self.stored = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Note where the row or cell stands; what a value, or a text that is no reading aid, holds is collected."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Refused("its XML is nested too deep")
        if tag == CELL:
            reference = attributes.get("r")
            letters = "".join(takewhile(str.isalpha, reference)) if reference else ""
            column = column_index_from_string(letters) if reference else self.column + 1
            if column <= self.column:
                raise Refused("its cells are out of order")
            self.column = column
            self.kind, self.style = attributes.get("t", "n"), int(attributes.get("s", 0))
            self.pieces, self.collected, self.formula, self.stored = [], 0, False, False
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
            self.collected += len(text)
            check_length(self.collected)
            self.pieces.append(text)

    def end(self, tag: str) -> None:
        """Close a value, a cell or a row."""
        self.depth -= 1
        if tag == CELL:
            if self.formula and not self.stored:
                raise Refused("it has formulas without results; open it in a spreadsheet program and save it")
            if self.pieces and (text := self.values.text(self.kind, self.style, "".join(self.pieces))):
                if self.column > MAX_COLUMNS:
                    raise Refused(f"it has a value beyond column {MAX_COLUMNS}")
                check_length(len(text))
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
        try:
            for _ in parse(parser, source):
                yield from gathered.rows
                gathered.rows.clear()
        except (Refused, expat.ExpatError):
            yield from gathered.rows
            raise


def head(sheet: Any, values: Values) -> list[Row]:
    """Return a sheet's first rows; if it is refused after some, the refusal waits until the sheet is chosen."""
    rows: list[Row] = []
    try:
        rows.extend(takewhile(lambda row: row[0] <= HEAD_ROWS, walk(sheet, values)))
    except Refused:
        if not rows:
            raise
    return rows


def length(row: Row) -> int:
    """Count the characters of a row."""
    return sum(map(len, row[1]))


def say(message: object) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(message) + "\n")


def answer(file: IO[bytes]) -> None:
    """Tell of all sheets, hear of some, pass on their rows."""
    limit_time(SECONDS_AT_LEAST)
    with zipfile.ZipFile(file) as archive:
        unpacked = check_archive(archive)
        limit_time(SECONDS_AT_LEAST + unpacked // UNPACKED_PER_SECOND)
        for entry in archive.infolist():
            with archive.open(entry) as part:
                check_part(part, entry.file_size)
    # It would read every sheet that does not tell its size from end to end, to tell a size nobody asks for.
    ReadOnlyWorksheet._get_size = lambda _: None  # type: ignore[attr-defined]  # noqa: SLF001
    workbook = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    sheets = workbook.worksheets
    check_number(len(sheets))
    values = Values(workbook)
    heads: list[dict[str, Any]] = [
        {"name": sheet.title, "visible": sheet.sheet_state == "visible", "rows": head(sheet, values)}
        for sheet in sheets
    ]
    if sum(length(row) for told in heads for row in told["rows"]) > MAX_HEAD:
        raise Refused("its first rows hold too much text")
    say({"sheets": heads, "since_1904": workbook.epoch == MAC_EPOCH})
    sys.stdout.flush()
    taken = 0
    for asked in sys.stdin:
        for row in walk(sheets[int(asked)], values):
            taken += length(row)
            if taken > MAX_TEXT:
                raise Refused("its sheets hold too much text")
            say(row)
        say({"end": True})
        sys.stdout.flush()


if __name__ == "__main__":
    limit_memory()
    try:
        with Path(sys.argv[1]).open("rb") as opened:
            answer(opened)
    except Refused as refusal:
        say({"refused": str(refusal)})
