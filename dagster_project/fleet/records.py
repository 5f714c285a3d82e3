"""What a night does when Dagster's records break off under it: it ends as a killed one does, and begins anew.

A statement whose answer never came has happened or not, and Dagster takes the error for one of the step's own, which is
never tried again. Whatever ends a process is survived: so this does.
"""

from __future__ import annotations

import os
import time

import dagster as dg
import sqlalchemy as sa
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection

from pipelines.homes.database import BEARS_IT
from pipelines.homes.deadline import die

_PATIENCE = 8.0
"""Seconds for which nobody may be reached there. Dagster tries again by itself for some more than that."""

_ANSWERED_WITHIN = 60_000
"""Milliseconds for one statement."""

_MORE = 20
"""Connections beside the one that is kept, where threads talk at the same time."""

_SAID = b"the database of Dagster's records went away: this process ends, and the night begins anew\n"


class _Away:
    """Since when connections failed, one after the other."""

    def __init__(self) -> None:
        self._since: float | None = None

    def failed(self, context: ExceptionContext) -> None:
        if context.engine is not None and context.engine.get_execution_options().get(BEARS_IT):
            return
        if context.connection is not None:
            if context.is_disconnect:
                _end()
            return
        now = time.monotonic()
        self._since = self._since or now
        if now - self._since > _PATIENCE:
            _end()

    def reached(self, *_: object) -> None:
        self._since = None


def keep_records(instance: dg.DagsterInstance) -> None:
    """Let a process keep one connection for what it has to say, where Dagster makes one for each line.

    The process ends when the database breaks off a statement, or stays away.
    """
    instance.optimize_for_webserver(_ANSWERED_WITHIN, pool_recycle=-1, max_overflow=_MORE)
    away = _Away()
    sa.event.listen(sa.Pool, "checkout", _ping)
    sa.event.listen(sa.Engine, "handle_error", away.failed)
    sa.event.listen(sa.Engine, "engine_connect", away.reached)


def _ping(connection: DBAPIConnection, *_: object) -> None:
    """Have another connection made in place of one that ended while nobody used it."""
    cursor = connection.cursor()
    try:
        cursor.execute("SELECT 1")
    except Exception:  # noqa: BLE001 - whatever it is, the connection is of no use
        raise sa.exc.DisconnectionError from None
    finally:
        cursor.close()


def _end() -> None:
    os.write(2, _SAID)
    die()
