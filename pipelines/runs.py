"""Runs of a night in the ledger: each is begun, ready, and finished, or abandoned by a process that ended on the way.

A run is ready once its files stand in the outbox and nothing stopped the night there. Only then may they go out, and
only then can the run be finished, whoever delivers them. Whoever begins a run holds the run lock. So a run that is not
finished then is at work no more: it is marked ABANDONED, and the new one goes on from what stands. A small file beside
the store tells of a run that is not finished also those who read the published copy, which is that of the night before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pipelines.durable import replace_file
from pipelines.homes.held import is_at_work_elsewhere
from pipelines.warehouse import Warehouse
from pipelines.warehouse.lock import is_held
from schemas.problems import ExchangeError, ExitCode

_MARK = "run.unfinished"
_LEAP = timedelta(days=7)


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


class NightAhead(ExchangeError):
    """The night that was asked for lies so far ahead that its date must be a mistake."""

    exit_code = ExitCode.USAGE


def refuse_leap(warehouse: Warehouse, business_date: date, today: date) -> None:
    """Refuse a night that has not come and that leaves out more than a week after the last one.

    Raises
    ------
    NightAhead
        K20. Run, it would end what has not ended, and no night before it could deliver any more.
    """
    last = warehouse.value("SELECT max(business_date) FROM ledger.runs")
    if last is not None and business_date > today and business_date - last > _LEAP:
        raise NightAhead(
            "K20", f"the night lies ahead: today is {today}, and the last night was that of {last}",
            where=f"--date {business_date}", remedy="Correct --date; without it `ecm-exchange run` takes today.",
        )  # fmt: skip


def begin(warehouse: Warehouse, business_date: date) -> tuple[Run, ...]:
    """Enter a new run, mark those that were broken off as ABANDONED, and return these, oldest first."""
    with warehouse.transaction():
        abandoned = warehouse.rows(
            """UPDATE ledger.runs SET status = 'ABANDONED' WHERE status IN ('STARTED', 'READY')
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


def make_ready(warehouse: Warehouse, business_date: date) -> None:
    """Enter that the files of the run of this night are in the outbox, judged, and may go out."""
    warehouse.run(
        "UPDATE ledger.runs SET status = 'READY' WHERE business_date = $on AND status = 'STARTED'",
        {"on": business_date},
    )


def refuse_unready(warehouse: Warehouse) -> None:
    """Stop before anything goes out while the last run that was begun has not come as far as its files.

    What waits in the outbox then may be what that run was stopped for. Of a night that a restore entered again nobody
    knows how far it had come.

    Raises
    ------
    ExchangeError
        When the run that was begun last is not ready, or was broken off before it was.
    """
    night = warehouse.value(
        """SELECT max(business_date) FROM ledger.runs AS r
           WHERE status = 'STARTED' OR (status = 'ABANDONED' AND (business_date, attempt) >= ALL (
               SELECT (business_date, attempt) FROM ledger.runs WHERE status <> 'LOST'))"""
    )
    if night is not None:
        raise ExchangeError(
            "K10",
            f"the night of {night} was broken off before its files were ready, and nothing goes out before they are",
            remedy=f"Mend what stopped it, then `ecm-exchange run --date {night}`: it sends all that is still owed.",
        )


def finish(warehouse: Warehouse, business_date: date, problems: Sequence[str]) -> bool:
    """Enter that the last run of this night has come to its end, and what a person should look at after it.

    A run that was broken off before its files were ready is none: it stays as it is, and nothing is entered.
    """
    with warehouse.transaction():
        finished = warehouse.rows(
            """UPDATE ledger.runs SET status = 'FINISHED', problems = $problems
               WHERE business_date = $on AND status IN ('READY', 'FINISHED')
                 AND attempt = (SELECT max(attempt) FROM ledger.runs WHERE business_date = $on)
               RETURNING attempt""",
            {"on": business_date, "problems": len(problems)},
        )
        if finished:
            note_problems(warehouse, business_date, problems)
    return bool(finished)


def problems_of(warehouse: Warehouse, business_date: date) -> list[str]:
    """Read what the last run of a night told a person to look at."""
    told = warehouse.rows(
        "SELECT problem FROM ledger.problems WHERE business_date = $on ORDER BY place", {"on": business_date}
    )
    return [problem for (problem,) in told]


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
    return Unfinished(Run(date.fromisoformat(day), int(attempt)), is_held(home) or is_at_work_elsewhere(home))
