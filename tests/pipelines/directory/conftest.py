"""A plan whose roster changes from night to night, and what its directory then says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.config import Roster
from pipelines.config.providers import Provider
from pipelines.directory import Publication, publish_directory, update_directory


def day(text: str | date) -> date:
    return text if isinstance(text, date) else date.fromisoformat(text)


@dataclass
class Desk:
    """The directory of one plan."""

    exchange: Any
    """The store with its configuration, of the tests of all stations."""

    def night(self, on: str | date, *providers: Provider) -> dict[str, int]:
        """Run a night that finds these providers in the roster."""
        self.exchange.warehouse.run(
            """INSERT INTO ledger.runs BY NAME
               SELECT $on AS run_id, $day AS business_date, 1 AS attempt, 'FINISHED' AS status""",
            {"on": str(on), "day": day(on)},
        )
        return update_directory(self.exchange.warehouse, self.exchange.config, Roster(tuple(providers)), day(on))

    def publish(self, path: Path, on: str | date) -> Publication:
        return publish_directory(self.exchange.warehouse, self.exchange.config, path, "csv", day(on))

    def assign(self, provider: Provider, members: int, *, on: str = "2026-11-01") -> None:
        """Give a provider open assignments."""
        self.exchange.warehouse.run(
            """INSERT INTO exchange.ecm_assignments BY NAME
               SELECT $npi || '-' || i AS assignment_id, i + 1 AS decision,
                      '9' || lpad(i::VARCHAR, 7, '0') || 'B' AS cin, $npi AS npi,
                      'RULE' AS method, $on AS assigned_on, false AS late_add, '' AS reason
               FROM range($members) AS _(i)""",
            {"npi": provider.npi, "members": members, "on": day(on)},
        )

    def versions(self, provider: Provider) -> list[dict[str, Any]]:
        return [row for row in self.all("provider_directory", "npi, version") if row["npi"] == provider.npi]

    def coverage(self, county: str = "Fresno") -> dict[tuple[str, str], dict[str, Any]]:
        """Rows of a county by population and scope."""
        rows = self.all("county_coverage")
        return {(row["population"], row["service_scope"]): row for row in rows if row["county"] == county}

    def problems(self, county: str = "Fresno") -> set[tuple[str, str, str]]:
        """Population, scope and problem wherever there is one."""
        return {(*place, row["problem"]) for place, row in self.coverage(county).items() if row["problem"]}

    def all(self, table: str, order: str = "ALL") -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.exchange.all(f"exchange.{table}", None, order)
        return rows


@pytest.fixture
def desk(exchange: Any) -> Desk:
    return Desk(exchange)
