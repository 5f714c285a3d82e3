"""Histories told in a few words, each a world of its own beside its test, and what became of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.pipelines.histories.tales import Rows, Tale
from tests.pipelines.histories.worlds import Act, World, on

WORLDS: dict[str, World] = {}
"""The world of each test by its name."""

IN, OUT, PLAIN, GONE = ((0, status) for status in ("05*", "01*", "01", "00"))
Test = Callable[..., None]


def history(*acts: Act, places: tuple[int, ...] = (1, 1)) -> Callable[[Test], Test]:
    """Tell this before a test: two providers with a place each, unless it is said otherwise."""

    def tell_before(test: Test) -> Test:
        WORLDS[test.__name__] = World(len(WORLDS) + 1, places, tuple(sorted(acts, key=lambda act: act["day"])))
        return test

    return tell_before


def seen(day: int, person: int, *months: tuple[Any, ...], late: int = 0, **also: Any) -> Act:
    return {"kind": "834", "day": day, "late": late, "sightings": [{"person": person, "months": months} | also]}


def full(day: int, **people: tuple[Any, ...]) -> Act:
    """A full file; people as `p1=OUT`."""
    sightings = [{"person": int(name[1:]), "months": [month]} for name, month in people.items()]
    return {"kind": "834", "day": day, "full": True, "sightings": sightings}


def said(day: int, person: int, kind: str = "referral", **says: Any) -> Act:
    about = {name: says.pop(name) for name in ("late", "nameless", "entry") if name in says}
    return {"kind": kind, "day": day, "person": person, "says": ({"record_action": "ADD"} | says)} | about


def granted(day: int, person: int, **says: Any) -> Act:
    return {"kind": "mif", "day": day, "person": person, "says": says}


def liaison(day: int, deed: str, person: int, **more: Any) -> Act:
    return {"kind": deed, "day": day, "person": person} | more


def roster(day: int, provider: int, **columns: Any) -> Act:
    return {"kind": "roster", "day": day, "provider": provider, "columns": columns}


@dataclass(frozen=True)
class Story:
    """What became of one world."""

    tale: Tale
    world: World

    def authorizations(self, night: int, person: int) -> Rows:
        """In the order of their episodes."""
        rows = self.tale.rows(night, "ecm_authorizations", self.world.person(person))
        found = {row["episode_id"]: row for row in rows}
        return [found[episode["episode_id"]] for episode in self.episodes(night, person)]

    def episodes(self, night: int, person: int) -> Rows:
        rows = self.tale.rows(night, "ji_episodes", self.world.person(person))
        return sorted(rows, key=lambda row: int(row["ordinal"]))

    def statuses(self, night: int, person: int) -> list[tuple[str, str | None]]:
        return [(each["status"], each["close_reason"]) for each in self.authorizations(night, person)]

    def at(self, night: int, person: int) -> int | None:
        """Number of the provider that has the person."""
        rows = self.tale.rows(night, "ecm_assignments", self.world.person(person))
        npis = [row["npi"] for row in rows if row["ended_on"] is None]
        return next((n for n in range(1, len(self.world.places) + 1) if self.world.npi(n) in npis), None)

    def moves(self, night: int, *people: int) -> list[int | None]:
        return [self.at(night, person) for person in people]

    def told(self, provider: int) -> list[tuple[int, str, int]]:
        """What the provider was told, in order: night, action, person."""
        people = {self.world.person(number): number for number in range(1, 10)}
        nights = {on(night): night for night in self.tale.nights}
        npi = self.world.npi(provider)
        return [(nights[night], action, people[who]) for night, to, action, who in self.tale.mail.told if to == npi]

    def items(self, night: int, person: int) -> set[str]:
        return {row["list"] for row in self.tale.rows(night, "work_items", self.world.person(person))}
