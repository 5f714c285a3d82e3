"""Small worlds of a few people and providers, and what happens in them day by day: what the tests of histories tell.

Worlds share one store and every night of it, each in a county of its own with CINs, providers, sources and files of its
own, so that nothing of one touches another. Days are counted from `FIRST`; what happens on a day is there for its
night.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pipelines.assignment import decide
from pipelines.config import Roster
from pipelines.config.providers import Provider
from pipelines.identity.decisions import decide_identity
from pipelines.identity.merges import merge, unmerge
from pipelines.liaison import record
from schemas.codes import COUNTY_CODES
from schemas.problems import ExchangeError
from tests.pipelines.conftest import Exchange, ReceivedFile, cin, npi, provider

FIRST = date(2026, 10, 8)
DAYS = 30
ELSEWHERE = "02001;00100"
"""A REF*ZZ that shows the person active with another plan."""

Act = Mapping[str, Any]
"""What happens on a `day`: a file of some `kind` (834, referral, notice, mif), or a deed of the liaison or the plan."""

FILES = {"834": "834", "referral": "mini_mif", "notice": "release_notice", "mif": "mif"}
_NAMES_A_PROVIDER = (
    "preferred_ecm_provider_npi", "pre_release_cm_npi", "post_release_ecm_provider_npi", "ecm_provider_npi",
)  # fmt: skip


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


@dataclass(frozen=True)
class World:
    """One county: how many places each of its providers has at first, and what happens."""

    number: int
    places: tuple[int, ...]
    acts: tuple[Act, ...]

    @property
    def county(self) -> str:
        return f"{self.number:02d}"

    def person(self, number: int) -> str:
        return cin(self.number * 100 + number)

    def npi(self, number: int) -> str:
        return npi(self.number * 100 + number)

    def providers(self, day: int) -> Iterator[Provider]:
        """Give the roster as the plan has it on a day."""
        for number, capacity in enumerate(self.places, start=1):
            columns: dict[str, Any] = {"capacity": capacity, "counties": (COUNTY_CODES[self.county],)}
            for act in self.acts:
                if act["kind"] == "roster" and act["provider"] == number and act["day"] <= day:
                    columns |= act["columns"]
            if columns.pop("listed", True):
                yield provider(self.number * 100 + number, **columns)

    def happen(self, exchange: Exchange, day: int, *, later: bool = False) -> list[Act]:
        """Let happen what happens on a day, before its night or (`later`) before a second run; return the acts."""
        happened = []
        for number, act in enumerate(self.acts):
            days = [act["day"], *(act["day"] + again for again in act.get("again", ()))]
            if day not in days or act.get("later", False) is not later:
                continue
            happened.append(act)
            if act["kind"] in FILES:
                for copy in (copy for copy, on_day in enumerate(days) if on_day == day):
                    self._arrive(exchange, number, copy, act)
            elif act["kind"] != "roster":
                with suppress(ExchangeError):  # the liaison is told that it cannot be
                    self._do(exchange, act)
        return happened

    def _do(self, exchange: Exchange, act: Act) -> None:
        warehouse, day, who = exchange.warehouse, on(act["day"]), self.person(act["person"])
        if act["kind"] == "decide":
            roster = Roster(tuple(self.providers(act["day"])))
            decide(warehouse, roster, who, self.npi(act["provider"]), on=day, reason="known", decided_by="liaison")
        elif act["kind"] == "merge":
            merge(warehouse, who, self.person(act["into"]), on=day, reason="same", decided_by="liaison")
        elif act["kind"] == "unmerge":
            unmerge(warehouse, who, on=day, reason="not the same", decided_by="liaison")
        elif act["kind"] == "identify":
            source, key = f"mini_mif-{self.county}", f"referral_id-{self.county}-{act['entry_of']}-1"
            action = act.get("action", "ACCEPT")
            cin = who if action == "ACCEPT" else None
            decide_identity(warehouse, source, key, action, cin=cin, on=day, reason="asked", decided_by="liaison")
        elif act["kind"] == "record":
            record(warehouse, who, act["what"], happened_on=day, recorded_on=day, recorded_by="liaison")

    def _arrive(self, exchange: Exchange, number: int, copy: int, act: Act) -> None:
        """Enter a file, made `late` days before it arrives; a copy stands right behind the first."""
        exchange.rows = (self.number * 1000 + number) * 100 + copy * 10
        made = on(act["day"] - act.get("late", 0))
        kind = FILES[act["kind"]]
        name = f"{kind}-{self.county}-{number:03d}-{copy}"
        scope = "FULL" if act.get("full") else "DAILY"
        source = f"{kind}{act.get('source', '')}-{self.county}"
        file = exchange.file(made, act.get("sequence", number * 10) + copy, scope, kind=kind, source=source, name=name)
        if kind == "834":
            for sighting in act["sightings"]:
                self._sight(exchange, file, sighting)
        else:
            self._tell(exchange, file, act)

    def _sight(self, exchange: Exchange, file: ReceivedFile, sighting: Mapping[str, Any]) -> None:
        said = {name: value for name, value in sighting.items() if name not in ("person", "months", "prior", "died")}
        if "prior" in sighting:
            said["ref_q4"] = self.person(sighting["prior"])
        if "died" in sighting:
            said["death_date"] = file.file_date - timedelta(days=sighting["died"])
        loops = [_loop(exchange, month_of(file.file_date, ahead), *shown) for ahead, *shown in sighting["months"]]
        exchange.member(file, self.person(sighting["person"]), loops, **{"county_code": self.county} | said)

    def _tell(self, exchange: Exchange, file: ReceivedFile, act: Act) -> None:
        who = self.person(act["person"])
        said = dict(act.get("says", {}))
        for column, value in said.items():
            if column in _NAMES_A_PROVIDER and value is not None:
                said[column] = self.npi(value)
            elif isinstance(value, int):
                said[column] = on(value)
        if act["kind"] == "mif":
            said.setdefault("ecm_provider_npi", self.npi(1))
        else:
            key = "referral_id" if act["kind"] == "referral" else "notice_id"
            said[key] = f"{key}-{self.county}-{act['person']}-{act.get('entry', 1)}"
        getattr(exchange, act["kind"])(file, None if act.get("nameless") else who, **said)


def _loop(exchange: Exchange, month: str, status: str, hcp_code: str = "010") -> dict[str, Any]:
    return exchange.coverage(month, status.rstrip("*"), ji=status.endswith("*"), hcp_code=hcp_code)


def month_of(day: date, ahead: int) -> str:
    months = day.year * 12 + day.month - 1 + ahead
    return f"{months // 12}-{months % 12 + 1:02d}"


def roster_of(worlds: tuple[World, ...], day: int) -> Roster:
    """Give the roster of all worlds on a day."""
    return Roster(tuple(sorted((each for world in worlds for each in world.providers(day)), key=lambda p: p.npi)))
