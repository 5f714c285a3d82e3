"""Runs of a night in the ledger: each is begun, and finished, or abandoned by a process that ended on the way.

Whoever begins a run holds the run lock. So a run that is not finished then is at work no more: it is marked ABANDONED,
and the new one goes on from what stands. A small file beside the store tells of a run that is not finished also those
who read the published copy, which is that of the night before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.durable import replace_file
from pipelines.warehouse import Warehouse
from pipelines.warehouse.lock import is_held

_MARK = "run.unfinished"


@dataclass(frozen=True)
class Run:
    """One attempt at a night."""

    business_date: date
    attempt: int

    def __str__(self) -> str:
        return f"run {self.attempt} of the night of {self.business_date}"


@dataclass(frozen=True)
class Unfinished:
    """A run that was begun and is not finished."""

    run: Run
    is_at_work: bool
    """Whether a process holds the run lock; otherwise the run was broken off."""

    def sentence(self) -> str:
        """Say it to a person."""
        return f"{self.run} {'is at work' if self.is_at_work else 'was broken off'}"


def begin(warehouse: Warehouse, business_date: date) -> tuple[Run, ...]:
    """Enter a new run, mark those that were broken off as ABANDONED, and return these, oldest first."""
    with warehouse.transaction():
        abandoned = warehouse.rows(
            """UPDATE ledger.runs SET status = 'ABANDONED' WHERE status = 'STARTED'
               RETURNING business_date, attempt"""
        )
        (attempt,) = warehouse.rows(
            """INSERT INTO ledger.runs BY NAME
               SELECT md5(concat_ws('|', $on, attempt)) AS run_id, $on AS business_date, attempt, 'STARTED' AS status
               FROM (SELECT count(*) + 1 AS attempt FROM ledger.runs WHERE business_date = $on)
               RETURNING attempt""",
            {"on": business_date},
        )[0]
    replace_file(warehouse.home / _MARK, f"{business_date} {attempt}\n".encode("ascii"))
    return tuple(Run(*run) for run in sorted(abandoned))


def finish(warehouse: Warehouse, business_date: date, problems: Sequence[str]) -> None:
    """Enter that the last run of this night has come to its end, and what a person should look at after it."""
    with warehouse.transaction():
        warehouse.run(
            """UPDATE ledger.runs SET status = 'FINISHED', problems = $problems
               WHERE business_date = $on
                 AND attempt = (SELECT max(attempt) FROM ledger.runs WHERE business_date = $on)""",
            {"on": business_date, "problems": len(problems)},
        )
        note_problems(warehouse, business_date, problems)


def note_problems(warehouse: Warehouse, business_date: date, problems: Sequence[str]) -> None:
    """Enter what a person should look at, in place of what an earlier run of this night told."""
    with warehouse.transaction():
        warehouse.run("DELETE FROM ledger.problems WHERE business_date = $on", {"on": business_date})
        warehouse.run(
            """INSERT INTO ledger.problems BY NAME
               SELECT $on AS business_date, unnest(range(1, len($lines) + 1)) AS place, unnest($lines) AS problem""",
            {"on": business_date, "lines": list(problems)},
        )


def unmark(home: Path) -> None:
    """Forget the run that was begun last: readers see its night."""
    (home / _MARK).unlink(missing_ok=True)


def unfinished(home: Path) -> Unfinished | None:
    """Return the run that was begun last if it is not finished; the store is not opened."""
    try:
        day, attempt = (home / _MARK).read_text(encoding="ascii").split()
    except FileNotFoundError:
        return None
    return Unfinished(Run(date.fromisoformat(day), int(attempt)), is_held(home))
