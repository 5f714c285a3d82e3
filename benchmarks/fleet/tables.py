"""The tables of `docs/scale.md`, made of what is kept: measured figures, and what the simulation makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby
from statistics import fmean

import numpy as np

from benchmarks.fleet.cost import miss
from benchmarks.fleet.fleets import DAILY, FIRST, FITTED_ON, MeasuredFleet, kept_fleets, overheads, simulated
from benchmarks.fleet.nights import MeasuredNight, kept_nights, seconds
from benchmarks.fleet.statewide import Passed, Scene, pass_night
from benchmarks.report import markdown, number

_SEEDS = range(20)
"""Nights of each kind that pass by chance."""

_SCENES = (
    Scene("a day's changes", 1),
    Scene("a day's changes", 10),
    Scene("a day's changes", 50),
    Scene("a month's full 834s", 1, full=True),
    Scene("a month's full 834s", 10, full=True),
    Scene("a month's full 834s", 50, full=True),
    Scene("changes, and a worker dies", 10, dies=True),
    Scene("changes, and a worker dies", 50, dies=True),
    Scene("changes, the smallest plan first", 10, smallest_first=True),
    Scene("changes, a tenth of the partners silent", 10, silent=0.1),
    Scene("changes, one core for the centre", 50, centre=1),
)
_TEN_TIMES = (
    Scene("the fleet as it is", 50),
    Scene("ten times the members", 50, members=150_000_000),
    Scene("ten times the members, full 834s", 50, members=150_000_000, full=True),
    Scene("ten times the plans, the members among them", 50, plans=250),
    Scene("ten times the providers of each plan", 50, providers=10),
)


def single_nights() -> str:
    """Write what one night took by itself: the first one, and the best of those that brought a day's changes."""
    header = [
        "members",
        "providers",
        "rows in",
        "files sent",
        "processor s",
        "by the fit",
        "wall s",
        "peak MB",
        "home MB",
    ]
    return markdown(header, (_single_night(night) for night in _shown()), 0)


def _shown() -> Iterator[MeasuredNight]:
    for _, (first, *daily) in groupby(kept_nights(), lambda night: (night.begun_with, night.providers)):
        yield first
        yield min(daily, key=lambda night: night.cpu_seconds)


def _single_night(night: MeasuredNight) -> list[str]:
    return [
        f"{night.begun_with:,}",
        str(night.providers),
        f"{night.rows:,}",
        str(night.files),
        number(night.cpu_seconds),
        f"{number(seconds().of(night.task))} ({_off(seconds().of(night.task), night.cpu_seconds)})",
        number(night.seconds),
        f"{night.peak_mb:,.0f}",
        f"{night.home_mb:,.0f}",
    ]


def fitted_costs() -> str:
    """Write what a night costs whatever it does, and what members, rows and files add."""
    header = ["processor s of", "a night", "a million members", "a million rows", "a thousand files", "missed by"]
    rates = seconds()
    cells = [rates.night, rates.member * 1e6, rates.row * 1e6, rates.file * 1e3]
    missed = miss(rates, [(night.task, night.cpu_seconds) for night in kept_nights()])
    return markdown(header, [["", *map(number, cells), f"{missed:.0%}"]], 1)


def _off(told: float, measured: float) -> str:
    return f"{told / measured - 1:+.0%}"


def measured_fleets() -> str:
    """Write what the nights of the kept fleets took."""
    return fleets(kept_fleets())


def fleets(measured: Sequence[MeasuredFleet]) -> str:
    """Write what nights of whole fleets took."""
    header = [
        "plans", "members", "workers", "wall s", "a night waits s", "a night runs s",
        "processor s: workers", "centre", "partners", "peak MB: a worker's process", "the centre",
    ]  # fmt: skip
    return markdown(header, map(_measured, measured), 0)


def _measured(fleet: MeasuredFleet) -> list[str]:
    first = ", all new" if fleet.kind == FIRST else ""
    return [
        f"{fleet.plans}{first}",
        f"{sum(night.task.members for night in fleet.nights):,}",
        str(fleet.workers),
        number(fleet.seconds),
        number(fmean(night.started - night.launched for night in fleet.nights)),
        number(fmean(night.ended - night.started for night in fleet.nights)),
        *(number(fleet.cpu_seconds[group]) for group in ("workers", "centre", "partners")),
        f"{max(fleet.worker_mb):,.0f}",
        f"{fleet.centre_mb:,.0f}",
    ]


def database_load() -> str:
    """Write what the nights of the kept fleets asked of the database and of the disks."""
    return databases(kept_fleets())


def databases(measured: Sequence[MeasuredFleet]) -> str:
    """Write what nights asked of the database and of the disks, by the night of one plan."""
    header = [
        "plans", "workers", "connections made", "transactions", "rows written", "MB it grew by", "MB of its log",
        "connections at once, all nights", "MB the homes grew by",
    ]  # fmt: skip
    return markdown(header, map(_database, measured), 0)


def _database(fleet: MeasuredFleet) -> list[str]:
    first = ", all new" if fleet.kind == FIRST else ""
    told = fleet.database
    by_night = (told[name] / fleet.plans for name in ("sessions", "transactions", "rows_written", "mb", "log_mb"))
    return [
        f"{fleet.plans}{first}",
        str(fleet.workers),
        *map(number, by_night),
        f"{told['connections']:.0f}",
        number(fleet.homes_mb / fleet.plans),
    ]


def costs_of_orchestration() -> str:
    """Write what a night costs beyond its stations."""
    costs = overheads()
    header = [
        "worker, processor s a night", "centre, processor s a night", "partners, ms a file", "idle, cores",
        "daemon, s a night",
    ]  # fmt: skip
    cells = (costs.start, costs.centre, costs.file * 1000, costs.idle_cores, costs.delays.hand_over)
    return markdown(header, [list(map(number, cells))], 0)


def simulated_fleets() -> str:
    """Set what the simulation tells beside what was measured."""
    header = ["plans", "workers", "", "wall s", "simulated", "from launch to end, mean s", "simulated"]
    daily = [fleet for fleet in kept_fleets() if fleet.kind == DAILY]
    return markdown(header, map(_simulated, daily), 0)


def _simulated(fleet: MeasuredFleet) -> list[str]:
    ended = simulated(fleet, overheads())
    whole = max(each.ended for each in ended)
    mean = fmean(each.ended - each.launched for each in ended)
    measured = fmean(night.ended - night.launched for night in fleet.nights)
    return [
        str(fleet.plans),
        str(fleet.workers),
        "fitted on" if fleet.plans == FITTED_ON else "",
        number(fleet.seconds),
        f"{number(whole)} ({_off(whole, fleet.seconds)})",
        number(measured),
        f"{number(mean)} ({_off(mean, measured)})",
    ]


def statewide_nights() -> str:
    """Write how nights of all of Medi-Cal end."""
    return _scenes(_SCENES)


def ten_times() -> str:
    """Write how they end where there is ten times as much of something."""
    return _scenes(_TEN_TIMES)


def _scenes(scenes: Sequence[Scene]) -> str:
    header = ["a night of", "workers", "all ended after s", "the longest night s", "a night waits s", "workers busy"]
    return markdown(header, map(_scene, scenes), 1)


@cache
def _passed(scene: Scene) -> Sequence[Passed]:
    return [pass_night(scene, overheads(), seed) for seed in _SEEDS]


def _scene(scene: Scene) -> list[str]:
    passed = _passed(scene)

    def told(what: Callable[[Passed], float]) -> str:
        middle, late = np.percentile([what(each) for each in passed], (50, 95))
        return f"{number(middle)} to {number(late)}"

    return [
        scene.name,
        str(scene.workers),
        told(lambda each: each.seconds),
        told(lambda each: each.longest),
        told(lambda each: each.waited),
        f"{np.median([each.busy for each in passed]):.0%}",
    ]
