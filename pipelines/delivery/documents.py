"""The documents of one file: the table by its layout, the workbook where it is asked for, and the manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.config import ExchangeConfig
from pipelines.config.providers import Provider
from pipelines.delivery.render import Row, render_manifest, render_xlsx
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


def documents(
    provider: Provider,
    rows: Sequence[Row],
    table: bytes,
    layout: OutboundLayout,
    occasion: Occasion,
    previous: str | None,
) -> list[Document]:
    """Render a file in the provider's formats, the manifest last: what it announces is there before it."""
    name = layout.named(occasion)
    stem = name.rpartition(".")[0]
    found = [Document("table", name, table)]
    if "xlsx" in provider.formats:
        book = render_xlsx(rows, business_date=occasion.business_date)
        found.append(Document("workbook", f"{stem}.xlsx", book))
    if layout.manifest:
        listed = [(document.name, document.sha256, len(document.content)) for document in found]
        found.append(
            Document("manifest", f"{stem}.manifest.json", render_manifest(rows, listed, layout, occasion, previous))
        )
    return found
