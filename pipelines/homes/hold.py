"""Holding a plan's home: whoever works on it says so first, in a way that reaches as far as the home does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pipelines.config import ExchangeConfig
from pipelines.homes.lease import SECONDS, Lease, take_lease


@dataclass(frozen=True)
class Hold:
    """A plan's home that is this process's to work on."""

    config: ExchangeConfig
    """The plan's configuration, with the home where it lies on this machine."""
    lease: Lease | None = None
    """What keeps other machines away; none where a home is worked on by one machine, whose run lock does."""

    def refuse_lost(self) -> None:
        """Stop before anything is done that others see, unless the home is held for certain.

        Raises
        ------
        LeaseLost
            S11.
        """
        if self.lease is not None:
            self.lease.refuse_lost()


@contextmanager
def hold(
    config: ExchangeConfig,
    *,
    database: str | None,
    holder: str,
    patience: float = 0.0,
    sleep: Callable[[float], None] = time.sleep,
    seconds: float = SECONDS,
) -> Iterator[Hold]:
    """Hold a plan's home while the block works on it.

    Without a `database` the plan has one machine, and its run lock guards the home by itself. With one, machines share
    it, and the one that works on the home holds a lease of `seconds`; `holder` is a run's id or a command's name. What
    another holds is waited for up to `patience` seconds.

    Raises
    ------
    AnotherRunActive
        S10, when another still holds it then.
    DatabaseUnreachable
        S12, when the database does not answer.
    """
    if database is None:
        yield Hold(config)
        return
    with take_lease(database, config.plan.id, holder, seconds=seconds, patience=patience, sleep=sleep) as lease:
        yield Hold(config, lease)
