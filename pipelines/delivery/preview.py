"""What would be sent tonight, computed by the very stations of the night and then undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.clocks.calendar import is_business_day
from pipelines.config import ExchangeConfig, Roster
from pipelines.delivery.prepare import compose, due_rows
from pipelines.delivery.render import Row
from pipelines.delivery.standing import standings
from pipelines.delivery.vault import open_vault
from pipelines.derivation import AsOf, assign, authorize, find_episodes, find_needs, gather_reports, match, start_clocks
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
    held: str
    """Codes of the gates that would hold it, or empty."""


def preview(warehouse: Warehouse, config: ExchangeConfig, roster: Roster, business_date: date) -> list[PlannedFile]:
    """List the files that would go out if the night ran on what has been received; nothing is written."""
    with warehouse.rehearsal():
        for step in (match, find_episodes, authorize, assign, gather_reports, start_clocks, find_needs):
            step(AsOf(warehouse, config, roster, business_date))
        return _planned(warehouse, config, roster, business_date)


def why_nothing(warehouse: Warehouse, config: ExchangeConfig, roster: Roster, business_date: date) -> str:
    """Say in a sentence why no file would go out, of a night of which `preview` lists none."""
    serving = [provider for provider in roster.providers if provider.active and provider.ji_provider]
    if not serving:
        return "no provider of the providers table is active and JI-capable on this day"
    standing_of = standings(warehouse, business_date)
    if in_doubt := sum(standing_of[provider.npi].is_in_doubt for provider in serving):
        return (
            f"of {in_doubt} of {len(serving)} providers it is not known what became of an earlier file, which the next "
            "run asks their servers first, and nothing is new for the others"
        )
    if not is_business_day(business_date, config.plan.holidays):
        return "it is no business day of the plan, and nothing is new for any provider"
    return "every provider has its files of this night, delivered or waiting to be sent, and nothing is new since"


def _planned(warehouse: Warehouse, config: ExchangeConfig, roster: Roster, business_date: date) -> list[PlannedFile]:
    planned, vault = [], open_vault(warehouse, business_date)
    for due in due_rows(warehouse, config, roster, business_date):
        composed, _ = compose(warehouse, config, roster, due, vault)
        planned += [
            PlannedFile(
                due.provider.npi, due.provider.name, each.file.scope, each.file.rows,
                "full day" if each.file.scope == "FULL" else _reasons(each.rows), each.held,
            )
            for each in composed if each.file.part == 1
        ]  # fmt: skip
    return planned


def _reasons(rows: Sequence[Row]) -> str:
    reasons = Counter(f"{row['record_action']} {row['change_reason']}" for row in rows)
    return ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items())) or "nothing new"
