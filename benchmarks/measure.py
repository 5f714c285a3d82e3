"""Let programs take turns, so that a machine that is slow for a while is slow for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contenders import Contender
from benchmarks.processes import FailedError, Run, run


@dataclass(frozen=True)
class Job:
    """A program and the number of members in the file it reads."""

    contender: Contender
    members: int


def take_turns(
    jobs: Iterable[Job], rounds: int, file: Callable[[int], Path], tell: Callable[[str], None]
) -> dict[Job, tuple[Run, ...]]:
    """Run every job once a round; a job that this checkout cannot do is left out.

    `file` gives the path of the file with so many members.

    Raises
    ------
    FailedError
        When a program fails, or did not read all members.
    """
    done: dict[Job, tuple[Run, ...]] = dict.fromkeys(jobs, ())
    for number in range(1, rounds + 1):
        for job in list(done):
            tell(f"round {number} of {rounds}: {job.contender.name}, {job.members:,} members")
            result = run(job.contender.command(file(job.members)))
            if "absent" in result.answer:
                del done[job]
                continue
            _require_all_read(job, result)
            done[job] += (result,)
    return done


def _require_all_read(job: Job, result: Run) -> None:
    answer = result.answer
    if answer.get("accepted", True) is not True or answer.get("members", job.members) != job.members:
        raise FailedError(f"{job.contender.name} did not read all of {job.members} members")
