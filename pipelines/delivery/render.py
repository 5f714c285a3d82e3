"""Rows -> the bytes of an assignment file and of its manifest. The same rows give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from pipelines.delimited import TextForm, csv_bytes
from schemas.outbound import ACTIONS, Occasion, OutboundLayout

Row = Mapping[str, str | None]
"""One row of the file; the keys are `schemas.assignment.COLUMN_NAMES`."""


def render_table(rows: Sequence[Row], layout: OutboundLayout, occasion: Occasion) -> bytes:
    """Write a line for each row, and what the layout wants above and below them."""
    actions = [row["record_action"] for row in rows]
    lines: list[Sequence[str | None]] = []
    if layout.header:
        lines.append(layout.record(layout.header, occasion, actions))
    if layout.heading:
        lines.append([column.heading for column in layout.columns])
    lines += [[column.written(row[column.name]) for column in layout.columns] for row in rows]
    if layout.trailer:
        lines.append(layout.record(layout.trailer, occasion, actions))
    return csv_bytes(lines, form_of(layout))


def form_of(layout: OutboundLayout) -> TextForm:
    """How text of a layout is written."""
    return TextForm(layout.delimiter, layout.quoting == "all", layout.line_end, layout.byte_order_mark)


def render_manifest(
    rows: Sequence[Row],
    files: Sequence[Mapping[str, object]],
    layout: OutboundLayout,
    occasion: Occasion,
    previous: str | None,
) -> bytes:
    """Describe the data files beside them: counts per action, name and hash of each, and the file sent before."""
    actions = [row["record_action"] for row in rows]
    manifest = {
        "layout": layout.name,
        "layout_version": layout.version,
        "ecm_provider_npi": occasion.npi,
        "business_date": occasion.business_date.isoformat(),
        "scope": occasion.scope,
        "rows": len(rows),
        "rows_per_action": {action: actions.count(action) for action in ACTIONS},
        "files": [*files],
        "previous_file": previous,
    }
    return (json.dumps(manifest, indent=2) + "\n").encode("utf-8")
