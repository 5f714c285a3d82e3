"""A plan in the small whose nights note what they knew, so that a month can be told of afterwards."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from pipelines.directory import update_directory
from pipelines.replay.marks import MARKED
from pipelines.reporting.months import Month
from pipelines.reporting.state_report import state_report


@dataclass
class Plan:
    """The exchange of one plan, night by night."""

    exchange: Any

    def night(self, on: str) -> None:
        """Derive everything as of a night, and note what it knew as a night that writes files does."""
        warehouse, day = self.exchange.warehouse, date.fromisoformat(on)
        self.exchange.derive(on)
        update_directory(warehouse, self.exchange.config, self.exchange.roster, day)
        warehouse.run(
            """INSERT INTO ledger.runs BY NAME
               SELECT $on AS run_id, CAST($on AS DATE) AS business_date, 1 AS attempt, 'FINISHED' AS status""",
            {"on": on},
        )
        for name, number in MARKED.items():
            warehouse.run(
                f"""INSERT INTO ledger.marks BY NAME
                    SELECT $day AS business_date, 1 AS batch, $name AS name,
                           (SELECT coalesce(max({number}), 0) FROM {name}) AS mark""",  # noqa: S608 - constants
                {"day": day, "name": name},
            )

    def reported(self, month: str, today: str = "2027-06-01") -> bytes:
        content, _ = state_report(
            self.exchange.warehouse, self.exchange.config, self.exchange.roster, Month.named(month),
            today=date.fromisoformat(today),
        )  # fmt: skip
        return content

    def document(self, month: str, today: str = "2027-06-01") -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.reported(month, today))
        return document


@pytest.fixture
def plan(exchange: Any) -> Plan:
    return Plan(exchange)
