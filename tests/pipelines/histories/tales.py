"""The nights of a tale: what each leaves behind is checked and kept, and providers are told as the delivery would."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pipelines.authorization.moves import MOVED
from pipelines.config import Roster
from pipelines.derivation import DERIVATION, AsOf
from pipelines.rebuild import rebuild
from pipelines.rebuild.tables import TableDifference, derived_tables
from tests.pipelines.conftest import Exchange
from tests.pipelines.histories.holds import broken
from tests.pipelines.histories.mail import Mail
from tests.pipelines.histories.worlds import Act, World, on, roster_of

Rows = list[dict[str, Any]]

KEPT = ("ji_episodes", "ecm_authorizations", "ecm_assignments", "work_items")
"""Derived tables of which each night's state is kept."""

DECIDED = ("facts.assignment_decisions", "facts.assignment_candidates")


@dataclass
class Tale:
    """Worlds and their nights in one store."""

    exchange: Exchange
    worlds: tuple[World, ...]
    nights: tuple[int, ...]
    """Days whose night is run; what happens on other days waits for the next."""
    outages: frozenset[tuple[int, int, int]] = frozenset()
    """Nights, worlds and numbers of providers that nothing reaches."""
    twice: frozenset[int] = frozenset()
    """Nights that are run once more though nothing came."""
    state: dict[int, dict[str, Rows]] = field(default_factory=dict)
    """What each night left, by table."""
    moved: list[str] = field(default_factory=list)
    """CINs of whom a night found that a running authorization has other dates than were told."""
    wrong: list[tuple[int, str, str]] = field(default_factory=list)
    """What did not hold: night, what, and of whom."""

    def __post_init__(self) -> None:
        self.mail = Mail(self.exchange.warehouse)

    def tell(self) -> Tale:
        """Run the nights, and those a second time on whose day something came later."""
        day = 0
        for night in self.nights:
            happened: list[tuple[World, Act]] = []
            with self.exchange.warehouse.transaction():
                while day <= night:
                    happened += self._happen(day, later=False)
                    happened += self._happen(day, later=True) if day < night else []
                    day += 1
            self._run(night, happened)
            if happened := self._happen(night, later=True):
                self._run(night, happened)
            if night in self.twice:
                before = self.everything()
                self._derive(night)
                changed = [name for name, rows in self.everything().items() if rows != before[name]]
                self.wrong += [(night, "a night run twice changes something", name) for name in changed]
        return self

    def rows(self, night: int, table: str, cin: str) -> Rows:
        """What a night left of one member."""
        return [row for row in self.state[night][table] if row["cin"] == cin]

    def rebuilt(self) -> dict[str, TableDifference]:
        """Make everything anew from the facts and return what differs from what stands, by table."""
        found = rebuild(self.exchange.warehouse, self.exchange.config, self._roster(self.nights[-1]), apply=False)
        return {each.table: each for each in found.tables if each.differs}

    def setting(self, night: int) -> AsOf:
        """What the steps of a night work on."""
        return AsOf(self.exchange.warehouse, self.exchange.config, self._roster(night), on(night))

    def everything(self) -> dict[str, Any]:
        """All derived tables and what the nights themselves decided, each in an order of its own."""
        ask, derived = self.exchange.warehouse.rows, derived_tables(self.exchange.warehouse)
        found = {name: ask(f"FROM exchange.{name} ORDER BY ALL") for name in derived}
        return found | {name: ask(f"FROM {name} ORDER BY ALL") for name in (*DECIDED, "facts.roster_entries")}

    def _roster(self, night: int) -> Roster:
        return roster_of(self.worlds, night)

    def _happen(self, day: int, *, later: bool) -> list[tuple[World, Act]]:
        return [(world, act) for world in self.worlds for act in world.happen(self.exchange, day, later=later)]

    def _derive(self, night: int) -> None:
        setting = self.setting(night)
        for step in DERIVATION:
            step(setting)

    def _run(self, night: int, happened: list[tuple[World, Act]]) -> None:
        """Run a night; `happened` is what came since the one before."""
        warehouse, config = self.exchange.warehouse, self.exchange.config
        decisions = warehouse.value("SELECT coalesce(max(decision), 0) FROM facts.assignment_decisions")
        was_active = [row for row in self.exchange.all("exchange.ecm_authorizations") if row["status"] == "ACTIVE"]
        warehouse.run("INSERT INTO ledger.runs VALUES ('r', $on, 1, 'FINISHED', 0)", {"on": on(night)})
        self._derive(night)
        self.wrong += [(night, what, who) for what, who in broken(warehouse, on(night), decisions)]
        self.state[night] = {table: self.exchange.all(f"exchange.{table}") for table in KEPT}
        self.moved += [row["cin"] for row in self.exchange.all(f"({MOVED})")]
        told_otherwise = {world.number for world, act in happened if tells_otherwise(act)}
        self._see_what_lasts(night, [row for row in was_active if world_of(row["cin"]) not in told_otherwise])
        unreached = {w.npi(p) for w in self.worlds for n, number, p in self.outages if (n, number) == (night, w.number)}
        told = self.mail.deliver(config, self._roster(night), on(night), unreached)
        self.wrong += [(night, what, npi) for what, npi in told]

    def _see_what_lasts(self, night: int, was_active: Rows) -> None:
        """See that every authorization that was active lasts until its end, or closes."""
        now = {row["authorization_id"]: row for row in self.state[night]["ecm_authorizations"]}
        for row in was_active:
            became = now.get(row["authorization_id"], {"status": "gone", "end_date": None})
            if became["status"] not in ("ACTIVE", "SUSPENDED", "EXPIRED", "CLOSED"):
                self.wrong.append((night, f"an active authorization is {became['status']}", row["cin"]))
            elif became["status"] == "EXPIRED" and became["end_date"] >= on(night):
                self.wrong.append((night, "an authorization expires before its end", row["cin"]))


def world_of(cin: str) -> int:
    """Number of the world in which a person lives."""
    return int(cin[1:6])


def tells_otherwise(act: Act) -> bool:
    """Tell whether an act may say otherwise what was so before it.

    Late files, CINs of one person or of two, what is taken back, and notices, whose newest version corrects the old.
    """
    says = act.get("says", {})
    return (
        act["kind"] in ("merge", "unmerge", "identify", "notice")
        or bool(act.get("late") or act.get("again"))
        or says.get("record_action") == "VOID"
        or says.get("pof_justice_involved", "Y") != "Y"
        or any("prior" in sighting for sighting in act.get("sightings", ()))
    )
