"""What a night does when Dagster's records break off under it: it ends as a killed one does, and begins anew.

A statement whose answer never came has happened or not, and Dagster takes the error for one of the step's own, which is
never tried again. Whatever ends a process is survived: so this does.
"""

from __future__ import annotations

import os
import time

import sqlalchemy as sa
from sqlalchemy.engine import ExceptionContext

from pipelines.homes.database import BEARS_IT
from pipelines.homes.deadline import die

_PATIENCE = 8.0
"""Seconds for which nobody may be reached there. Dagster tries again by itself for some more than that."""

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


def end_with_records() -> None:
    """Let this process end when Dagster's database breaks off a statement, or stays away."""
    away = _Away()
    sa.event.listen(sa.Engine, "handle_error", away.failed)
    sa.event.listen(sa.Engine, "engine_connect", away.reached)


def _end() -> None:
    os.write(2, _SAID)
    die()
