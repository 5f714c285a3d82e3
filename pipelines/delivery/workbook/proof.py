"""Is every row of this workbook its provider's? Read from the finished bytes, cell by cell, for the gate G01.

The reader knows the few forms that cells have in workbooks written here, and refuses whatever else it finds: a formula,
a link, a further sheet or column. What it lets pass, it has read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from pipelines.delivery.workbook import return_sheet
from pipelines.delivery.workbook.about import ABOUT
from pipelines.delivery.workbook.dictionary import DICTIONARY
from pipelines.delivery.workbook.members import MEMBERS, NEWS, arranged
from pipelines.delivery.workbook.render import SHEETS
from schemas.assignment_words import heading_of
from schemas.layout import load_layout
from schemas.outbound import ENDS, Occasion, OutboundLayout

Identity = tuple[str, ...]
"""By what a row is known: assignment, CIN, NPI and action."""

_IDENTITY = [heading_of(name) for name in ("assignment_id", "cin", "ecm_provider_npi", "record_action")]
_CELL = re.compile(r'<c r="([A-Z]{1,2})([0-9]+)" s="[0-9]+"(?: t="(s)")?><v>(-?[0-9.]+)</v></c>')
_ROW = re.compile(r'<row r="[0-9]+"(?: ht="[0-9]+" customHeight="1")?>|</row>')
_TEXT = re.compile(r"<si><t(?: xml:space=\"preserve\")?>([^<]*)</t></si>")
_CIN = re.compile(r"9[0-9]{7}[A-Z]")


class UnknownForm(ValueError):
    """Something in the workbook is not as it is written here."""


@dataclass(frozen=True)
class Listed:
    """Whom a workbook repeats beside the rows of its table."""

    known: Collection[tuple[str, str]] = ()
    """Assignment and CIN of everyone that the provider was told of before."""
    members: int = 0
    """How many it has after the file."""


def misdirected_workbook(
    content: bytes,
    rows: Sequence[Identity],
    assigned: Collection[tuple[str, str]],
    listed: Listed,
    layout: OutboundLayout,
    occasion: Occasion,
) -> str:
    """Name the part of a workbook that does not agree with whom it is for, or nothing.

    `rows` are those of its table; `assigned` are assignment and CIN of everyone who is or was the provider's.
    """
    by = arranged(layout.column_names)
    try:
        sheets = _sheets(content, SHEETS)
        news, everybody = (_identities(sheets[name], by.headings(name)) for name in (NEWS, MEMBERS))
    except (ValueError, KeyError, IndexError, zipfile.BadZipFile):
        return "the workbook"
    told, own = news if occasion.scope == "DELTA" else everybody, {*assigned, *listed.known}
    if (
        any(row[2] != occasion.npi or (row[0], row[1]) not in own for row in (*news, *everybody))
        or any((row[0], row[1]) not in assigned for row in told)
        or any(row[3] in ENDS for row in everybody)
        or len({row[0] for row in everybody}) < len(everybody)
    ):
        return "a row"
    if len(everybody) != listed.members or len(told) != len(rows):
        return "the number of rows"
    explained = (text for name in (DICTIONARY, ABOUT) for line in sheets[name] for text in line.values())
    return "the workbook" if Counter(told) != Counter(rows) or any(map(_CIN.search, explained)) else ""


def misdirected_return_sheet(content: bytes, rows: Sequence[Identity], npi: str) -> str:
    """Name the part of a return sheet that does not agree with whom it is for, or nothing.

    `rows` are those of the full file that it goes with: it has a row for each of these people, and for nobody else.
    """
    try:
        sheets, found = _sheets(content, return_sheet.SHEETS), []
        for name, layout in zip(return_sheet.SHEETS, load_layout(return_sheet.LAYOUT).sheet_layouts, strict=False):
            wanted = [layout.column_names.index(column) for column in ("ecm_provider_npi", "cin")]
            found.append(_cells(sheets[name], return_sheet.headings(layout), wanted))
    except (ValueError, KeyError, IndexError, zipfile.BadZipFile):
        return "the return sheet"
    told, attempts = found
    if attempts or any(_CIN.search(text) for line in sheets[return_sheet.HOW_TO] for text in line.values()):
        return "the return sheet"
    return "" if Counter(told) == Counter((npi, cin) for _, cin, _, _ in rows) else "a row"


Line = Mapping[str, str]
"""Cells of a row by the letters of their column."""


def _identities(lines: Sequence[Line], headings: Sequence[str]) -> list[Identity]:
    """Read by what the rows of a sheet are known."""
    return _cells(lines, headings, [headings.index(each) for each in _IDENTITY])


def _cells(lines: Sequence[Line], headings: Sequence[str], wanted: Sequence[int]) -> list[tuple[str, ...]]:
    """Read the wanted columns of a sheet's table; it must have these headings and no other."""
    title, note, heading, *rows = lines
    if list(heading.values()) != headings or len(title) > 1 or len(note) > 1:
        raise UnknownForm
    if any(place not in heading for row in rows for place in row):
        raise UnknownForm
    places = [list(heading)[number] for number in wanted]
    return [tuple(row.get(place, "") for place in places) for row in rows]


def _sheets(content: bytes, names: Sequence[str]) -> dict[str, list[Line]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name for name in archive.namelist() if name.startswith("xl/worksheets/")}
        if parts != {f"xl/worksheets/sheet{number}.xml" for number in range(1, len(names) + 1)}:
            raise UnknownForm
        texts = _texts(archive.read("xl/sharedStrings.xml").decode())
        return {
            name: _lines(archive.read(f"xl/worksheets/sheet{number}.xml").decode(), texts)
            for number, name in enumerate(names, start=1)
        }


def _texts(xml: str) -> list[str]:
    """Read the table of texts that the sheets share."""
    table = xml[xml.index("<si>") : xml.rindex("</si>") + len("</si>")]
    if sum(text.end() - text.start() for text in _TEXT.finditer(table)) != len(table):
        raise UnknownForm
    return [unescape(text) if "&" in text else text for text in _TEXT.findall(table)]


def _lines(xml: str, texts: Sequence[str]) -> list[Line]:
    """Read the rows of a sheet; every character of them must be part of a cell or row in the form that is known."""
    data = xml[xml.index("<sheetData>") + len("<sheetData>") : xml.index("</sheetData>")]
    lines: dict[str, dict[str, str]] = {}
    length = sum(len(tag) for tag in _ROW.findall(data))
    for cell in _CELL.finditer(data):
        column, row, is_text, value = cell.groups()
        length += cell.end() - cell.start()
        lines.setdefault(row, {})[column] = texts[int(value)] if is_text else value
    if length != len(data):
        raise UnknownForm
    return list(lines.values())
