"""Is this file its provider's, and nobody else's? Asked of the finished bytes: what is checked is what leaves (G01)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.config import Roster
from pipelines.config.providers import Provider
from pipelines.delivery.documents import Document
from schemas.outbound import ACTIONS, Occasion, OutboundLayout

_IDENTITY = ("assignment_id", "cin", "ecm_provider_npi", "record_action")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

Identity = tuple[str, ...]
"""The columns of a row by which it is known: `_IDENTITY`."""


def misdirected(
    documents: Sequence[Document],
    provider: Provider,
    assigned: Collection[tuple[str, str]],
    rows: int,
    layout: OutboundLayout,
    occasion: Occasion,
) -> str:
    """Name the part of a provider's file that does not agree with whom it is for, or nothing.

    `assigned` are assignment and CIN of everyone who is or was the provider's, `rows` how many were meant to be told.
    """
    try:
        (table,) = (_table(each.content, layout) for each in documents if each.kind == "table")
    except csv.Error:
        return "the text"
    books = [_workbook(each.content) for each in documents if each.kind == "workbook"]
    whose = provider.npi, f"{occasion.business_date:%Y%m%d}"
    if any(layout.provider_and_night(each.name) != whose for each in documents):
        return "a name"
    found = next(_wrong_rows([table.rows, *books], provider.npi, assigned, rows), "")
    return found or next(_wrong_form(table, documents, layout, occasion), "")


def _wrong_rows(
    tables: Sequence[Sequence[Identity]], npi: str, assigned: Collection[tuple[str, str]], rows: int
) -> Iterator[str]:
    """Tell of rows that are another's, or too many or too few, in the text or in the workbook."""
    if any(told != npi or (assignment, cin) not in assigned for each in tables for assignment, cin, told, _ in each):
        yield "a row"
    if any(len(each) != rows for each in tables):
        yield "the number of rows"
    if any(each != tables[0] for each in tables):
        yield "the workbook"


def _wrong_form(
    table: _Table, documents: Sequence[Document], layout: OutboundLayout, occasion: Occasion
) -> Iterator[str]:
    """Tell of what stands around the rows, or beside them, and says another thing than they do."""
    if table.heading != [column.heading for column in layout.columns if layout.heading]:
        yield "the headings"
    actions = [action for _, _, _, action in table.rows]
    if table.header != layout.record(layout.header, occasion, actions):
        yield "the header"
    if table.trailer != layout.record(layout.trailer, occasion, actions):
        yield "the trailer"
    manifests = [json.loads(each.content) for each in documents if each.kind == "manifest"]
    right = [manifest for manifest in manifests if _announces(manifest, documents, occasion.npi, table.rows)]
    if len(right) != layout.manifest:
        yield "the manifest"


def shared_folder(provider: Provider, roster: Roster) -> str:
    """Say whether a provider's account or folder is another's: the very same, or named by the other's NPI alone."""
    others = {each.npi for each in roster.providers} - {provider.npi}
    named = set(re.findall(r"(?<!\d)\d{10}(?!\d)", f"{provider.username} {provider.folder}"))
    if named & others and provider.npi not in named:
        return "the folder"
    same = (provider.host, provider.port, provider.username, provider.folder)
    taken = any((o.host, o.port, o.username, o.folder) == same for o in roster.providers if o.npi != provider.npi)
    return "the folder" if taken else ""


def _announces(
    manifest: Mapping[str, object], documents: Sequence[Document], npi: str, rows: Sequence[Identity]
) -> bool:
    actions = Counter(action for _, _, _, action in rows)
    return (
        manifest["ecm_provider_npi"] == npi
        and manifest["rows"] == len(rows)
        and manifest["rows_per_action"] == {action: actions[action] for action in ACTIONS}
        and manifest["files"]
        == [
            {"name": each.name, "sha256": hashlib.sha256(each.content).hexdigest(), "bytes": len(each.content)}
            for each in documents
            if each.kind != "manifest"
        ]
    )


@dataclass(frozen=True)
class _Table:
    """What a text file says, read by its layout: records around the rows, headings, and of each row its identity."""

    header: list[str]
    heading: list[str]
    rows: list[Identity]
    trailer: list[str]


def _table(content: bytes, layout: OutboundLayout) -> _Table:
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    records = list(csv.reader(text, delimiter=layout.delimiter, strict=True))
    header = records.pop(0) if layout.header and records else []
    trailer = records.pop() if layout.trailer and records else []
    heading = records.pop(0) if layout.heading and records else []
    places = [[column.name for column in layout.columns].index(name) for name in _IDENTITY]
    rows = [tuple(record[place] for place in places) if len(record) == len(layout.columns) else ("",) * len(places)
            for record in records]  # fmt: skip
    return _Table(header, heading, rows, trailer)


def _workbook(content: bytes) -> list[Identity]:
    """Read the first sheet of a workbook that was just written here: no stranger's, so no child process is needed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = _shared_texts(archive)
        sheet = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - written by this process
    heading, *rows = (
        {_column(cell): _text(cell, texts) for cell in row.iter(f"{_MAIN}c")} for row in sheet.iter(f"{_MAIN}row")
    )
    places = {name: place for place, name in heading.items()}
    return [tuple(row.get(places[name], "") for name in _IDENTITY) for row in rows]


def _shared_texts(archive: zipfile.ZipFile) -> list[str]:
    table = ET.fromstring(archive.read("xl/sharedStrings.xml"))  # noqa: S314 - as above
    return ["".join(part.text or "" for part in entry.iter(f"{_MAIN}t")) for entry in table.iter(f"{_MAIN}si")]


def _column(cell: ET.Element) -> str:
    return cell.attrib["r"].rstrip("0123456789")


def _text(cell: ET.Element, texts: Sequence[str]) -> str:
    value = cell.findtext(f"{_MAIN}v", "")
    return texts[int(value)] if cell.get("t") == "s" else value
