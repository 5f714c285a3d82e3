"""Checks on the very bytes that are about to leave; a file that fails one is held and a person is told."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.config import ExchangeConfig
from pipelines.delivery.render import Row
from pipelines.warehouse import Warehouse

if TYPE_CHECKING:
    from pipelines.delivery.prepare import ProviderRows

GATES = {
    "G01": "a row in the file is not this provider's",
    "G02": "more of the provider's members would leave in one night than the threshold allows",
    "G03": "the provider is not active and the file would bring it members",
}

_FEW = 10
"""A provider with fewer members than this may lose any share of them in a night without a hold."""


def gate(warehouse: Warehouse, config: ExchangeConfig, due: ProviderRows, rows: Sequence[Row], rendered: bytes) -> str:
    """Return the code of the gate that holds the file, or nothing.

    The rendered CSV is read again, so that what is checked is what leaves, not what was meant.
    """
    leaving = list(csv.DictReader(io.StringIO(rendered.decode("utf-8-sig"), newline="")))
    npi = due.provider.npi
    if len(leaving) != len(rows) or any(row["ecm_provider_npi"] != npi for row in leaving):
        return "G01"
    pairs = {(row["assignment_id"], row["cin"]) for row in leaving}
    assigned = set(
        warehouse.rows("SELECT assignment_id, cin FROM exchange.ecm_assignments WHERE npi = $npi", {"npi": npi})
    )
    if not pairs <= assigned:
        return "G01"
    ended = sum(row["record_action"] in ("TERM", "VOID") for row in leaving)
    if not (due.provider.active and due.provider.ji_provider):
        # The roster itself takes this provider's members away: only that it brings new ones would be wrong.
        return "G03" if ended < len(leaving) else ""
    if due.open_before >= _FEW and ended > config.safety.max_roster_shrink * due.open_before:
        return "G02"
    return ""
