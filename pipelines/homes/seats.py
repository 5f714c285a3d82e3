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


@contextmanager
def seated(database: str, worker: str, queues: Sequence[str], number: int, seconds: float = SECONDS) -> Iterator[None]:
    """Let a worker count while the block runs, and say so again and again; one that was killed counts no more soon.

    Raises
    ------
    DatabaseUnreachable
        S12, when the database does not answer at the beginning; later it is asked again.
    """
    table, ended = Database(database, _ANSWERED_WITHIN), threading.Event()

    def say() -> None:
        table.rows(_SAY, worker=worker, queues=list(queues), seats=number, seconds=seconds)

    def keep() -> None:
        while not ended.wait(min(_RENEWED_AFTER, seconds / 4)):
            try:
                say()
            except DatabaseUnreachable as away:
                _log.warning("%s", away.what)

    if not table.has(TABLE):
        table.make(_MAKE)
    say()
    thread = threading.Thread(target=keep, name="seats", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        with suppress(DatabaseUnreachable):
            table.rows(_LEAVE, worker=worker)
        table.close()
