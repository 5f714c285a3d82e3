"""Files apply in the order they speak of: in whatever order four days' files arrive, the state in the end is the same.

Two ways to arrive are walked through. *In one run*: the files stand in the ledger in some order and one night follows
from all of them. Then everything is the same: facts (as sets), every table of the exchange, and what each provider
would be told. *One file a run*: a night follows from each file before the next one comes. Then a decision may have been
made on less than is known in the end, and a decision, once made, stands: whom a member is assigned to (with the day's
reason and candidates) may differ, and with it hand-off clocks, which depend on the provider. All else is the same, and
so is who has a provider at all.
"""

from __future__ import annotations

import hashlib
import json
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.config import Roster, read_config, read_roster
from pipelines.delivery.prepare import due_rows
from pipelines.derivation import assign, authorize, find_episodes, find_needs, match, start_clocks, update_members
from pipelines.intake import ledger
from pipelines.nightly import Night, load_enrollment, load_referrals
from pipelines.transfer.pull import LandedFile
from pipelines.warehouse import Warehouse
from pipelines.warehouse.door import declaration
from sample_data import generate
from sample_data.providers import npi_of

OPENING = "2026-10-28/sftp/dhcs/outgoing/DHCS834-MO-20261001-SHP-010-001.dat"
DAYS = (
    ("2026-10-28/sftp/dhcs/outgoing/DHCS834-DA-20261028-SHP-010-001.dat",),
    (
        "2026-10-29/sftp/dhcs/outgoing/DHCS834-DA-20261029-SHP-010-001.dat",
        "2026-10-29/sftp/brindlemoor_jail/outgoing/RELEASE_NOTICE_20261029.csv",
    ),
    (
        "2026-10-30/sftp/dhcs/outgoing/DHCS834-DA-20261030-SHP-010-001.dat",
        "2026-10-30/sftp/fresno_probation/outgoing/PROBATION_REFERRALS_20261030.csv",
    ),
    (
        "2026-11-02/sftp/dhcs/outgoing/DHCS834-DA-20261102-SHP-010-001.dat",
        "2026-11-02/sftp/kestrel_reentry/outgoing/CARE_PLAN_RECEIPTS_20261102.txt",
    ),
)
PROVIDERS = [npi_of(key) for key in ("fresno_all", "fresno_youth", "kings_spanish", "kern_line")]
CIRCLE = (0, 1, 2, 3)
ORDERS = [tuple(way[(start + step) % 4] for step in range(4)) for way in (CIRCLE, CIRCLE[::-1]) for start in range(4)]
"""Forwards and backwards from every day: each day stands at each place, and each two of them in both orders."""

STATIONS = (update_members, match, find_episodes, authorize, assign, start_clocks, find_needs)
BY_DECISION = ("ecm_assignments", "unassigned", "unassigned_candidates", "clocks")
OF_THE_ASSIGNMENT = {
    "assignment_id", "ecm_provider_npi", "ecm_provider_name", "assignment_date", "assignment_method", "late_add",
    "prior_ecm_provider_npi", "change_reason", "record_action", "warm_handoff_due", "row_hash", "content",
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What one order of arrival ended in."""

    facts: dict[str, Any]
    exchange: dict[str, Any]
    told: tuple[str, ...]
    """A JSON text for each row that a provider would be told."""

    def but_for_decisions(self) -> tuple[Any, ...]:
        """Leave out what depends on which provider a member was given; who has one stays in."""
        rows = [json.loads(row) for row in self.told]
        people = sorted(str({k: v for k, v in row.items() if k not in OF_THE_ASSIGNMENT}) for row in rows)
        return self.facts, {name: rows for name, rows in self.exchange.items() if name not in BY_DECISION}, people


class Walk:
    """All orders of arrival, each beginning walked once: stores in memory are copied where ways part."""

    def __init__(self, folder: Path) -> None:
        self.exchange = generate(folder, members=1, days=4)
        config = read_config(folder / "exchange.toml")
        self.connection = duckdb.connect(config={"threads": 1})
        warehouse = Warehouse(self.connection, folder / "home")
        everyone = read_roster(config.delivery.providers).providers
        roster = Roster(tuple(provider for provider in everyone if provider.npi in PROVIDERS))
        self.night = Night(warehouse, config, roster, self.exchange.dates[-1])
        self.numbers = count(1)
        self.opened = self.store()
        self.connection.execute(declaration())
        self.arrive(OPENING)
        self.follow()

    def store(self, copied_from: str = "") -> str:
        name = f"store_{next(self.numbers)}"
        self.connection.execute(f"ATTACH ':memory:' AS {name}")
        if copied_from:
            self.connection.execute(f"COPY FROM DATABASE {copied_from} TO {name}")
        self.connection.execute(f"USE {name}")
        return name

    def arrive(self, name: str) -> None:
        path = self.exchange.out / "days" / name
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        config = self.night.config
        landed = config.home / "landing" / digest[:2] / digest
        landed.parent.mkdir(parents=True, exist_ok=True)
        landed.write_bytes(content)
        source = next(source for source in config.sources if source.username == path.parts[-3])
        file = LandedFile(path.name, len(content), 1, digest, landed)
        ledger.record(self.night.warehouse, config, source, file, self.night.business_date)
        load_enrollment(self.night)
        load_referrals(self.night)

    def follow(self) -> None:
        for station in STATIONS:
            station(self.night)

    def outcomes(self) -> Iterator[tuple[tuple[int, ...], Outcome, Outcome]]:
        """Yield each order with its outcome in one run and with one file a run."""
        yield from self._from(self.opened, ())

    def _from(self, store: str, order: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Outcome, Outcome]]:
        if len(order) == len(DAYS):
            one_a_run = self.outcome(store)
            self.undo_what_followed(store)
            self.follow()
            yield order, self.outcome(store), one_a_run
            return
        for day in range(len(DAYS)):
            if any(wanted[: len(order) + 1] == (*order, day) for wanted in ORDERS):
                branch = self.store(store)
                for name in DAYS[day]:
                    self.arrive(name)
                self.follow()
                yield from self._from(branch, (*order, day))
                self.connection.execute(f"USE {self.opened}")
                self.connection.execute(f"DETACH {branch}")

    def undo_what_followed(self, store: str) -> None:
        """Leave the facts as the files arrived, and set back whatever was concluded from those of the four days."""
        tables = [f"exchange.{name}" for name in self.tables("exchange")]
        for table in (*tables, "facts.assignment_decisions", "facts.assignment_candidates"):
            self.connection.execute(f"DELETE FROM {store}.{table}")  # noqa: S608 - own names
            self.connection.execute(f"INSERT INTO {store}.{table} FROM {self.opened}.{table}")
        known = f"SELECT file_id FROM {self.opened}.ledger.files"  # noqa: S608 - own names
        again = f"UPDATE {store}.ledger.files SET applied = false WHERE file_id NOT IN ({known})"  # noqa: S608 - own names
        self.connection.execute(again)

    def tables(self, schema: str) -> list[str]:
        found = self.night.warehouse.rows(
            """SELECT table_name FROM duckdb_tables()
               WHERE schema_name = $schema AND database_name = $store ORDER BY ALL""",
            {"schema": schema, "store": self.opened},
        )
        return [name for (name,) in found]

    def outcome(self, store: str) -> Outcome:
        self.connection.execute(f"USE {store}")
        ask = self.night.warehouse.rows
        facts = {name: ask(f"FROM facts.{name} ORDER BY ALL") for name in self.tables("facts")}
        del facts["assignment_decisions"], facts["assignment_candidates"]
        exchange = {name: ask(f"FROM exchange.{name} ORDER BY ALL") for name in self.tables("exchange")}
        due = due_rows(self.night.warehouse, self.night.config, self.night.roster, self.night.business_date)
        told = sorted(json.dumps(row, sort_keys=True) for provider in due for row in provider.delta)
        return Outcome(facts, exchange, tuple(told))


def read_once(patched: pytest.MonkeyPatch) -> None:
    """Parse and check each file once: what is in a file does not depend on when it came. Each loading is real."""
    kept: dict[Any, Any] = {}

    def once(function: str, key: Callable[..., Any], make: Callable[[Any], Any] = lambda made: made) -> None:
        original = pkgutil.resolve_name(function)

        def remembered(*args: Any, **settings: Any) -> Any:
            known = (function, key(*args))
            if known not in kept:
                kept[known] = (args, make(original(*args, **settings)))
            return kept[known][1]

        patched.setattr(function, remembered)

    once("pipelines.load.enrollment.read_834", lambda path, _: path, list)
    once("pipelines.load.enrollment.check_chunk", lambda members, *_: id(members))
    once("pipelines.load.tabular.read_tabular", lambda path, _: path)
    once("parsers.tabular.reader.TabularFile.examine", lambda table, _: id(table))


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[int, ...], tuple[Outcome, Outcome]]:
    with pytest.MonkeyPatch.context() as patched:
        read_once(patched)
        return walk_through(tmp_path_factory.mktemp("orders"))


def walk_through(folder: Path) -> dict[tuple[int, ...], tuple[Outcome, Outcome]]:
    walk = Walk(folder)
    found = {order: (in_one, one_a_run) for order, in_one, one_a_run in walk.outcomes()}
    walk.connection.close()
    return found


def test_every_order_was_walked_and_came_to_something(outcomes: dict[Any, tuple[Outcome, Outcome]]) -> None:
    assert sorted(outcomes) == sorted(ORDERS)
    in_order, _ = outcomes[ORDERS[0]]
    assert min(len(in_order.told), *map(len, (in_order.facts["referrals"], in_order.exchange["ji_episodes"]))) > 4


@pytest.mark.parametrize("order", ORDERS)
def test_files_that_arrive_in_any_order_for_one_run_end_in_the_same_state(
    outcomes: dict[Any, tuple[Outcome, Outcome]], order: tuple[int, ...]
) -> None:
    expected, _ = outcomes[ORDERS[0]]
    found, _ = outcomes[order]
    assert [name for name in expected.facts if found.facts[name] != expected.facts[name]] == []
    assert [name for name in expected.exchange if found.exchange[name] != expected.exchange[name]] == []
    assert found.told == expected.told


@pytest.mark.parametrize("order", ORDERS)
def test_files_that_arrive_in_any_order_a_run_each_end_in_the_same_state_but_for_decisions(
    outcomes: dict[Any, tuple[Outcome, Outcome]], order: tuple[int, ...]
) -> None:
    expected, _ = outcomes[ORDERS[0]]
    _, found = outcomes[order]
    assert found.but_for_decisions() == expected.but_for_decisions()
