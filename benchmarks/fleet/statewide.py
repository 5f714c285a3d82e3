"""All of Medi-Cal's members as a fleet: 15 million in 25 plans, on workers of their own, many nights by chance.

What differs from night to night is drawn here, always alike for the same seed: how much there is to do, how far away
the partners are, which of them do not answer, and which worker dies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.fleet.cost import Task
from benchmarks.fleet.fleets import Overheads, night_of
from benchmarks.fleet.simulate import Death, Ended, Night, apart, simulate
from benchmarks.fleet.sizes import providers_of, sizes_of

MEMBERS, PLANS = 15_000_000, 25

FILES_A_PROVIDER = 2.55
"""As the measured nights sent them: a delta and its manifest, a full file and a workbook now and then."""
DAILY_SHARE = 0.01
"""Of the members that a daily file tells of."""

VISIT = 0.07
"""Seconds of a visit on a line without length."""
ROUND_TRIPS = 12
"""Of a visit, whatever number of files it brings, from connecting to their being renamed."""
SIDE_BY_SIDE = 8
"""Visits at once."""
SILENT = 48.0
"""Seconds that a partner who does not answer keeps one of these: three attempts of 15 s, and the pauses between."""
_SOURCES = 7

_NOISE = 0.1
"""How far nights of one size lie apart, as the measured ones do, as the deviation of a logarithm."""
_ROWS_NOISE = 0.5
_LINE_NOISE = 0.5


@dataclass(frozen=True)
class Scene:
    """A kind of night."""

    name: str
    workers: int
    full: bool = False
    """Whether the month's full 834 comes"""
    members: int = MEMBERS
    plans: int = PLANS
    providers: float = 1.0
    """Times as many as `sizes.providers_of` says"""
    round_trip: float = 0.04
    silent: float = 0.01
    """Share of the partners who do not answer"""
    dies: bool = False
    """Whether a worker's machine is gone for good, at a moment within the first two minutes"""
    smallest_first: bool = False
    centre: float = 4
    """Cores of the machine with database, broker and daemon"""


@dataclass(frozen=True)
class Passed:
    """One night of the fleet."""

    seconds: float
    """From the first launch until the last plan's night has ended"""
    longest: float
    """Seconds of the plan's night that took longest by itself: no number of workers ends sooner"""
    waited: float
    """Seconds that a night waited for a worker, the mean"""
    busy: float
    """Share of the workers' time until the end in which they had a night"""


def sizes(scene: Scene) -> Sequence[int]:
    """Return the members of each plan."""
    return sizes_of(scene.members, scene.plans)


def pass_night(scene: Scene, costs: Overheads, seed: int) -> Passed:
    """Let one night pass."""
    dice = np.random.default_rng(seed)
    nights = list(_nights(scene, costs, dice))
    if scene.smallest_first:
        nights.reverse()
    farm = apart(scene.workers, cores=1, centre=scene.centre - costs.idle_cores, delays=costs.delays)
    deaths = [Death(int(dice.integers(min(scene.workers, scene.plans))), dice.uniform(0, 120))] if scene.dies else []
    ended = simulate(nights, farm, deaths)
    return _passed(scene, nights, ended)


def _passed(scene: Scene, nights: Sequence[Night], ended: Sequence[Ended]) -> Passed:
    end = max(each.ended for each in ended)
    return Passed(
        seconds=end,
        longest=max(night.seconds for night in nights),
        waited=float(np.mean([each.waited for each in ended])),
        busy=sum(each.ended - each.began for each in ended) / (end * scene.workers),
    )


def _nights(scene: Scene, costs: Overheads, dice: np.random.Generator) -> Iterator[Night]:
    for rank, members in enumerate(sizes(scene), start=1):
        task = task_of(scene, members, rows_as_usual=float(dice.lognormal(0, _ROWS_NOISE)))
        night = night_of(f"P{rank}", task, costs, waits=_waits(scene, members, dice))
        noise = float(dice.lognormal(0, _NOISE))
        yield replace(night, phases=tuple(replace(phase, seconds=phase.seconds * noise) for phase in night.phases))


def task_of(scene: Scene, members: int, *, rows_as_usual: float = 1.0) -> Task:
    """Say what a plan of so many members has to do in a night."""
    rows = members * (1 + DAILY_SHARE if scene.full else DAILY_SHARE * rows_as_usual)
    return Task(members, round(rows), round(FILES_A_PROVIDER * visits(scene, members)))


def visits(scene: Scene, members: int) -> int:
    """Return how many accounts a plan's night delivers to."""
    return round(scene.providers * providers_of(members))


def _waits(scene: Scene, members: int, dice: np.random.Generator) -> float:
    """Draw how long a night waits for lines and partners; it visits some of them side by side."""
    accounts = visits(scene, members) + _SOURCES
    round_trip = scene.round_trip * float(dice.lognormal(0, _LINE_NOISE))
    silent = int(dice.binomial(accounts, scene.silent))
    return (accounts * (VISIT + ROUND_TRIPS * round_trip) + silent * SILENT) / SIDE_BY_SIDE
