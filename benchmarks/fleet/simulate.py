"""A fleet's night as a simulation: nights that wait for workers, workers that share processors, and one that dies.

Everything is handed in and nothing is drawn by chance here: the same nights on the same farm always end alike. Between
two events all that is under way goes on evenly: as many nights as there are cores go at full speed, more share them.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum, auto
from itertools import chain

_NOTHING = 1e-9
"""Seconds that rounding may leave of a phase."""


class Place(StrEnum):
    """Where a phase of a night keeps a core busy."""

    WORKER = auto()
    """On the machine of the worker that runs the night"""
    CENTRE = auto()
    """Where database, broker and daemon are"""
    PARTNERS = auto()
    """On the servers of those it receives from and delivers to"""
    NOWHERE = auto()
    """It waits: for the line, or for a server to answer"""


@dataclass(frozen=True)
class Phase:
    """A part of a night; the parts follow one another."""

    place: Place
    seconds: float
    """Of one core that has nothing else to do"""


@dataclass(frozen=True)
class Night:
    """One plan's night."""

    plan: str
    phases: tuple[Phase, ...]
    begins: float = 0.0
    """When it is launched, in seconds since the first one"""

    @property
    def seconds(self) -> float:
        """How long it takes with every core for itself."""
        return sum(phase.seconds for phase in self.phases)


@dataclass(frozen=True)
class Death:
    """A worker's machine that is gone from one moment on."""

    worker: int
    at: float
    back_after: float = math.inf


@dataclass(frozen=True)
class Delays:
    """What the orchestrator makes nights wait for, in seconds."""

    tick: float = 0.0
    """Between two looks of the daemon, which hands a night that waits to each worker that is free"""
    hand_over: float = 0.0
    """That it takes over each of them, one after the other"""
    noticed: float = 0.0
    """Until a night whose worker is gone waits for another one"""


@dataclass(frozen=True)
class Farm:
    """What runs the nights.

    Attributes
    ----------
    workers
        For each worker the number of its machine.
    cores
        Of each machine.
    centre, partners
        The machine that database and daemon, or the partners' servers, are on; none: it is never scarce.
    delays
        What the orchestrator makes nights wait for.
    """

    workers: tuple[int, ...]
    cores: tuple[float, ...]
    centre: int | None = None
    partners: int | None = None
    delays: Delays = Delays()


@dataclass(frozen=True)
class Ended:
    """How one night went; all times in seconds since the first one was launched."""

    plan: str
    launched: float
    began: float
    """When the worker that brought it to its end was given it"""
    ended: float
    worker: int
    attempts: int

    @property
    def waited(self) -> float:
        """Seconds from its launch until a worker brought it on its way to its end."""
        return self.began - self.launched


def apart(workers: int, *, cores: float, centre: float = math.inf, delays: Delays = Delays()) -> Farm:
    """Give each worker a machine of its own with so many cores, and another one to the centre."""
    return Farm(tuple(range(workers)), (*(cores,) * workers, centre), centre=workers, delays=delays)


def together(workers: int, *, cores: float, delays: Delays = Delays()) -> Farm:
    """Let workers, database, daemon and partners share the cores of one machine, as a measurement does."""
    return Farm((0,) * workers, (cores,), centre=0, partners=0, delays=delays)


def simulate(nights: Sequence[Night], farm: Farm, deaths: Sequence[Death] = ()) -> list[Ended]:
    """Run the nights; those that wait are handed over in the order of their launch, to the first worker that is free.

    Raises
    ------
    ValueError
        When no worker is left and nights are.
    """
    return _Run(nights, farm, deaths).to_the_end()


@dataclass
class _Job:
    """A night that a worker is at."""

    number: int
    began: float
    phases: Iterator[Phase]
    place: Place = Place.NOWHERE
    left: float = 0.0

    def goes_on(self) -> bool:
        """Begin the next phase when this one is done; tell whether there is one."""
        while self.left <= _NOTHING:
            phase = next(self.phases, None)
            if phase is None:
                return False
            self.place, self.left = phase.place, phase.seconds
        return True


@dataclass
class _Run:
    nights: Sequence[Night]
    farm: Farm
    deaths: Sequence[Death]
    now: float = 0.0
    ended: list[Ended] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._attempts = Counter[int]()
        self._jobs: dict[int, _Job] = {}
        self._waiting = [(night.begins, number) for number, night in enumerate(self.nights)]
        """A heap of nights by the moment from which they wait."""
        heapq.heapify(self._waiting)
        self._look = self.farm.delays.tick / 2
        """When the daemon looks next: at first, whenever that is, half of the time between two looks has passed."""
        self._gone: list[tuple[float, int, float]] = sorted((d.at, d.worker, d.back_after) for d in self.deaths)
        self._back = dict.fromkeys(range(len(self.farm.workers)), 0.0)
        """By worker the moment from which it takes nights."""

    def to_the_end(self) -> list[Ended]:
        while len(self.ended) < len(self.nights):
            self._let_die()
            self._hand_over()
            speeds = self._speeds()
            step = self._until_something_happens(speeds)
            if step == math.inf:
                raise ValueError("nights wait, and no worker is left")
            self.now += step
            for worker, speed in speeds.items():
                self._jobs[worker].left -= step * speed
            self._let_end()
        return self.ended

    def _let_die(self) -> None:
        while self._gone and self._gone[0][0] <= self.now + _NOTHING:
            at, worker, back_after = self._gone.pop(0)
            self._back[worker] = at + back_after
            if job := self._jobs.pop(worker, None):
                heapq.heappush(self._waiting, (self.now + self.farm.delays.noticed, job.number))

    def _hand_over(self) -> None:
        """Let the daemon look, if it does by now, and give nights that wait to workers that are free."""
        tick, takes = self.farm.delays.tick, self.farm.delays.hand_over
        if tick:
            self._look += tick * max(0, math.ceil((self.now - self._look) / tick - _NOTHING))
        if self.now < self._look - _NOTHING:
            return
        done = 0.0
        for worker in self._free():
            if not self._waits():
                break
            _, number = heapq.heappop(self._waiting)
            self._attempts[number] += 1
            phases = chain([Phase(Place.NOWHERE, done)], self.nights[number].phases)
            self._jobs[worker] = _Job(number, self.now + done, phases)
            done += takes
        self._look = self.now + max(tick, done)
        self._let_end()

    def _free(self) -> Sequence[int]:
        return [w for w, back in self._back.items() if w not in self._jobs and back <= self.now + _NOTHING]

    def _waits(self) -> bool:
        return bool(self._waiting) and self._waiting[0][0] <= self.now + _NOTHING

    def _let_end(self) -> None:
        for worker, job in list(self._jobs.items()):
            if not job.goes_on():
                night = self.nights[job.number]
                self.ended.append(
                    Ended(night.plan, night.begins, job.began, self.now, worker, self._attempts[job.number])
                )
                del self._jobs[worker]

    def _speeds(self) -> Mapping[int, float]:
        """By worker how much of a second's work its night gets done in a second."""
        machines = {worker: self._machine(worker, job.place) for worker, job in self._jobs.items()}
        busy = Counter(machine for machine in machines.values() if machine is not None)
        return {
            worker: 1.0 if machine is None else min(1.0, self.farm.cores[machine] / busy[machine])
            for worker, machine in machines.items()
        }

    def _machine(self, worker: int, place: Place) -> int | None:
        match place:
            case Place.WORKER:
                return self.farm.workers[worker]
            case Place.CENTRE:
                return self.farm.centre
            case Place.PARTNERS:
                return self.farm.partners
            case Place.NOWHERE:
                return None

    def _until_something_happens(self, speeds: Mapping[int, float]) -> float:
        ends = [self._jobs[worker].left / speed for worker, speed in speeds.items()]
        moments = [*self._back.values(), *(at for at, *_ in self._gone[:1]), *(at for at, _ in self._waiting[:1])]
        if self._waits() and self._free():
            moments.append(self._look)
        return min(
            [*ends, *(moment - self.now for moment in moments if moment > self.now + _NOTHING)], default=math.inf
        )
