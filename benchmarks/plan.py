"""Which program reads which file: all at the size asked for or the most they are given, and some at every size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from benchmarks.contenders import GROWING, OTHERS, OURS, STAGES, Contender
from benchmarks.figures import Figures
from benchmarks.measure import Job
from benchmarks.processes import Run

_SIZES = (1_000, 10_000, 100_000, 1_000_000)
TAKING_PART = tuple(dict.fromkeys((*OURS, *(stage for stage, _ in STAGES), *OTHERS)))


def given(contender: Contender, members: int, *, whole: bool) -> int:
    """Tell how many members a program is given when the file has so many; with `whole` all of them."""
    return members if whole or contender.at_most is None else min(members, contender.at_most)


def sizes(members: int, *, whole: bool) -> list[int]:
    """List the sizes at which growth is measured: up to the one asked for, and with `whole` all."""
    return sorted({size for size in _SIZES if whole or size <= members} | {members})


def jobs(members: int, *, whole: bool) -> Iterator[Job]:
    """List what takes turns: each program on its file and on one of a single member, and the smaller sizes."""
    for contender in TAKING_PART:
        yield Job(contender, 1)
        yield Job(contender, given(contender, members, whole=whole))
    yield from (Job(contender, size) for contender in GROWING for size in sizes(members, whole=whole) if size < members)


def large_jobs(members: int, *, whole: bool) -> Iterator[Job]:
    """List what runs once only: growth beyond the size asked for."""
    yield from (Job(contender, size) for contender in GROWING for size in sizes(members, whole=whole) if size > members)


def figures(runs: Mapping[Job, tuple[Run, ...]], contender: Contender, members: int) -> Figures | None:
    """Bring together the runs of a program with so many members; None when it is absent."""
    taken, of_one = runs.get(Job(contender, members)), runs.get(Job(contender, 1))
    return Figures(members, taken, of_one) if taken and of_one else None
