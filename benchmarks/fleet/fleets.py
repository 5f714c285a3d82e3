"""Nights of whole fleets as they were measured, kept beside the code in `fleets.json`, and what the orchestrator costs.

What a night costs is known from single nights. What it costs beyond that, because an orchestrator starts it on a worker
and keeps account of it, is found here from the fleets of `FITTED_ON` plans; those of other sizes tell how well it does.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.fleet.cost import Task
from benchmarks.fleet.nights import seconds
from benchmarks.fleet.simulate import Delays, Ended, Night, Phase, Place, simulate, together

FIRST, DAILY = "first", "daily"
"""Kinds of nights: one that brings everyone's full 834, and one that brings the changes of a day."""
FITTED_ON = 5
CORES = 2
"""Of the machine that fleets are measured on, which workers, database, daemon and partners share."""

_TICK = 5.0
"""Seconds between two looks of the daemon, as the fleet's settings say."""
_NOTICED = 40.0
"""Seconds until the night of a worker that is gone waits for another one: 25 until its lease lapses, and then the looks
of those who watch over runs and launch them anew."""

_KEPT = Path(__file__).with_suffix(".json")


@dataclass(frozen=True)
class FleetNight:
    """One plan's night in a fleet's; times in seconds since the first one was launched."""

    plan: str
    task: Task
    launched: float
    handed: float
    """When the daemon gave it to the workers"""
    started: float
    """When a worker's process had loaded everything and begun with it"""
    ended: float


@dataclass(frozen=True)
class MeasuredFleet:
    """All plans' nights of one date."""

    workers: int
    kind: str
    """`FIRST` or `DAILY`"""
    nights: tuple[FleetNight, ...]
    cpu_seconds: dict[str, float]
    """By group: `workers`, `centre` (database, broker, daemon and its code server), `partners`"""
    idle_cores: dict[str, float]
    """What each group keeps busy while nothing is to be done"""
    worker_mb: list[float]
    """Peak memory of the largest process of each worker"""
    centre_mb: float
    """Of all processes of the centre at once"""
    homes_mb: float
    """That the night added to all homes"""
    database: dict[str, float]
    """What the nights did to the database: `sessions`, `transactions`, `rows_written`, `mb`, `log_mb`; `connections` at
    once"""

    @property
    def plans(self) -> int:
        """How many nights there were."""
        return len(self.nights)

    @property
    def seconds(self) -> float:
        """From the launch of the first to the end of the last."""
        return max(night.ended for night in self.nights)


@dataclass(frozen=True)
class Overheads:
    """What a night costs beyond its stations, in seconds of one core, and what is never idle."""

    start: float
    """On its worker: a process that loads the definitions, and events that are written"""
    centre: float
    file: float
    """On the partners' servers, for each file"""
    idle_cores: float
    """That daemon, database and partners keep busy whatever is to be done"""
    delays: Delays


def kept_fleets() -> Sequence[MeasuredFleet]:
    """Read the fleets that are kept, the smallest first."""
    return sorted(read_fleets(_KEPT), key=lambda fleet: (fleet.kind != FIRST, fleet.plans, fleet.workers))


def keep(fleets: Sequence[MeasuredFleet]) -> None:
    """Keep these fleets, and no others."""
    write_fleets(_KEPT, fleets)


def read_fleets(file: Path) -> Sequence[MeasuredFleet]:
    """Read what was written down."""
    return [_read(told) for told in json.loads(file.read_text(encoding="utf-8"))]


def write_fleets(file: Path, fleets: Sequence[MeasuredFleet]) -> None:
    """Write down what was measured."""
    file.write_text(json.dumps([asdict(fleet) for fleet in fleets], indent=1) + "\n", encoding="utf-8")


def _read(told: dict[str, Any]) -> MeasuredFleet:
    nights = tuple(FleetNight(**{**night, "task": Task(**night["task"])}) for night in told["nights"])
    return MeasuredFleet(**{**told, "nights": nights})


@cache
def overheads() -> Overheads:
    """Find what nights cost beyond their stations from the kept fleets of `FITTED_ON` plans."""
    return overheads_of([fleet for fleet in kept_fleets() if fleet.kind == DAILY and fleet.plans == FITTED_ON])


def overheads_of(fleets: Sequence[MeasuredFleet]) -> Overheads:
    """Find what nights cost beyond their stations; the means of all fleets."""
    nights = [night for fleet in fleets for night in fleet.nights]
    busy = {
        group: sum(fleet.cpu_seconds[group] - fleet.idle_cores[group] * fleet.seconds for fleet in fleets)
        for group in ("workers", "centre", "partners")
    }
    stations = sum(seconds().of(night.task) for night in nights)
    return Overheads(
        start=(busy["workers"] - stations) / len(nights),
        centre=busy["centre"] / len(nights),
        file=busy["partners"] / sum(night.task.files for night in nights),
        idle_cores=fmean(sum(fleet.idle_cores.values()) for fleet in fleets),
        delays=Delays(tick=_TICK, hand_over=_hand_over(fleets), noticed=_NOTICED),
    )


def _hand_over(fleets: Sequence[MeasuredFleet]) -> float:
    """Find what the daemon takes over each night that it hands to a worker after another, in the same look."""
    handed = [sorted(night.handed for night in fleet.nights) for fleet in fleets]
    gaps = [after - before for each in handed for before, after in pairwise(each)]
    return fmean([gap for gap in gaps if gap < _TICK] or [0.0])


def night_of(plan: str, task: Task, costs: Overheads, *, waits: float = 0.0, begins: float = 0.0) -> Night:
    """Say what a plan's night has to do and to wait for, of what is known of its costs."""
    phases = (
        Phase(Place.CENTRE, costs.centre),
        Phase(Place.WORKER, costs.start + seconds().of(task)),
        Phase(Place.PARTNERS, costs.file * task.files),
        Phase(Place.NOWHERE, waits),
    )
    return Night(plan, phases, begins)


def simulated(fleet: MeasuredFleet, costs: Overheads) -> Sequence[Ended]:
    """Simulate a measured fleet on a machine like that which it was measured on."""
    nights = [night_of(night.plan, night.task, costs) for night in fleet.nights]
    return simulate(nights, together(fleet.workers, cores=CORES - costs.idle_cores, delays=costs.delays))
