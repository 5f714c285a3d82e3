"""What PostgreSQL counts of itself: what a night of the fleet asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

_COUNTED = text(
    "SELECT xact_commit + xact_rollback AS transactions, tup_inserted + tup_updated + tup_deleted AS rows_written,"
    " sessions, pg_database_size(datname) / 1e6 AS mb,"
    " pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') / 1e6 AS log_mb"
    " FROM pg_stat_database WHERE datname = current_database()"
)
_CONNECTIONS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_BEATS = text("SELECT count(*) FROM daemon_heartbeats")
_STATES = text("SELECT status, count(*) FROM runs GROUP BY status")


class Database:
    """The one database of a fleet, looked at from outside."""

    def __init__(self, url: str) -> None:
        self._engine: Engine = create_engine(make_url(url).set(drivername="postgresql+psycopg2"), poolclass=NullPool)

    def counted(self) -> Mapping[str, float]:
        """Read what it has counted so far."""
        with self._engine.connect() as connection:
            return {name: float(value) for name, value in connection.execute(_COUNTED).mappings().one().items()}

    def connections(self) -> int:
        """Count who is connected."""
        with self._engine.connect() as connection:
            return int(connection.execute(_CONNECTIONS).scalar_one())

    def has_daemon(self) -> bool:
        """Tell whether the daemon is at work."""
        with suppress(ProgrammingError), self._engine.connect() as connection:
            return bool(connection.execute(_BEATS).scalar_one())
        return False  # it has not made its tables yet

    def states(self) -> Mapping[str, int]:
        """Count the runs by their state."""
        with self._engine.connect() as connection:
            return {state: int(many) for state, many in connection.execute(_STATES)}
