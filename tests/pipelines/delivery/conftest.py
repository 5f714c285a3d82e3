"""A plan in memory: providers, members and assignments set as a test wants them, and a postman who does as told."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.config import ExchangeConfig, Roster
from pipelines.config.providers import Provider
from pipelines.delivery.outbox import confirm, supersede, waiting
from pipelines.delivery.prepare import prepare
from pipelines.transfer.push import Outcome, Parcel, PushResult
from pipelines.warehouse import Warehouse
from pipelines.warehouse.door import declaration
from sample_data.providers import npi_of

WEDNESDAY = date(2026, 10, 28)
BRIDGE, EVENING = npi_of("fresno_bridge"), npi_of("fresno_evening")


def provider(npi: str, **settings: Any) -> Provider:
    return Provider(
        **{
            "npi": npi, "name": f"Provider {npi[-3:]}", "tin": "000000001", "active": True, "ji_provider": True,
            "service_scope": "PRE_RELEASE", "counties": ("Fresno",), "populations": ("ADULT",), "languages": ("ENG",),
            "capacity": 100, "host": "127.0.0.1", "port": 1, "username": f"ecm_{npi}", "key_file": Path("key"),
            "folder": "assignments", "formats": ("csv",), "full_day": "MON", **settings,
        }
    )  # fmt: skip


def plan(home: Path, **safety: float) -> ExchangeConfig:
    return ExchangeConfig.model_validate(
        {
            "plan": {"name": "Sample Health Plan", "id": "SHP", "hcp_codes": ["010"], "counties": ["Fresno"]},
            "paths": {"home": home},
            "sources": [
                {
                    "name": "dhcs", "kind": "834", "layout": "dhcs", "host": "127.0.0.1", "port": 1, "username": "dhcs",
                    "key_file": "key", "known_hosts": "hosts", "folder": "outgoing", "pattern": "*",
                }
            ],
            "delivery": {"providers": "providers.csv"},
            "justice_involved": {"locators": [], "hcp_status": {"active": ["01"]}},
            "safety": safety,
        }
    )  # fmt: skip


@dataclass
class World:
    """One plan; `roster` and `config` may be replaced between nights."""

    warehouse: Warehouse
    config: ExchangeConfig
    roster: Roster

    def assign(self, number: int, npi: str, *, on: date = WEDNESDAY) -> str:
        """Make person `number` a released member assigned to a provider; returns the assignment's id."""
        cin, assignment = f"9{number:07d}B", f"assignment-{number}-{npi}"
        self.warehouse.run(
            """INSERT INTO exchange.members BY NAME
               SELECT $cin AS cin, 'f' AS file_id, 1 AS file_order, 1 AS segment_no, 'SAMPLE' || $cin AS last_name,
                   'PERSON' AS first_name, DATE '1990-01-31' AS birth_date
               WHERE $cin NOT IN (SELECT cin FROM exchange.members)""",
            {"cin": cin},
        )
        self.warehouse.run(
            """INSERT INTO exchange.ecm_assignments BY NAME
               SELECT $assignment AS assignment_id, $cin AS cin, $npi AS npi, 'RULE' AS method, $on AS assigned_on,
                      false AS late_add, '' AS reason, 0 AS decision""",
            {"cin": cin, "assignment": assignment, "npi": npi, "on": on},
        )
        return assignment

    def end(self, *assignments: str, on: date = WEDNESDAY) -> None:
        self.warehouse.run(
            """UPDATE exchange.ecm_assignments SET ended_on = $on, end_reason = 'ELIG_LOST'
               WHERE list_contains($ids, assignment_id)""",
            {"on": on, "ids": list(assignments)},
        )

    def reopen(self, *assignments: str) -> None:
        self.warehouse.run(
            """UPDATE exchange.ecm_assignments SET ended_on = NULL, end_reason = NULL
               WHERE list_contains($ids, assignment_id)""",
            {"ids": list(assignments)},
        )

    def prepare(self, on: date = WEDNESDAY) -> dict[str, int]:
        """Drop what gates held, as every night does first, and fill the outbox."""
        self.warehouse.run("UPDATE delivery.outbox SET status = 'SUPERSEDED' WHERE status = 'HELD'")
        return prepare(self.warehouse, self.config, self.roster, on)

    def post(self, on: date = WEDNESDAY, *, fails: Callable[[Parcel], bool] = lambda _: False) -> list[str]:
        """Confirm what waits as delivered, in groups as the real push goes; returns the names that arrived."""
        arrived = []
        for one in self.roster.providers:
            failed: set[str] = set()
            results = []
            for outbox_id, parcel in waiting(self.warehouse, one.npi):
                if parcel.group in failed or fails(parcel):
                    failed.add(parcel.group)
                    results.append((outbox_id, PushResult(parcel, Outcome.FAILED, "T14")))
                else:
                    arrived.append(parcel.name)
                    results.append((outbox_id, PushResult(parcel, Outcome.DELIVERED)))
            confirm(self.warehouse, results, on)
        return arrived

    def drop(self, npi: str) -> None:
        """Give up what waits for a provider, as when nothing of it stands in its folder."""
        supersede(self.warehouse, [outbox_id for outbox_id, _ in waiting(self.warehouse, npi)])

    def outbox(self, npi: str) -> list[tuple[str, str, str]]:
        """Name, status and reason of the tables prepared for a provider, dropped ones apart."""
        return self.warehouse.rows(
            """SELECT name, status, reason FROM delivery.outbox
               WHERE recipient = $npi AND part = 1 AND status <> 'SUPERSEDED' ORDER BY business_date, sequence""",
            {"npi": npi},
        )

    def told(self, npi: str) -> list[tuple[str, str]]:
        """Action and assignment of every row known to have arrived, in order."""
        return self.warehouse.rows(
            """SELECT record_action, assignment_id FROM delivery.delivered_rows
               WHERE npi = $npi ORDER BY delivery, assignment_id""",
            {"npi": npi},
        )

    def table(self, name: str) -> list[dict[str, str]]:
        """Read a prepared table as its provider would."""
        return list(csv.DictReader(io.StringIO(self._content(name).decode("utf-8-sig"), newline="")))

    def manifest(self, name: str) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self._content(name))
        return read

    def _content(self, name: str) -> bytes:
        path = self.warehouse.value("SELECT path FROM delivery.outbox WHERE name = $name", {"name": name})
        return (self.warehouse.home / "outbox" / path).read_bytes()


@pytest.fixture
def make_provider() -> Callable[..., Provider]:
    return provider


@pytest.fixture
def make_plan() -> Callable[..., ExchangeConfig]:
    return plan


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(declaration())

    def make(*providers: Provider, **safety: float) -> World:
        roster = Roster(tuple(sorted(providers or (provider(BRIDGE), provider(EVENING)), key=lambda p: p.npi)))
        return World(Warehouse(connection, tmp_path), plan(tmp_path, **safety), roster)

    yield make
    connection.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """Two providers of one county."""
    return make_world()


@pytest.fixture
def npis() -> Sequence[str]:
    """The two providers of `world`."""
    return BRIDGE, EVENING
