"""Holding a plan's home: whoever works on it says so first, in a way that reaches as far as the home does.

A home that is kept in a depot is brought here meanwhile.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from pipelines.config import ExchangeConfig
from pipelines.homes.brought import brought, copy_of, depot_of
from pipelines.homes.fetch import fetch_published
from pipelines.homes.held import Stays, holding, reading
from pipelines.homes.lease import SECONDS, Lease, take_lease
from pipelines.homes.leases import standing
from schemas.problems import ConfigurationError


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
    secrets: Mapping[str, str] | None = None,
) -> Iterator[Hold]:
    """Hold a plan's home while the block works on it.

    Without a `database` the plan has one machine, and its run lock guards the home by itself. With one, machines share
    it, and the one that works on the home holds a lease of `seconds`; `holder` is a run's id or a command's name. What
    another holds is waited for up to `patience` seconds.

    Of a home that is kept in a depot, `config.home` is the copy on this machine while the block runs. `secrets` open
    the depot; those of this process's environment unless given.

    Raises
    ------
    AnotherRunActive
        S10, when another still holds it then.
    DatabaseUnreachable
        S12, when the database does not answer.
    ConfigurationError
        S26, when the home is kept in a depot and there is no database.
    DepotFault
        S22 to S25, when the home cannot be brought here or back.
    """
    if database is None:
        if config.paths.depot is not None:
            raise without_leases(config.plan.id)
        yield Hold(config)
        return
    with (
        take_lease(database, config.plan.id, holder, seconds=seconds, patience=patience, sleep=sleep) as lease,
        _at_hand(config, lease, os.environ if secrets is None else secrets),
    ):
        yield Hold(config, lease)


@contextmanager
def hold_published(config: ExchangeConfig, *, database: str | None, secrets: Mapping[str, str]) -> Iterator[None]:
    """Have what a plan published last here for reading while the block runs, whoever works on its home.

    Without a `database` nobody can say of a night that was begun whether it was broken off: it counts as at work.

    Raises
    ------
    DepotFault
        S22 or S23.
    """
    if config.paths.depot is None:
        yield
        return
    now = standing(database, config.plan.id) if database is not None else None
    place = copy_of(config, os.environ).with_name("published")
    with depot_of(config, secrets) as depot:
        fetch_published(depot, place)
    with reading(config.plan.id, place, is_at_work=now is None or now.is_alive):
        yield


def without_leases(plan: str) -> ConfigurationError:
    """Say that a home that moves cannot be held without a database that says who has it."""
    return ConfigurationError(
        "S26", "its home is kept in a depot, and no database says who may work on it", where=plan,
        remedy="Set ECM_EXCHANGE_DATABASE to the address of the fleet's PostgreSQL.",
    )  # fmt: skip


@contextmanager
def _at_hand(config: ExchangeConfig, lease: Lease, secrets: Mapping[str, str]) -> Iterator[None]:
    if config.paths.depot is None:
        with holding(config.plan.id, config.home, Stays(lease.refuse_lost)):
            yield
    else:
        with brought(config, lease, copy_of(config, os.environ), secrets):
            yield
