"""Who holds the home of which plan: a table in the database that all machines of a fleet share, one row for a plan.

Time is the database's: nobody compares clocks of two machines. Each time a home changes hands its token grows, and
whoever wrote down an older one can change nothing any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from schemas.problems import ConfigurationError, ExchangeError, ExitCode

TABLE = "ecm_exchange_leases"
_ONE_MAKES_IT = 0x65636D  # of all that begin on a new database at once; any number that nobody else uses

_MAKE = f"""
    CREATE TABLE IF NOT EXISTS {TABLE} (
        plan text PRIMARY KEY,
        holder text NOT NULL,
        token bigint NOT NULL,
        held boolean NOT NULL,
        until timestamptz NOT NULL,
        checkpoint text NOT NULL DEFAULT '',
        store text NOT NULL DEFAULT '',
        entries bigint NOT NULL DEFAULT 0,
        head text NOT NULL DEFAULT ''
    )
"""
_HIGH_WATER = "checkpoint, store, entries, head"
_TAKE = f"""
    INSERT INTO {TABLE} AS lease (plan, holder, token, held, until)
    VALUES (:plan, :holder, 1, true, clock_timestamp() + make_interval(secs => :seconds))
    ON CONFLICT (plan) DO UPDATE SET
        holder = :holder, token = lease.token + 1, held = true,
        until = clock_timestamp() + make_interval(secs => :seconds)
    WHERE NOT lease.held OR lease.until < clock_timestamp()
    RETURNING token, {_HIGH_WATER}
"""  # noqa: S608 - a name of this module
_RENEW = f"""
    UPDATE {TABLE} SET until = clock_timestamp() + make_interval(secs => :seconds)
    WHERE plan = :plan AND token = :token AND held RETURNING token
"""  # noqa: S608 - a name of this module
_GIVE_BACK = f"""
    UPDATE {TABLE} SET held = false, until = clock_timestamp()
    WHERE plan = :plan AND token = :token AND held RETURNING token
"""  # noqa: S608 - a name of this module
_RAISE = f"""
    UPDATE {TABLE} SET checkpoint = :checkpoint, store = :store, entries = :entries, head = :head
    WHERE plan = :plan AND token = :token AND held RETURNING token
"""  # noqa: S608 - a name of this module
_STANDING = f"""
    SELECT plan, holder, token, held, extract(epoch FROM until - clock_timestamp())::float8, {_HIGH_WATER}
    FROM {TABLE} WHERE plan = :plan
"""  # noqa: S608 - a name of this module


@dataclass(frozen=True)
class HighWater:
    """How far the copy of a home that all machines share has come: what is not below it must be there."""

    checkpoint: str = ""
    """Name of the newest checkpoint; empty while there is none."""
    store: str = ""
    """As the mark beside the store names it."""
    entries: int = 0
    """Entries of the audit log."""
    head: str = ""
    """Hash of the last one."""


@dataclass(frozen=True)
class Standing:
    """What the database says of a plan's home at this moment."""

    plan: str
    holder: str
    """A run's id, or the name of a command; the last one where nobody holds it."""
    token: int
    held: bool
    """Whether it was taken and not given back."""
    seconds_left: float
    """Until the lease ends unless it is renewed; below zero for how long ago it ended or was given back."""
    high_water: HighWater

    @property
    def is_alive(self) -> bool:
        """Whether its holder has been heard of in time."""
        return self.held and self.seconds_left > 0


class LeasesUnreachable(ExchangeError):
    """The database of the leases did not answer."""

    exit_code = ExitCode.INPUT_OUTPUT


class Leases:
    """The table, for one process. Each statement is a transaction of its own and must be answered within `patience`."""

    def __init__(self, database: str, patience: float) -> None:
        milliseconds = max(1, int(patience * 1000))
        try:
            self._engine = sa.create_engine(
                of_driver(database),
                isolation_level="AUTOCOMMIT",
                pool_pre_ping=True,
                connect_args={
                    "connect_timeout": max(2, round(patience)),  # the least that the library heeds
                    "tcp_user_timeout": milliseconds,
                    "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}",
                    "application_name": "ecm-exchange",
                },
            )
        except (SQLAlchemyError, ImportError, ValueError) as failure:
            raise _not_an_address(failure) from None

    def make(self) -> None:
        """Make the table where there is none."""
        with self._connected() as connection:
            if connection.scalar(sa.text("SELECT to_regclass(:name)"), {"name": TABLE}) is None:
                connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": _ONE_MAKES_IT})
                try:
                    connection.execute(sa.text(_MAKE))
                finally:
                    connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": _ONE_MAKES_IT})

    def take(self, plan: str, holder: str, seconds: float) -> tuple[int, HighWater] | None:
        """Take a home that nobody holds, or whose holder was not heard of in time; `None` where another holds it."""
        row = self._one(_TAKE, plan=plan, holder=holder, seconds=seconds)
        return (row[0], HighWater(*row[1:])) if row is not None else None

    def renew(self, plan: str, token: int, seconds: float) -> bool:
        """Hold it for `seconds` from now on; false when it is another's."""
        return self._one(_RENEW, plan=plan, token=token, seconds=seconds) is not None

    def give_back(self, plan: str, token: int) -> bool:
        """Let others take it; false when it is another's."""
        return self._one(_GIVE_BACK, plan=plan, token=token) is not None

    def raise_high_water(self, plan: str, token: int, mark: HighWater) -> bool:
        """Say how far the shared copy has come; false when the home is another's, which changes nothing."""
        return self._one(
            _RAISE, plan=plan, token=token, checkpoint=mark.checkpoint, store=mark.store, entries=mark.entries,
            head=mark.head,
        ) is not None  # fmt: skip

    def standing(self, plan: str) -> Standing | None:
        """Tell how a plan's home stands; `None` where nobody ever held it."""
        with self._connected() as connection:
            if connection.scalar(sa.text("SELECT to_regclass(:name)"), {"name": TABLE}) is None:
                return None
        row = self._one(_STANDING, plan=plan)
        if row is None:
            return None
        plan, holder, token, held, seconds_left, *mark = row
        return Standing(plan, holder, token, held, seconds_left, HighWater(*mark))

    def close(self) -> None:
        """Leave the database."""
        self._engine.dispose()

    def _one(self, statement: str, **parameters: object) -> tuple[Any, ...] | None:
        with self._connected() as connection:
            row = connection.execute(sa.text(statement), parameters).one_or_none()
        return tuple(row) if row is not None else None

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        """Talk to the database; what it says of a failure may name accounts and hosts, and is not told."""
        try:
            with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as failure:
            kind = type(failure).__name__
        else:
            return
        raise LeasesUnreachable(
            "S12",
            f"the database that says who works on a plan did not answer ({kind})",
            remedy="See that PostgreSQL runs, and that ECM_EXCHANGE_DATABASE leads to it. Then run again.",
        )


def standing(database: str, plan: str, patience: float = 5.0) -> Standing | None:
    """Tell how a plan's home stands; `None` where nobody ever held it.

    Raises
    ------
    LeasesUnreachable
        S12, when the database does not answer within `patience` seconds.
    ConfigurationError
        S14, when `database` is no address of one.
    """
    leases = Leases(database, patience)
    try:
        return leases.standing(plan)
    finally:
        leases.close()


def of_driver(database: str) -> str:
    """Return the address of a database with the library that talks to it, for those who write `postgresql://`."""
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg2://", database)


def _not_an_address(failure: Exception) -> ConfigurationError:
    return ConfigurationError(
        "S14",
        f"the address of the fleet's database is none ({type(failure).__name__})",
        remedy="Write ECM_EXCHANGE_DATABASE as postgresql://USER:PASSWORD@HOST:PORT/NAME.",
    )
