"""Files made to exhaust whoever opens them: each is refused within two seconds of work and half a gigabyte."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl.utils import get_column_letter

from parsers.tabular import workbook
from parsers.tabular.text import MAX_BYTES

SECONDS = 2.0
MEGABYTES = 512
CHANCE = random.Random(1)  # noqa: S311 - what does not compress

SHEET, STRINGS, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"
CORE, RELATIONS, TYPES = "docProps/core.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
XML = b'<?xml version="1.0"?>'
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
) + b"]>"  # fmt: skip
OUTSIDE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'

Parts = dict[str, bytes]
Edit = Callable[[Parts], Parts]


def noise(length: int) -> bytes:
    """Return text that packs to about half: nothing that a ratio gives away."""
    return CHANCE.randbytes(length // 2).hex().encode()


def sheet(rows: bytes) -> bytes:
    return XML + b"<worksheet " + NAMESPACE + b"><sheetData>" + rows + b"</sheetData></worksheet>"


def strings(*texts: bytes) -> bytes:
    return XML + b"<sst " + NAMESPACE + b">" + b"".join(b"<si><t>" + t + b"</t></si>" for t in texts) + b"</sst>"


def shared(row: int, columns: int, text: int) -> bytes:
    """Write a row of cells that all hold the same shared string."""
    cells = (b'<c r="%s%d" t="s"><v>%d</v></c>' % (get_column_letter(n).encode(), row, text) for n in range(1, columns))
    return b'<row r="%d">' % row + b"".join(cells) + b"</row>"


def declared(part: str, document_type: bytes) -> Edit:
    return lambda parts: {part: XML + document_type + parts[part].split(b"?>", 1)[1]}


def many_sheets(count: int) -> Edit:
    listed = b"".join(b'<sheet name="S%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(1, count + 1))
    return lambda parts: {BOOK: re.sub(rb"<sheets>.*</sheets>", b"<sheets>" + listed + b"</sheets>", parts[BOOK])}


def many_names(parts: Parts) -> Parts:
    names = b"".join(b'<definedName name="n%x">Data!$A$1</definedName>' % CHANCE.getrandbits(32) for _ in range(20_000))
    return {BOOK: parts[BOOK].replace(b"</sheets>", b"</sheets><definedNames>" + names + b"</definedNames>")}


def nested(tag: bytes, depth: int) -> bytes:
    return b"".join(b'<%s a="%x">' % (tag, CHANCE.getrandbits(32)) for _ in range(depth)) + b"</%s>" % tag * depth


WORKBOOKS: dict[str, tuple[Edit, str]] = {
    "an external entity": (declared(SHEET, OUTSIDE), "document type"),
    "an external entity in the relations": (declared(RELATIONS, OUTSIDE), "document type"),
    "a document type elsewhere": (declared(TYPES, b'<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">'), "document type"),
    "a billion laughs in the strings": (declared(STRINGS, LAUGHS), "document type"),
    "a billion laughs in the styles": (declared(STYLES, LAUGHS), "document type"),
    "a bomb in the strings": (lambda _: {STRINGS: strings(bytes(64 << 20))}, "far more"),
    "too many shared strings": (lambda _: {STRINGS: strings(noise(33 << 20))}, "too large"),
    "a long string in every cell": (
        lambda _: {
            STRINGS: strings(noise(32_000), b"h"),
            SHEET: sheet(b"".join(shared(n, 100, n < 50) for n in range(1, 400))),
        },
        "too much text",
    ),
    "a cell without an end": (
        lambda _: {SHEET: sheet(b'<row r="1"><c r="A1" t="str"><v>' + noise(4 << 20) + b"</v></c></row>")},
        "characters",
    ),
    "a comment without an end": (lambda _: {SHEET: sheet(b"<!--" + noise(8 << 20) + b"-->")}, "without an end"),
    "an attribute without an end": (
        lambda _: {STYLES: XML + b'<styleSheet a="' + noise(3 << 20) + b'"/>'}, "without an end",
    ),
    "a cell at the end of the world": (
        lambda _: {SHEET: sheet(b'<row r="1048576"><c r="XFD1048576" t="str"><v>1</v></c></row>')}, "beyond column",
    ),
    "a row number of many digits": (lambda _: {SHEET: sheet(b'<row r="' + b"9" * 5_000 + b'"/>')}, ""),
    "as many columns as there are": (
        lambda _: {SHEET: sheet(shared(1, 16_385, 0)), STRINGS: strings(b"h")}, "beyond column",
    ),
    "deep nesting in a sheet": (lambda _: {SHEET: sheet(nested(b"a", 100_000))}, "nested"),
    "deep nesting in the styles": (
        lambda _: {STYLES: XML + b"<styleSheet " + NAMESPACE + b">" + nested(b"fonts", 20_000) + b"</styleSheet>"}, "",
    ),
    "thousands of sheets": (many_sheets(4_000), "4000 sheets"),
    "thousands of names": (many_names, "too large"),
}  # fmt: skip

MEASURED = """
import atexit, json, runpy, sys, time
@atexit.register
def _():
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    sys.stderr.write("\\n" + json.dumps([time.process_time(), int(peak.split()[1]) // 1024]))
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def opened(path: Path) -> tuple[list[str], float, int]:
    """Let the process that opens workbooks do so: what it says, its seconds of work and its peak of memory."""
    child = Path(workbook.__file__).with_name("workbook_child.py")
    ended = subprocess.run(
        [sys.executable, "-c", MEASURED, str(child), str(path)],
        input="0\n", capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    seconds, megabytes = json.loads(ended.stderr.splitlines()[-1])
    return ended.stdout.splitlines(), seconds, megabytes


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    path = tmp_path_factory.mktemp("plain") / "plain.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Data").write_row(0, 0, ["Referral ID", "Action", "CIN"])
    with zipfile.ZipFile(path) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def packed(path: Path, parts: Parts) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(("edit", "words"), WORKBOOKS.values(), ids=WORKBOOKS)
def test_a_hostile_workbook_is_refused_soon_and_within_bounds(
    tmp_path: Path, plain: Parts, edit: Edit, words: str
) -> None:
    said, seconds, megabytes = opened(packed(tmp_path / "landed", plain | edit(plain)))
    assert '{"end": true}' not in said
    assert words in "".join(said[-1:])
    assert seconds < SECONDS
    assert megabytes < MEGABYTES


def test_a_plain_workbook_is_opened(tmp_path: Path, plain: Parts) -> None:
    said, _, _ = opened(packed(tmp_path / "landed", plain))
    assert said[-1] == '{"end": true}'


def test_the_process_that_opens_workbooks_knows_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DHCS_PASSWORD", "QUILLWORT")
    assert "QUILLWORT" not in workbook._environment().values()
    assert set(workbook._environment()) <= {*workbook._NEEDED, "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"}


HEADINGS = b"Referral ID,Action,Referral Date,CIN,Last Name,First Name,DOB,Phone,Justice Involved,Notes\n"
TEXTS: dict[str, list[bytes]] = {
    "one line without an end": [b"a" * (8 << 20)],
    "a million columns": [b"CIN," * 1_000_000, b"\n"],
    "half a million columns": [b"a," * 500_000, b"\n"],
    "a row over millions of lines": [HEADINGS, b'"a\n",' * 900_000],
    "a heading over millions of lines": [b'"a\n",' * 900_000],
    "millions of lines of a byte": [HEADINGS, b"a\n" * 1_100_000],
    "millions of blank lines": [HEADINGS, b"\r" * 1_100_000],
    "a quote without an end": [HEADINGS, b'"', b"a\n" * 500_000],
    "bytes without a meaning": [HEADINGS, bytes(1 << 20)],
    "more than a list can have": [HEADINGS, b"a" * MAX_BYTES],
    "an old workbook": [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(32 << 20)],
}

READ = """
import json, sys, time
from pathlib import Path
from parsers.tabular import read_tabular
from schemas.layout import load_layout
from schemas.problems import FileFault
layout, told = load_layout("mini_mif"), {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    begun, said = time.process_time(), "read"
    try:
        read_tabular(path, layout, name="list.csv")
    except FileFault as fault:
        said = fault.code
    told[path.name] = (said, time.process_time() - begun)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([told, int(peak.split()[1]) // 1024]))
"""


def test_hostile_text_is_refused_soon_and_within_bounds(tmp_path: Path) -> None:
    for name, parts in TEXTS.items():
        (tmp_path / name).write_bytes(b"".join(parts))
    read = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path)], capture_output=True, text=True, check=True, timeout=300
    )
    told, megabytes = json.loads(read.stdout)
    assert {name: said for name, (said, _) in told.items() if said not in {"F01", "F03"}} == {}
    assert {name: seconds for name, (_, seconds) in told.items() if seconds >= SECONDS} == {}
    assert set(told) == set(TEXTS)
    assert megabytes < MEGABYTES
