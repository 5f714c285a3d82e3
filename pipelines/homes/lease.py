"""The right to work on a plan's home, which one process of all machines has at a time, and for seconds only.

It is renewed while the work goes on. The kernel kills a holder that could not renew it (`pipelines.homes.deadline`) by
its own clock, read before it last asked, and so before anybody else can take the home by the database's: two never work
on one home, and no file goes out twice. A killed holder's lease runs out by itself; one that ends gives it back.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from pipelines.homes.database import DatabaseUnreachable
from pipelines.homes.deadline import Deadline, boottime, die
from pipelines.homes.leases import HighWater, Leases, Standing
from schemas.problems import AnotherRunActive, ExchangeError, ExitCode

SECONDS = 30.0
"""For which a home is held unless renewed: what another machine waits for after one died."""

_SPARED = 0.1
"""Part of it by which the holder ends before others may begin: no two clocks run alike."""

_RENEWED_AFTER = 0.25
_ANSWERED_WITHIN = 0.15
_AGAIN_AFTER = 0.05
"""Parts of it: from one renewal to the next; for the database to answer; from a failure to the next try."""

_LOST = b"[S11] the home of the plan is another's now: this process ends at once\n"

_log = logging.getLogger(__name__)


class LeaseLost(ExchangeError):
    """The home is another's, or might be: nothing may be sent or written any more."""

    exit_code = ExitCode.ANOTHER_RUN_ACTIVE


class Lease:
    """A home that is held by this process."""

    def __init__(self, leases: Leases, plan: str, holder: str, seconds: float) -> None:
        self.plan = plan
        self.holder = holder
        self._leases = leases
        self._seconds = seconds
        self._deadline = Deadline()
        self._until = 0.0
        self._ended = threading.Event()
        self._moving = threading.Lock()
        self._thread = threading.Thread(target=self._keep, name=f"lease of {plan}", daemon=True)
        self.token = 0
        """Grows each time that the home changes hands."""
        self.high_water = HighWater()
        """How far the shared copy has come."""

    def take(self) -> bool:
        """Take the home if nobody has it, and keep it."""
        asked = boottime()
        taken = self._leases.take(self.plan, self.holder, self._seconds)
        if taken is None:
            return False
        self.token, self.high_water = taken
        self._hold_from(asked)
        self._thread.start()
        return True

    def refuse_lost(self) -> None:
        """Stop unless the home is held for certain at this moment.

        Raises
        ------
        LeaseLost
            S11.
        """
        if self._ended.is_set() or boottime() >= self._until:
            raise LeaseLost(
                "S11",
                "the home of the plan is held by this process no more",
                where=self.plan,
                remedy="Nothing is sent by it. Whoever holds the home goes on with the night; look at that.",
            )

    def raise_high_water(self, mark: HighWater) -> None:
        """Say how far the shared copy has come; a database that is away for a moment is waited for.

        Raises
        ------
        LeaseLost
            S11, when the home is another's.
        """
        while True:
            self.refuse_lost()
            with suppress(DatabaseUnreachable):
                if not self._leases.raise_high_water(self.plan, self.token, mark):
                    self._until = 0.0
                    self.refuse_lost()
                self.high_water = mark
                return
            time.sleep(self._seconds * _AGAIN_AFTER)

    def end(self) -> None:
        """Give the home back; where the database is away it runs out by itself."""
        with self._moving:
            self._ended.set()
            self._deadline.lift()
        if not self.token:
            return
        self._thread.join()
        try:
            self._leases.give_back(self.plan, self.token)
        except DatabaseUnreachable as away:
            _log.warning("%s: %s", self.plan, away.what)

    def _hold_from(self, asked: float) -> None:
        with self._moving:
            if not self._ended.is_set():
                self._until = asked + self._seconds * (1 - _SPARED)
                self._deadline.move(self._until)

    def _keep(self) -> None:
        """Renew until the end. A database that does not answer is asked again, and the deadline stays where it is."""
        pause = self._seconds * _RENEWED_AFTER
        while not self._ended.wait(pause):
            pause = self._seconds * _RENEWED_AFTER
            asked = boottime()
            try:
                is_ours = self._leases.renew(self.plan, self.token, self._seconds)
            except DatabaseUnreachable as away:
                _log.warning("%s: %s", self.plan, away.what)
                pause = self._seconds * _AGAIN_AFTER
                continue
            if not is_ours:
                os.write(2, _LOST)
                die()
            self._hold_from(asked)


@contextmanager
def take_lease(
    database: str,
    plan: str,
    holder: str,
    *,
    seconds: float = SECONDS,
    patience: float = 0.0,
    sleep: Callable[[float], None] = time.sleep,
    look_again: float = 1.0,
) -> Iterator[Lease]:
    """Hold the home of a plan while the block runs.

    `holder` is a run's id or a command's name, shown to whoever finds the home taken. Another's home, and a database
    that is away, are waited for up to `patience` seconds, with a look every `look_again`.

    Raises
    ------
    AnotherRunActive
        S10, when another still holds it then.
    DatabaseUnreachable
        S12, when the database still does not answer then.
    """
    leases = Leases(database, seconds * _ANSWERED_WITHIN)
    try:
        lease = _taken(leases, plan, holder, seconds, patience, sleep, look_again)
        try:
            yield lease
        finally:
            lease.end()
    finally:
        leases.close()


def _taken(
    leases: Leases,
    plan: str,
    holder: str,
    seconds: float,
    patience: float,
    sleep: Callable[[float], None],
    look_again: float,
) -> Lease:
    lease, until = Lease(leases, plan, holder, seconds), boottime() + patience
    try:
        while (refusal := _refused(leases, lease)) is not None:
            if boottime() >= until:
                break
            sleep(look_again)
    except BaseException:
        lease.end()
        raise
    if refusal is None:
        return lease
    lease.end()
    raise refusal


def _refused(leases: Leases, lease: Lease) -> ExchangeError | None:
    """Try to take the home; return why it could not be taken."""
    try:
        leases.make()
        return None if lease.take() else _held(lease.plan, leases.standing(lease.plan))
    except DatabaseUnreachable as away:
        return away


def _held(plan: str, standing: Standing | None) -> AnotherRunActive:
    holder = standing.holder if standing is not None else "another"
    return AnotherRunActive(
        "S10",
        f"the home of the plan is at work elsewhere ({holder})",
        where=plan,
        remedy="Wait for that to end, then type this again; `ecm-exchange fleet status` can be read meanwhile.",
    )
