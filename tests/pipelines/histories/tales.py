"""The nights of a tale: what each leaves behind is checked and kept, and providers are told as the delivery would.

A tale is told once, night after night. `retell` lets the same files arrive otherwise: what follows must be the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipelines import derivation
from pipelines.checks import run_checks
from pipelines.config import Roster
from pipelines.delivery.prepare import due_rows
from pipelines.rebuild import rebuild
from pipelines.rebuild.tables import derived_tables
from tests.pipelines.conftest import Exchange
from tests.pipelines.histories.holds import broken
from tests.pipelines.histories.worlds import FILES, World, on, roster_of

Rows = list[dict[str, Any]]

KEPT = ("ji_episodes", "ecm_authorizations", "ecm_assignments", "unassigned", "work_items", "clocks", "cin_aliases")
"""Derived tables of which each night's state is kept."""

FACTS_BY_FILE = (
    "facts.enrollment_members", "facts.enrollment_coverage", "facts.enrollment_reporting", "facts.referrals",
    "facts.release_notices", "facts.mif_members", "ledger.files",
)  # fmt: skip
DECIDED = ("facts.assignment_decisions", "facts.assignment_candidates")
WITHOUT_DECISIONS = (
    derivation.update_members, derivation.match, derivation.find_episodes, derivation.authorize, derivation.start_clocks,
)  # fmt: skip
BY_DECISION = ("ecm_assignments", "unassigned", "unassigned_candidates", "work_items", "provider_directory",
               "county_coverage", "network_overlap")  # fmt: skip
"""Tables that depend on the nights in which decisions were made."""


@dataclass
class Tale:
    """Worlds and their nights in one store."""

    exchange: Exchange
    worlds: tuple[World, ...]
    nights: tuple[int, ...]
    """Days whose night is run; what happens on other days waits for the next."""
    outages: frozenset[tuple[int, int]] = frozenset()
    """Nights and providers (by number) that nothing reaches."""
    twice: frozenset[int] = frozenset()
    """Nights that are run a second time."""
    state: dict[int, dict[str, Rows]] = field(default_factory=dict)
    """What each night left, by table."""
    told: list[tuple[int, str, str, str, str]] = field(default_factory=list)
    """What reached providers: night, NPI, action, assignment, CIN."""
    wrong: list[tuple[int, str, str]] = field(default_factory=list)
    """What did not hold: night, what, and of whom."""

    def tell(self) -> Tale:
        """Run the nights."""
        day = 0
        for night in self.nights:
            with self.exchange.warehouse.transaction():
                while day <= night:
                    for world in self.worlds:
                        world.happen(self.exchange, day)
                    day += 1
            self._run(night)
            self._deliver(night)
            if night in self.twice:
                before = self._everything()
                self._derive(night)
                changed = [name for name, rows in self._everything().items() if rows != before[name]]
                self.wrong += [(night, "a night run twice changes something", name) for name in changed]
        return self

    def rows(self, night: int, table: str, cin: str) -> Rows:
        """What a night left of one member."""
        return [row for row in self.state[night][table] if row["cin"] == cin]

    def rebuilt(self) -> dict[str, Any]:
        """Make everything anew from the facts and return what differs from what stands, by table."""
        found = rebuild(self.exchange.warehouse, self.exchange.config, self._roster(self.nights[-1]), apply=False)
        return {each.table: each for each in found.tables if each.differs}

    def _roster(self, night: int) -> Roster:
        return roster_of(self.worlds, night)

    def _setting(self, night: int) -> derivation.AsOf:
        return derivation.AsOf(self.exchange.warehouse, self.exchange.config, self._roster(night), on(night))

    def _derive(self, night: int) -> None:
        setting = self._setting(night)
        for step in derivation.DERIVATION:
            step(setting)

    def _run(self, night: int) -> None:
        warehouse = self.exchange.warehouse
        warehouse.run("INSERT INTO ledger.runs VALUES ('r', $on, 1, 'FINISHED', 0)", {"on": on(night)})
        self._derive(night)
        list(run_checks(warehouse, on(night), after="no station"))  # sets the business date of the checks
        self.wrong += [(night, what, who) for what, who in broken(warehouse, on(night))]
        self.state[night] = {table: self.exchange.all(f"exchange.{table}") for table in KEPT}
        self._see_what_lasts(night)

    def _see_what_lasts(self, night: int) -> None:
        """An authorization that was active stays until its end, or closes, unless the past itself was told otherwise."""
        if night == self.nights[0]:
            return
        last = self.nights[self.nights.index(night) - 1]
        now = {row["authorization_id"]: row for row in self.state[night]["ecm_authorizations"]}
        retold = {world.number for world in self.worlds if retells_the_past(world, last, night)}
        for row in self.state[last]["ecm_authorizations"]:
            if row["status"] != "ACTIVE" or int(row["cin"][1:6]) in retold:
                continue
            became = now.get(row["authorization_id"])
            if became is None or became["status"] not in ("ACTIVE", "SUSPENDED", "EXPIRED", "CLOSED"):
                self.wrong.append((night, "an active authorization does not last", row["cin"]))
            elif became["status"] == "EXPIRED" and became["end_date"] >= on(night):
                self.wrong.append((night, "an authorization expires before its end", row["cin"]))

    def _deliver(self, night: int) -> None:
        """Tell providers what they are due, and hold it against what they were told before."""
        warehouse, roster = self.exchange.warehouse, self._roster(night)
        before = dict(warehouse.rows(
            "SELECT (npi, assignment_id), arg_max(record_action, delivery) FROM delivery.delivered_rows GROUP BY ALL"
        )) if False else {
            (npi, assignment): action
            for npi, assignment, action in warehouse.rows(
                """SELECT npi, assignment_id, arg_max(record_action, delivery) FROM delivery.delivered_rows
                   GROUP BY ALL"""
            )
        }
        number = warehouse.value("SELECT coalesce(max(delivery), 0) FROM delivery.delivered_rows")
        unreached = {world.npi(p) for world in self.worlds for n, p in self.outages if n == night}
        arrived: Rows = []
        for due in due_rows(warehouse, self.exchange.config, roster, on(night)):
            number += 1
            for row in due.delta:
                npi, told = due.provider.npi, before.get((due.provider.npi, row["assignment_id"]))
                fits = {"ADD": (None, "TERM"), "CHANGE": ("ADD", "CHANGE"), "TERM": ("ADD", "CHANGE")}
                if row["ecm_provider_npi"] != npi:
                    self.wrong.append((night, "a row for another provider", npi))
                if told not in fits[str(row["record_action"])]:
                    self.wrong.append((night, f"{row['record_action']} after {told}", npi))
                if npi not in unreached:
                    arrived.append(
                        {"delivery": number, "outbox_id": str(number), "npi": npi}
                        | {c: row[c] for c in ("assignment_id", "cin", "record_action", "change_reason", "row_hash", "content")}
                    )
                    self.told.append((night, npi, str(row["record_action"]), str(row["assignment_id"]), str(row["cin"])))
        if arrived:
            warehouse.insert("delivery.delivered_rows", pd.DataFrame(arrived).astype({"change_reason": "str"}).fillna({"change_reason": ""}))
        known = warehouse.rows(
            """SELECT npi, assignment_id FROM (
                   SELECT npi, assignment_id, arg_max(record_action, delivery) AS last_told
                   FROM delivery.delivered_rows GROUP BY ALL)
               WHERE last_told <> 'TERM' EXCEPT
               SELECT npi, assignment_id FROM exchange.ecm_assignments WHERE ended_on IS NULL"""
        )
        missing = warehouse.rows(
            """SELECT npi, assignment_id FROM exchange.ecm_assignments WHERE ended_on IS NULL EXCEPT
               SELECT npi, assignment_id FROM (
                   SELECT npi, assignment_id, arg_max(record_action, delivery) AS last_told
                   FROM delivery.delivered_rows GROUP BY ALL)
               WHERE last_told <> 'TERM'"""
        )
        listed = {provider.npi for provider in roster.providers} - unreached
        self.wrong += [(night, "a provider not told of an end", npi) for npi, _ in known if npi in listed]
        self.wrong += [(night, "a provider not told of a member", npi) for npi, _ in missing if npi in listed]

    def _everything(self) -> dict[str, Any]:
        warehouse = self.exchange.warehouse
        found = {name: warehouse.rows(f"FROM exchange.{name} ORDER BY ALL") for name in derived_tables(warehouse)}  # noqa: S608
        return found | {name: warehouse.rows(f"FROM {name} ORDER BY ALL") for name in (*DECIDED, "facts.roster_entries")}  # noqa: S608

    def derived(self) -> dict[str, Any]:
        """What follows from the facts but for decisions, and what depends on them."""
        found = {name: rows for name, rows in self._everything().items() if name not in (*BY_DECISION, *DECIDED)}
        found.pop("facts.roster_entries")
        found["clocks"] = self.exchange.warehouse.rows(
            """SELECT * FROM exchange.clocks
               WHERE name NOT IN ('ASSIGNMENT', 'HANDOFF_BEFORE_RELEASE', 'HANDOFF_AFTER_RELEASE', 'REENTRY_CARE_PLAN')
               ORDER BY ALL"""
        )
        return found

    def keep(self) -> None:
        """Keep the facts, for tellings in which they come otherwise."""
        for table in FACTS_BY_FILE:
            self.exchange.warehouse.run(f"CREATE OR REPLACE TEMP TABLE kept_{table.partition('.')[2]} AS FROM {table}")  # noqa: S608

    def retell(self, batches: Sequence[Iterable[str]], night: int, *, every: bool = True) -> dict[str, Any]:
        """Let the kept files arrive in batches and return what follows as of a night; `every`: after each batch."""
        warehouse = self.exchange.warehouse
        for table in (*FACTS_BY_FILE, *DECIDED, *(f"exchange.{name}" for name in derived_tables(warehouse))):
            warehouse.run(f"DELETE FROM {table}")  # noqa: S608 - own names
        for number, batch in enumerate(batches, start=1):
            warehouse.lend("batch", pd.DataFrame({"file_id": list(batch)}, dtype="str"))
            for table in FACTS_BY_FILE:
                warehouse.run(
                    f"""INSERT INTO {table} FROM temp.kept_{table.partition(".")[2]}
                        WHERE file_id IN (FROM batch) ORDER BY hash(file_id, $salt)""",  # noqa: S608 - own names
                    {"salt": number},
                )
            warehouse.run("UPDATE ledger.files SET applied = false WHERE file_id IN (FROM batch)")
            if every or number == len(batches):
                setting = self._setting(night)
                for step in WITHOUT_DECISIONS:
                    step(setting)
        return self.derived()


def retells_the_past(world: World, last: int, night: int) -> bool:
    """Tell whether anything that came since the night before may change what was so then."""
    for number, act in enumerate(world.acts):
        arrivals = [act["day"], *(act["day"] + later for later in act.get("again", ()))]
        if any(last < day <= night for day in arrivals) and (
            act["kind"] in ("merge", "unmerge")
            or (act["kind"] in FILES and (act.get("late") or act["day"] <= last or act["kind"] != "834"))
            or any("prior" in sighting for sighting in act.get("sightings", ()))
            or any(other["day"] == act["day"] and other["kind"] in FILES for other in world.acts[:number])
        ):
            return True
    return False


Shuffle = Callable[[list[str]], Sequence[Iterable[str]]]
