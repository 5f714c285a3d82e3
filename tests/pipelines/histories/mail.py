"""What providers are told: the rows that are due each night reach them, but for those out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from pipelines.config import ExchangeConfig, Roster
from pipelines.delivery.prepare import due_rows
from pipelines.warehouse import Warehouse

_FOLLOWS = {"ADD": (None, "TERM"), "CHANGE": ("ADD", "CHANGE"), "TERM": ("ADD", "CHANGE")}
"""What a provider may have been told last of an assignment before each action."""

_COLUMNS = ("assignment_id", "cin", "record_action", "change_reason", "row_hash", "content")

_KNOWN = """SELECT npi, assignment_id FROM delivery.delivered_rows
            GROUP BY ALL HAVING arg_max(record_action, delivery) <> 'TERM'"""
_OPEN = "SELECT npi, assignment_id FROM exchange.ecm_assignments WHERE ended_on IS NULL"


@dataclass
class Mail:
    """All that was told so far."""

    warehouse: Warehouse
    told: list[tuple[date, str, str, str]] = field(default_factory=list)
    """What arrived, in order: night, NPI, action, CIN."""

    def deliver(
        self, config: ExchangeConfig, roster: Roster, night: date, unreached: set[str]
    ) -> Iterator[tuple[str, str]]:
        """Tell what is due and yield what is wrong with it: what, and the NPI."""
        known = {(npi, assignment): action for npi, assignment, action in self.warehouse.rows(
            "SELECT npi, assignment_id, arg_max(record_action, delivery) FROM delivery.delivered_rows GROUP BY ALL"
        )}  # fmt: skip
        delivery = self.warehouse.value("SELECT coalesce(max(delivery), 0) FROM delivery.delivered_rows")
        arrived = []
        for due in due_rows(self.warehouse, config, roster, night):
            npi = due.provider.npi
            delivery += 1
            for row in due.delta:
                said, before = {c: str(row[c] or "") for c in _COLUMNS}, known.get((npi, str(row["assignment_id"])))
                if row["ecm_provider_npi"] != npi:
                    yield "a row for another provider", npi
                if before not in _FOLLOWS[said["record_action"]]:
                    yield f"{said['record_action']} after {before}", npi
                if npi not in unreached:
                    arrived.append({"delivery": delivery, "outbox_id": str(delivery), "npi": npi} | said)
                    self.told.append((night, npi, said["record_action"], said["cin"]))
        self.warehouse.insert("delivery.delivered_rows", pd.DataFrame(arrived))
        reached = {provider.npi for provider in roster.providers} - unreached
        for what, query in (("end", f"{_KNOWN} EXCEPT {_OPEN}"), ("member", f"{_OPEN} EXCEPT ({_KNOWN})")):
            for npi, _ in self.warehouse.rows(query):
                if npi in reached:
                    yield f"a provider not told of a {what}", npi
