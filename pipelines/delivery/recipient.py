"""Is this file its provider's, and nobody else's? Asked of the finished bytes: what is checked is what leaves (G01)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.config import Roster
from pipelines.config.providers import Provider
from pipelines.delivery.documents import ENCRYPTED, Document, return_sheet_stem
from pipelines.delivery.workbook import Identity, Listed, misdirected_return_sheet, misdirected_workbook
from pipelines.pgp import PublicKey, recipients_of
from schemas.outbound import ACTIONS, ENDS, Occasion, OutboundLayout

_IDENTITY = ("assignment_id", "cin", "ecm_provider_npi", "record_action")


def misdirected(
    documents: Sequence[Document],
    provider: Provider,
    assigned: Mapping[tuple[str, str], bool],
    rows: int,
    layout: OutboundLayout,
    occasion: Occasion,
    listed: Listed,
    key: PublicKey | None,
) -> str:
    """Name the part of a provider's file that does not agree with whom it is for, or nothing.

    `assigned` are assignment and CIN of everyone who is or was the provider's, each with whether the provider serves
    the person still: an end is told of nobody else, and nothing else of who left. `rows` is how many were to be told,
    `listed` whom the workbook repeats, `key` what the provider's files are encrypted to, if they are.
    """
    try:
        (table,) = (_table(each.content, layout) for each in documents if each.kind == "table")
    except csv.Error:
        return "the text"
    if not all(_is_named_for(provider, each, layout, occasion) for each in documents):
        return "a name"
    found = next(_wrong_rows(table.rows, provider.npi, assigned, rows), "")
    for each in documents:
        if each.kind == "workbook":
            found = found or misdirected_workbook(each.content, table.rows, assigned, listed, layout, occasion)
        if each.kind == "return sheet":
            found = found or misdirected_return_sheet(each.content, table.rows, provider.npi)
    found = found or next(_wrong_form(table, documents, layout, occasion), "")
    return found or ("" if all(_opens_for(key, each) for each in documents) else "the encryption")


def _is_named_for(provider: Provider, document: Document, layout: OutboundLayout, occasion: Occasion) -> bool:
    """Tell whether the name of a document says that it is this provider's, and of this night."""
    if document.kind == "return sheet":
        return document.name.startswith(return_sheet_stem(replace(occasion, npi=provider.npi)))
    return layout.provider_and_night(document.name) == (provider.npi, f"{occasion.business_date:%Y%m%d}")


def _opens_for(key: PublicKey | None, document: Document) -> bool:
    """Tell whether a document leaves encrypted to a key and to nobody else; without a key, unencrypted."""
    if key is None or document.sealed is None:
        return key is None and document.sealed is None and not document.name.endswith(ENCRYPTED)
    readers = recipients_of(document.leaves)
    return bool(readers) and readers <= {key_id for key_id, _ in key.encrypts_until}


def _wrong_rows(
    rows: Sequence[Identity], npi: str, assigned: Mapping[tuple[str, str], bool], many: int
) -> Iterator[str]:
    """Tell of rows that are another's, or too many or too few, in the text."""
    if any(
        told != npi or assigned.get((assignment, cin)) is not (action not in ENDS)
        for assignment, cin, told, action in rows
    ):
        yield "a row"
    if len(rows) != many:
        yield "the number of rows"


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
            {"name": each.name, "sha256": hashlib.sha256(each.leaves).hexdigest(), "bytes": len(each.leaves)}
            | ({} if each.sealed is None else {"content": _content(each)})
            for each in documents
            if each.kind != "manifest"
        ]
    )


def _content(document: Document) -> dict[str, object]:
    return {"sha256": hashlib.sha256(document.content).hexdigest(), "bytes": len(document.content)}


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
