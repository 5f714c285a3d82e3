"""What would be sent tonight, computed by the very stations of the night and then undone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from pipelines.config import ExchangeConfig, Roster
from pipelines.delivery.prepare import due_rows
from pipelines.derivation import AsOf, assign, authorize, find_episodes, match, start_clocks
from pipelines.warehouse import Warehouse


@dataclass(frozen=True)
class PlannedFile:
    """One file that would go out."""

    npi: str
    name: str
    scope: str
    rows: int
    why: str
    """Rows per action and reason."""


def preview(warehouse: Warehouse, config: ExchangeConfig, roster: Roster, business_date: date) -> list[PlannedFile]:
    """List the files that would go out if the night ran on what has been received; nothing is written."""
    with warehouse.rehearsal():
        for step in (match, find_episodes, authorize, assign, start_clocks):
            step(AsOf(warehouse, config, roster, business_date))
        return _planned(warehouse, config, roster, business_date)


def _planned(warehouse: Warehouse, config: ExchangeConfig, roster: Roster, business_date: date) -> list[PlannedFile]:
    planned = []
    for due in due_rows(warehouse, config, roster, business_date):
        reasons = Counter(f"{row['record_action']} {row['change_reason']}" for row in due.delta)
        why = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items())) or "nothing new"
        planned.append(PlannedFile(due.provider.npi, due.provider.name, "DELTA", len(due.delta), why))
        if due.full is not None:
            planned.append(PlannedFile(due.provider.npi, due.provider.name, "FULL", len(due.full), "full day"))
    return planned
