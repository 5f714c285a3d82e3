"""The documents of one file: the table by its layout, the workbook where it is asked for, and the manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.config import ExchangeConfig
from pipelines.config.providers import Provider
from pipelines.delivery.render import Row, render_manifest, render_table
from pipelines.delivery.workbook import Edition, render_workbook
from schemas.outbound import Occasion, OutboundLayout, load_outbound_layout


@dataclass(frozen=True)
class Document:
    """One document, and what of the file it is."""

    kind: Literal["table", "workbook", "manifest"]
    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Hash of what leaves."""
        return hashlib.sha256(self.content).hexdigest()


def layout_for(provider: Provider, config: ExchangeConfig) -> OutboundLayout:
    """Return the provider's own layout, or else the plan's."""
    return load_outbound_layout(provider.layout or config.delivery.layout)


def data_documents(rows: Sequence[Row], edition: Edition, layout: OutboundLayout, occasion: Occasion) -> list[Document]:
    """Render the rows of a file in its provider's formats: the table, and the workbook where it is asked for."""
    name = layout.named(occasion)
    found = [Document("table", name, render_table(rows, layout, occasion))]
    if "xlsx" in edition.provider.formats:
        found.append(Document("workbook", f"{name.rpartition('.')[0]}.xlsx", render_workbook(edition)))
    return found


def with_manifest(
    found: list[Document], rows: Sequence[Row], layout: OutboundLayout, occasion: Occasion, previous: str | None
) -> list[Document]:
    """Add the manifest where the layout has one, at the end: what it announces is there before it."""
    stem = layout.named(occasion).rpartition(".")[0]
    if layout.manifest:
        listed = [(document.name, document.sha256, len(document.content)) for document in found]
        manifest = render_manifest(rows, listed, layout, occasion, previous)
        return [*found, Document("manifest", f"{stem}.manifest.json", manifest)]
    return found
