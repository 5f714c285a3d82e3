"""Members who need a provider, told in one line each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import pytest

from pipelines.assignment import assign_members

STATIONS_BEFORE = ("ji_episodes", "ecm_authorizations")


@pytest.fixture
def flagged(exchange: Any) -> Callable[..., None]:
    """Function that makes a member flagged and out (or, with `status="05"`, inside) on a day of October 2026."""

    def arrive(cin: str, day: int = 5, status: str = "01", **columns: Any) -> None:
        exchange.seen(f"2026-10-{day:02d}", cin, exchange.coverage("2026-10", status, ji=True), **columns)

    return arrive


@dataclass
class Nights:
    """People who need a provider, with what the stations before the assignments would have left of them."""

    exchange: Any
    people: tuple[str, ...] = ()
    order: str = "ASC"
    """In which order of CIN the stations before left their rows."""

    def begin(self, flagged: Callable[..., None], people: Iterable[str]) -> None:
        """Start with these people, all of them authorized."""
        self.people = tuple(people)
        with self.exchange.warehouse.transaction():
            for cin in self.people:
                flagged(cin)
        self.exchange.authorize("2026-10-19")
        for table in STATIONS_BEFORE:
            self.exchange.warehouse.run(f"CREATE OR REPLACE TEMP TABLE {table} AS FROM exchange.{table}")

    def begin_again(self) -> None:
        """Forget what was decided."""
        for table in ("liaison_decisions", "assignment_decisions", "assignment_candidates"):
            self.exchange.warehouse.run(f"DELETE FROM facts.{table}")  # noqa: S608 - own names

    def run(
        self, on: date, *, aliases: Mapping[str, str] | None = None, expired: Collection[str] = ()
    ) -> dict[str, int]:
        """Assign for a night on which these CINs are another one's and the authorizations of these have expired."""
        warehouse = self.exchange.warehouse
        known = pd.DataFrame(list((aliases or {}).items()), columns=["alias", "cin"], dtype="str")
        warehouse.lend("known_aliases", known)
        warehouse.run("DELETE FROM exchange.cin_aliases")
        warehouse.run(
            """INSERT INTO exchange.cin_aliases BY NAME
               SELECT alias, cin, $on AS since, 'LIAISON' AS source FROM known_aliases""",
            {"on": on},
        )
        for table in STATIONS_BEFORE:
            warehouse.run(f"DELETE FROM exchange.{table}")  # noqa: S608 - own names
            warehouse.run(
                f"""INSERT INTO exchange.{table} FROM {table}
                    WHERE cin NOT IN (SELECT alias FROM known_aliases) ORDER BY cin {self.order}"""  # noqa: S608 - own names
            )
        warehouse.run(
            "UPDATE exchange.ecm_authorizations SET status = 'EXPIRED' WHERE list_contains($cins, cin)",
            {"cins": list(expired)},
        )
        return assign_members(warehouse, self.exchange.config.assignment, self.exchange.roster, on)

    def open(self) -> dict[str, list[dict[str, Any]]]:
        """Open assignments by CIN."""
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.exchange.all("exchange.ecm_assignments", order="decision"):
            if row["ended_on"] is None:
                found.setdefault(row["cin"], []).append(row)
        return found

    def decisions(self) -> list[dict[str, Any]]:
        """Everything that was decided, in order."""
        rows: list[dict[str, Any]] = self.exchange.all("facts.assignment_decisions", order="decision")
        return rows


@pytest.fixture
def nights(exchange: Any) -> Nights:
    """Nights of the station of assignments alone."""
    return Nights(exchange)
