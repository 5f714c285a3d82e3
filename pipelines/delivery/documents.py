"""The documents of one file: the table by its layout, workbook and return sheet where asked for, and the manifest.

Where a provider has a key all of them leave encrypted, the manifest too: nothing that can be read stands in its folder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipelines.config import ExchangeConfig
from pipelines.config.providers import Provider
from pipelines.config.returns import sheet_name
from pipelines.delivery.render import Row, render_manifest, render_table
from pipelines.delivery.vault import Vault
from pipelines.delivery.workbook import Edition, render_return_sheet, render_workbook
from pipelines.pgp import PublicKey, Sealed, read_public_key, seal
from schemas.outbound import Occasion, OutboundLayout, load_outbound_layout

ENCRYPTED = ".pgp"
"""What the name of an encrypted file ends in."""

Kind = Literal["table", "workbook", "return sheet", "manifest"]

Sealer = Callable[[str, bytes], Sealed | None]
"""Encrypts the content of a document of this name, or does not."""


@dataclass(frozen=True)
class Document:
    """One document: what of the file it is, and how it leaves."""

    kind: Kind
    name: str
    content: bytes
    """As the provider reads it."""
    sealed: Sealed | None = None

    @property
    def leaves(self) -> bytes:
        """The bytes that go into the provider's folder."""
        return self.content if self.sealed is None else self.sealed.content

    @property
    def announced(self) -> dict[str, object]:
        """What the manifest says of it: of an encrypted one also what comes out of it."""
        told: dict[str, object] = {"name": self.name, **_measured(self.leaves)}
        return told if self.sealed is None else told | {"content": _measured(self.content)}


def _measured(content: bytes) -> dict[str, object]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def layout_for(provider: Provider, config: ExchangeConfig) -> OutboundLayout:
    """Return the provider's own layout, or else the plan's."""
    return load_outbound_layout(provider.layout or config.delivery.layout)


def key_of(provider: Provider, on: date) -> PublicKey | None:
    """Return the key that a provider's files are encrypted to, if it has one; it is tried before anything is written.

    Raises
    ------
    KeyUnusable
        When it cannot be used on this date.
    """
    if provider.pgp_key_file is None:
        return None
    key = read_public_key(provider.pgp_key_file)
    seal(b"", key, on)
    return key


def sealer(key: PublicKey | None, vault: Vault) -> Sealer:
    """Encrypt to a key, or, where there is none, not at all."""
    return lambda name, content: None if key is None else vault.seal(name, content, key)


def data_documents(
    rows: Sequence[Row],
    edition: Edition,
    layout: OutboundLayout,
    occasion: Occasion,
    seals: Sealer,
    was_seen: Callable[[Document], bool],
) -> list[Document]:
    """Render the rows of a file in its provider's formats: table, workbook, and with a full file a return sheet.

    The return sheet has the night's day in its name and not the number of its file, unless another of this name
    `was_seen` by the provider.
    """
    name = layout.named(occasion)
    found = [_document("table", name, render_table(rows, layout, occasion), seals)]
    if "xlsx" in edition.provider.formats:
        found.append(_document("workbook", f"{name.rpartition('.')[0]}.xlsx", render_workbook(edition), seals))
    if "return_sheet" in edition.provider.formats and occasion.scope == "FULL":
        content, stem = render_return_sheet(edition), return_sheet_stem(occasion)
        sheet = _document("return sheet", f"{stem}.xlsx", content, seals)
        if was_seen(sheet):
            sheet = _document("return sheet", f"{stem}_{occasion.number:02d}.xlsx", content, seals)
        found.append(sheet)
    return found


def return_sheet_stem(occasion: Occasion) -> str:
    """Give what the names of a provider's return sheets of a night begin with."""
    return sheet_name(occasion.npi, occasion.business_date).removesuffix(".xlsx")


def with_manifest(
    found: list[Document],
    rows: Sequence[Row],
    layout: OutboundLayout,
    occasion: Occasion,
    previous: str | None,
    seals: Sealer,
) -> list[Document]:
    """Add the manifest where the layout has one, at the end: what it announces is there before it."""
    stem = layout.named(occasion).rpartition(".")[0]
    if layout.manifest:
        manifest = render_manifest(rows, [each.announced for each in found], layout, occasion, previous)
        return [*found, _document("manifest", f"{stem}.manifest.json", manifest, seals)]
    return found


def _document(kind: Kind, name: str, content: bytes, seals: Sealer) -> Document:
    encrypted = f"{name}{ENCRYPTED}"
    sealed = seals(encrypted, content)
    return Document(kind, name if sealed is None else encrypted, content, sealed)
