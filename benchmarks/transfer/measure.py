"""Let the contenders take turns at every scene over every line, on one server."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import TypeAlias

from benchmarks.processes import run
from benchmarks.transfer.contenders import CONTENDERS, Contender, Errand
from benchmarks.transfer.line import ceiling, line
from benchmarks.transfer.scenes import Scene, make_scenes
from benchmarks.transfer.server import Access, openssh_server

ROUND_TRIPS = (0.0, 0.02, 0.04)
"""Seconds."""

_MEMORY = Path("/dev/shm")  # noqa: S108  # files that only move: what is measured is the line, not a disk

Place: TypeAlias = tuple[str, float, str]
"""A scene, a round trip and a contender, by name"""


@dataclass
class Told:
    """What came of it.

    Attributes
    ----------
    rates
        For each place how much was moved in a second, round by round.
    units
        What that is counted in, by scene.
    ceilings
        Bytes a second that a line carries by itself, by round trip.
    absent
        Sentences on who could not take part.
    """

    rates: dict[Place, list[float]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    ceilings: dict[float, float] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)


def measure(
    megabytes: int,
    files: int,
    names: int,
    rounds: int,
    tell: Callable[[str], None],
    *,
    round_trips: Sequence[float] = ROUND_TRIPS,
    contenders: Sequence[Contender] = CONTENDERS,
) -> Told:
    """Measure; `tell` hears of every turn.

    Raises
    ------
    FailedError
        When there is no server here, or a program fails or does not move everything.
    """
    told = Told(
        absent=[f"{one.needs} is not installed: {one.name} is left out." for one in contenders if not one.is_here]
    )
    here = [one for one in contenders if one.is_here]
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as place, ExitStack() as stack:
        work = Path(place)
        for name in ("server", "notes", "files"):
            (work / name).mkdir(mode=0o700)
        scenes = make_scenes(work / "files", megabytes, files, names)
        told.units = {scene.name: scene.unit for scene in scenes}
        told.ceilings = {round_trip: ceiling(round_trip) for round_trip in round_trips if round_trip}
        access = stack.enter_context(openssh_server(work / "server"))
        ports = {round_trip: stack.enter_context(line(access.port, round_trip)) for round_trip in round_trips}
        for number, round_trip, scene, one in _turns(rounds, round_trips, scenes, here):
            tell(f"round {number} of {rounds}: {scene.name}, {round_trip * 1000:.0f} ms, {one.name}")
            few = one.is_slow and round_trip > 0
            rate = _turn(one, scene, replace(access, port=ports[round_trip]), work, few=few)
            told.rates.setdefault((scene.name, round_trip, one.name), []).append(rate)
    return told


def _turns(
    rounds: int, round_trips: Sequence[float], scenes: Sequence[Scene], here: Sequence[Contender]
) -> Iterator[tuple[int, float, Scene, Contender]]:
    """List all turns; who begins changes from round to round."""
    order = deque(here)
    for number in range(1, rounds + 1):
        for round_trip, scene in product(round_trips, scenes):
            yield from ((number, round_trip, scene, one) for one in order if one.only in {None, scene.name})
        order.rotate(-1)


def _turn(one: Contender, scene: Scene, access: Access, work: Path, *, few: bool) -> float:
    """Return how much the contender moves in a second; a program in Python counts from after its imports."""
    source, amount = (scene.few, scene.few_amount) if few else (scene.source, scene.amount)
    target = work / "target"
    scene.make_target(target)
    taken = run(one.command(Errand(scene, source, target, access, work / "notes")))
    scene.check(one.name, source, target)
    return amount / float(taken.answer.get("seconds", taken.seconds))
