"""Which workers there are, of which queues, and how many nights each of them may run at a time.

A night is handed out only where a worker has a seat for it: one that waits in a broker might be lost with it, and looks
like one whose worker died on the way. Until there is a seat it waits in Dagster's queue, however long.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from pipelines.homes.database import Database, DatabaseUnreachable

TABLE = "ecm_exchange_workers"

SECONDS = 20.0
"""For which a worker counts after it was last heard of."""

_RENEWED_AFTER = 5.0
_ANSWERED_WITHIN = 5.0

_MAKE = f"""
    CREATE TABLE IF NOT EXISTS {TABLE} (
        worker text PRIMARY KEY,
        queues text[] NOT NULL,
        seats integer NOT NULL,
        until timestamptz NOT NULL
    )
"""
_SAY = f"""
    INSERT INTO {TABLE} (worker, queues, seats, until)
    VALUES (:worker, :queues, :seats, clock_timestamp() + make_interval(secs => :seconds))
    ON CONFLICT (worker) DO UPDATE SET queues = :queues, seats = :seats, until = excluded.until
    RETURNING worker
"""  # noqa: S608 - a name of this module
_LEAVE = f"DELETE FROM {TABLE} WHERE worker = :worker OR until < clock_timestamp() - interval '1 day' RETURNING worker"  # noqa: S608
_SEATS = f"SELECT queues, seats FROM {TABLE} WHERE until > clock_timestamp()"  # noqa: S608 - a name of this module

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Seats:
    """Nights that may be at work at the same time."""

    all: int
    of_queue: Mapping[str, int]
    """By queue; a worker that serves two counts in both."""


def seats(database: str) -> Seats:
    """Count the seats of all workers that have been heard of.

    Raises
    ------
    DatabaseUnreachable
        S12.
    """
    table = Database(database, _ANSWERED_WITHIN)
    try:
        found = table.rows(_SEATS) if table.has(TABLE) else []
    finally:
        table.close()
    of_queue: dict[str, int] = {}
    for queues, number in found:
        for queue in queues:
            of_queue[queue] = of_queue.get(queue, 0) + number
    return Seats(sum(number for _, number in found), of_queue)


class Seated:
    """The seats of one worker, of which it says again and again that they are there."""

    def __init__(self, database: str, worker: str, queues: Sequence[str], number: int, seconds: float) -> None:
        self._table = Database(database, _ANSWERED_WITHIN)
        self._said = {"worker": worker, "queues": list(queues), "seconds": seconds}
        self._pause = min(_RENEWED_AFTER, seconds / 4)
        self._number = number
        self._ended = threading.Event()
        self._again = threading.Event()

    def say(self) -> None:
        """Say so now; a table that is not there is made."""
        if not self._table.has(TABLE):
            self._table.make(_MAKE)
        self._table.rows(_SAY, seats=self._number, **self._said)

    def leave_but(self, number: int) -> None:
        """Have only so many from now on: those whose nights are at work, when a worker takes no other."""
        self._number = number
        self._again.set()

    def keep(self) -> None:
        """Say so until the end; a database that is away is asked again."""
        while not self._ended.is_set():
            self._again.wait(self._pause)
            self._again.clear()
            try:
                self.say()
            except DatabaseUnreachable as away:
                _log.warning("%s", away.what)

    def end(self, thread: threading.Thread) -> None:
        """Count no more."""
        self._ended.set()
        self._again.set()
        thread.join()
        with suppress(DatabaseUnreachable):
            self._table.rows(_LEAVE, worker=self._said["worker"])
        self._table.close()


@contextmanager
def seated(
    database: str, worker: str, queues: Sequence[str], number: int, seconds: float = SECONDS
) -> Iterator[Seated]:
    """Let a worker count while the block runs; one that was killed counts no more after `seconds`.

    Raises
    ------
    DatabaseUnreachable
        S12, when the database does not answer at the beginning; later it is asked again.
    """
    its = Seated(database, worker, queues, number, seconds)
    its.say()
    thread = threading.Thread(target=its.keep, name="seats", daemon=True)
    thread.start()
    try:
        yield its
    finally:
        its.end(thread)
