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
from collections.abc import Collection, Mapping, Sequence

from pipelines.config import Roster
from pipelines.config.providers import Provider

_IDENTITY = ("assignment_id", "cin", "ecm_provider_npi", "record_action")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

Identity = tuple[str, ...]
"""The columns of a row by which it is known: `_IDENTITY`."""


def misdirected(
    documents: Mapping[str, bytes], provider: Provider, assigned: Collection[tuple[str, str]], rows: int
) -> str:
    """Name the part of a provider's file that does not agree with whom it is for, or nothing.

    `documents` are the CSV, the workbook if there is one, and the manifest, by name; `assigned` are assignment and CIN
    of everyone who is or was the provider's; `rows` is how many were meant to be told.
    """
    tables = [_csv(content) for name, content in documents.items() if name.endswith(".csv")]
    tables += [_workbook(content) for name, content in documents.items() if name.endswith(".xlsx")]
    manifest = json.loads(next(content for name, content in documents.items() if name.endswith(".json")))
    if any(f"_{provider.npi}_" not in name for name in documents):
        return "a name"
    if any(npi != provider.npi for table in tables for _, _, npi, _ in table):
        return "a row"
    if any((assignment, cin) not in assigned for table in tables for assignment, cin, _, _ in table):
        return "a row"
    if any(len(table) != rows for table in tables):
        return "the number of rows"
    if any(table != tables[0] for table in tables):
        return "the workbook"
    return "" if _announces(manifest, documents, provider.npi, tables[0]) else "the manifest"


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
    manifest: Mapping[str, object], documents: Mapping[str, bytes], npi: str, rows: Sequence[Identity]
) -> bool:
    data = {name: content for name, content in documents.items() if not name.endswith(".json")}
    actions = Counter(action for _, _, _, action in rows)
    return (
        manifest["ecm_provider_npi"] == npi
        and manifest["rows"] == len(rows)
        and manifest["rows_per_action"] == {action: actions[action] for action in ("ADD", "CHANGE", "TERM", "VOID")}
        and manifest["files"]
        == [
            {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for name, content in data.items()
        ]
    )


def _csv(content: bytes) -> list[Identity]:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    return [tuple(row[name] for name in _IDENTITY) for row in rows]


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
