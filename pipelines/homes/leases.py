"""Who holds the home of which plan: a table in the database that all machines of a fleet share, one row for a plan.

Time is the database's: nobody compares clocks of two machines. Each time a home changes hands its token grows, and
whoever wrote down an older one can change nothing any more.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.homes.database import Database

TABLE = "ecm_exchange_leases"

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


class Leases:
    """The table, for one process; each statement must be answered within `patience` seconds."""

    def __init__(self, database: str, patience: float) -> None:
        self._database = Database(database, patience)

    def make(self) -> None:
        """Make the table where there is none."""
        if not self._database.has(TABLE):
            self._database.make(_MAKE)

    def take(self, plan: str, holder: str, seconds: float) -> tuple[int, HighWater] | None:
        """Take a home that nobody holds, or whose holder was not heard of in time; `None` where another holds it."""
        row = self._database.row(_TAKE, plan=plan, holder=holder, seconds=seconds)
        return (row[0], HighWater(*row[1:])) if row is not None else None

    def renew(self, plan: str, token: int, seconds: float) -> bool:
        """Hold it for `seconds` from now on; false when it is another's."""
        return self._database.row(_RENEW, plan=plan, token=token, seconds=seconds) is not None

    def give_back(self, plan: str, token: int) -> bool:
        """Let others take it; false when it is another's."""
        return self._database.row(_GIVE_BACK, plan=plan, token=token) is not None

    def raise_high_water(self, plan: str, token: int, mark: HighWater) -> bool:
        """Say how far the shared copy has come; false when the home is another's, which changes nothing."""
        return self._database.row(
            _RAISE, plan=plan, token=token, checkpoint=mark.checkpoint, store=mark.store, entries=mark.entries,
            head=mark.head,
        ) is not None  # fmt: skip

    def standing(self, plan: str) -> Standing | None:
        """Tell how a plan's home stands; `None` where nobody ever held it."""
        row = self._database.row(_STANDING, plan=plan) if self._database.has(TABLE) else None
        if row is None:
            return None
        name, holder, token, held, seconds_left, *mark = row
        return Standing(name, holder, token, held, seconds_left, HighWater(*mark))

    def close(self) -> None:
        """Leave the database."""
        self._database.close()


def standing(database: str, plan: str, patience: float = 5.0) -> Standing | None:
    """Tell how a plan's home stands; `None` where nobody ever held it.

    Raises
    ------
    DatabaseUnreachable
        S12, when the database does not answer within `patience` seconds.
    ConfigurationError
        S14, when `database` is no address of one.
    """
    leases = Leases(database, patience)
    try:
        return leases.standing(plan)
    finally:
        leases.close()
