"""What files say of a person, day by day in the year 2026, and the episodes that should follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Person = Callable[[int], str]
NIGHT = date(2026, 12, 15)


def on(month: int, day: int) -> date:
    return date(2026, month, day)


@dataclass(frozen=True)
class Seen:
    """An 834 of 2026 that names the person; months as `10:05*` (October, status 05, flagged)."""

    day: date
    months: str = ""
    also: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """A referral (default), notice or MIF row."""

    day: date
    by: str = "referred"
    also: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """What came, and the episodes that follow: state, opened, released seen, effectuated, closed, reason."""

    name: str
    came: tuple[Seen | Said, ...]
    episodes: tuple[dict[str, Any], ...]


def pending(opened: date, **more: Any) -> dict[str, Any]:
    return {"state": "PENDING_RELEASE", "opened_on": opened, "released_seen_on": None, "closed_on": None} | more


def released(opened: date, seen: date, effectuated: date, **more: Any) -> dict[str, Any]:
    dates = {"opened_on": opened, "released_seen_on": seen, "effectuation_date": effectuated, "closed_on": None}
    return {"state": "RELEASED"} | dates | more


def closed(opened: date, on: date, reason: str, **more: Any) -> dict[str, Any]:
    return {"state": "CLOSED", "opened_on": opened, "closed_on": on, "close_reason": reason} | more


LEAVING = {"maintenance_type": "024"}
INSIDE = Seen(on(10, 5), "10:05*")
OUT = Seen(on(10, 20), "10:01*")
FLAG = {"basis": "PRESUMPTIVE_JI_834", "opened_by": "834"}
WORD = {"basis": "REFERRAL", "opened_by": "STATEMENT"}
TERM = {"record_action": "TERM"}
VOID = {"record_action": "VOID"}
OUT_ON_8 = {"actual_release_date": on(10, 8)}


def tell(exchange: Any, cin: str, came: Seen | Said) -> None:
    """Let the file arrive that says this."""
    if isinstance(came, Said):
        also = {name: f"{value}-{cin}" if name.endswith("_id") else value for name, value in came.also.items()}
        if came.by == "mif":
            exchange.mif(exchange.file(came.day, kind="mif", name=f"mif-{came.day}-{cin}"), cin, **also)
        elif also.pop("nameless", False):
            numbered = {"referral_id": f"R-{cin}"} if came.by == "referred" else {}
            getattr(exchange, came.by)(came.day, None, **numbered, **also)
        else:
            getattr(exchange, came.by)(came.day, cin, **also)
        return
    loops = []
    for text in filter(None, came.months.split(",")):
        code, _, rest = text.rpartition("/")
        month, _, status = rest.partition(":")
        year = 2026 + (int(month) > 12)
        loops.append(
            exchange.coverage(
                f"{year}-{(int(month) - 1) % 12 + 1:02d}",
                status.rstrip("*"),
                ji=status.endswith("*"),
                hcp_code=code or "010",
            )
        )
    exchange.seen(came.day, cin, *loops, **came.also)


def walk_through(exchange: Any, person: Person, cases: Iterable[Case]) -> dict[str, list[dict[str, Any]]]:
    """Tell every case with a person of its own, derive once, and return the episodes by case."""
    exchange.clear()
    with exchange.warehouse.transaction():
        for number, case in enumerate(cases, start=1):
            for came in case.came:
                tell(exchange, person(number), came)
    exchange.authorize(NIGHT)
    return {case.name: exchange.episodes(person(number)) for number, case in enumerate(cases, start=1)}


def check(case: Case, found: list[dict[str, Any]]) -> None:
    """Hold the episodes that were found against those of the case."""
    assert len(found) == len(case.episodes), [(e["state"], e["close_reason"]) for e in found]
    for ordinal, (episode, expected) in enumerate(zip(found, case.episodes, strict=True), start=1):
        assert {name: episode[name] for name in expected} == expected, episode
        assert episode["ordinal"] == ordinal
