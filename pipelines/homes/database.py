"""Talking to the database that all machines of a fleet share, in statements that are transactions of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from pipelines.homes.variables import DATABASE_VARIABLE
from schemas.problems import ConfigurationError, ExchangeError, ExitCode

BEARS_IT = "bears_it"
"""An option of connections whose users go on when the database breaks off."""

_ONE_MAKES_THEM = 0x65636D
"""Of all that begin on a new database at once; any number that nobody else uses."""


class DatabaseUnreachable(ExchangeError):
    """The database did not answer."""

    exit_code = ExitCode.INPUT_OUTPUT


class Database:
    """The database, for one process; each statement must be answered within `patience` seconds."""

    def __init__(self, address: str, patience: float) -> None:
        milliseconds = max(1, int(patience * 1000))
        try:
            self._engine = sa.create_engine(
                of_driver(address),
                isolation_level="AUTOCOMMIT",
                pool_pre_ping=True,
                execution_options={BEARS_IT: True},
                connect_args={
                    "connect_timeout": max(2, round(patience)),  # the least that the library heeds
                    "tcp_user_timeout": milliseconds,
                    "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}",
                    "application_name": "ecm-exchange",
                },
            )
        except (SQLAlchemyError, ImportError, ValueError) as failure:
            raise _not_an_address(failure) from None

    def has(self, table: str) -> bool:
        """Tell whether somebody has made a table."""
        with self._connected() as connection:
            return connection.scalar(sa.text("SELECT to_regclass(:table)"), {"table": table}) is not None

    def make(self, statement: str) -> None:
        """Make a table; of several that do, each waits for the one before it."""
        with self._connected() as connection:
            connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": _ONE_MAKES_THEM})
            try:
                connection.execute(sa.text(statement))
            finally:
                connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": _ONE_MAKES_THEM})

    def rows(self, statement: str, **parameters: object) -> list[tuple[Any, ...]]:
        """Return the rows of a statement with named parameters (`:name`)."""
        with self._connected() as connection:
            return [tuple(row) for row in connection.execute(sa.text(statement), parameters)]

    def row(self, statement: str, **parameters: object) -> tuple[Any, ...] | None:
        """Return the only row of a statement, if it has one."""
        return next(iter(self.rows(statement, **parameters)), None)

    def close(self) -> None:
        """Leave it."""
        self._engine.dispose()

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        """Talk to it; what it says of a failure may name accounts and hosts, and is not told."""
        try:
            with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as failure:
            kind = type(failure).__name__
        else:
            return
        raise DatabaseUnreachable(
            "S12",
            f"the database that says who works on a plan did not answer ({kind})",
            remedy=f"See that PostgreSQL runs, and that {DATABASE_VARIABLE} leads to it. Then run again.",
        )


def of_driver(address: str) -> str:
    """Return an address with the library that talks to the database, for those who write `postgresql://`."""
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg2://", address)


def _not_an_address(failure: Exception) -> ConfigurationError:
    return ConfigurationError(
        "S14",
        f"the address of the fleet's database is none ({type(failure).__name__})",
        remedy=f"Write {DATABASE_VARIABLE} as postgresql://USER@HOST:PORT/NAME.",
    )
