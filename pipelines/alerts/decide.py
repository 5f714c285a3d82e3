"""Who has to be told what, given what stands and what each address was told before. Nothing is sent or kept here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipelines.alerts.matters import Standing, named, things_of
from pipelines.alerts.memory import Memory, Thing, Told
from pipelines.config.alerts import Alert, Kind
from pipelines.reporting.page import Matter, Theme

_KINDS: tuple[Kind, ...] = ("stopped", "missed", "undelivered", "needs_person")


class Why(StrEnum):
    """Why something is told."""

    NEWS = "news"
    AGAIN = "again"
    """It stands unchanged for as long as the address may go without a word."""
    OVER = "over"
    FINISHED = "finished"
    """A sign of life."""


@dataclass(frozen=True)
class Due:
    """Something that an address is to be told."""

    alert: Alert
    kind: Kind
    why: Why
    matters: tuple[tuple[Matter, Thing], ...]
    """What stands, each with the night since which it does; the newest first."""
    told: Told | None
    """What is remembered once it was told; nothing when it is over."""


def due(alerts: Sequence[Alert], standing: Standing, memory: Memory) -> Iterator[Due]:
    """Yield what each address has to be told now."""
    for alert in alerts:
        for kind in _KINDS:
            if kind == "missed" and standing.kinds.get(kind) and knows_of_stop(alert.to, standing.on, memory):
                continue
            if kind in alert.on and kind in standing.kinds:
                yield from _of_kind(alert, kind, standing, memory.get((alert.to, kind)))
        if "finished" in alert.on and "needs_person" in standing.kinds:
            yield from _finished(alert, standing, memory.get((alert.to, "finished")))


def knows_of_stop(to: str, on: date, memory: Memory) -> bool:
    """Tell whether an address was told that this night stopped."""
    told = memory.get((to, "stopped"))
    return told is not None and any(name.startswith(f"{Theme.STOP}: {on} ") for name in told.things)


def outlived(standing: Standing, memory: Memory) -> Memory:
    """Return what was told and stands still: what ended without a word is news when it comes back."""
    kept: dict[tuple[str, Kind], Told] = {}
    for (to, kind), told in memory.items():
        if kind in standing.kinds and (now := things_of(standing, kind)):
            told = Told(told.on, {name: each for name, each in told.things.items() if name in now})  # noqa: PLW2901
        kept[(to, kind)] = told
    return kept


def _of_kind(alert: Alert, kind: Kind, standing: Standing, before: Told | None) -> Iterator[Due]:
    now, known = things_of(standing, kind), before.things if before is not None else {}
    if not now:
        if before is not None:
            yield Due(alert, kind, Why.OVER, (), None)
        return
    things = {name: _thing(standing, number, known.get(name)) for name, number in now.items()}
    is_news = any(name not in known or number > known[name].number for name, number in now.items())
    is_long_ago = before is not None and (standing.on - before.on).days >= alert.again_after_days
    if is_news or is_long_ago:
        matters = _newest_first(standing, kind, things)
        yield Due(alert, kind, Why.NEWS if is_news else Why.AGAIN, matters, Told(standing.on, things))


def _thing(standing: Standing, number: int, before: Thing | None) -> Thing:
    if before is None:
        return Thing(standing.on, number)
    return Thing(before.since, max(number, before.number))


def _newest_first(standing: Standing, kind: Kind, things: Mapping[str, Thing]) -> tuple[tuple[Matter, Thing], ...]:
    found = [
        (matter, max((things[name] for name in named(matter, standing.on)), key=lambda each: each.since))
        for matter in standing.kinds[kind]
    ]
    return tuple(sorted(found, key=lambda each: each[1].since, reverse=True))


def _finished(alert: Alert, standing: Standing, before: Told | None) -> Iterator[Due]:
    """Say once a night that it came to its end; a second time when another run of it ended otherwise."""
    told = Told(standing.on, {"right" if standing.is_right else "not right": Thing(standing.on)})
    if before is None or before.on < standing.on or before.things.keys() != told.things.keys():
        yield Due(alert, "finished", Why.FINISHED, (), told)
