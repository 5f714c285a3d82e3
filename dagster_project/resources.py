"""The plan's home as a resource: configuration and warehouse, opened for one step at a time and under the run lock."""

from __future__ import annotations

import ipaddress
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

import dagster as dg
from pydantic import Field, PrivateAttr

from dagster_project.partitions import one_night
from pipelines.config import ExchangeConfig, read_config, read_roster
from pipelines.containment import write_for_the_owner_alone
from pipelines.delivery.outbox import waiting
from pipelines.delivery.send import provider_endpoints, source_endpoints
from pipelines.nightly import Night, StationResult, refuse_the_past
from pipelines.runs import problems_of
from pipelines.warehouse import Warehouse, open_warehouse
from schemas.problems import AnotherRunActive, ConfigurationError, ExchangeError

CONFIG_VARIABLE = "ECM_EXCHANGE_CONFIG"
FLEET_VARIABLE = "ECM_EXCHANGE_FLEET"
DELIVER_VARIABLE = "ECM_EXCHANGE_DELIVER"

PATIENCE = 1800.0
"""Seconds that a step waits for its home, unless told otherwise."""

_LOOK_AGAIN = 5.0
"""Seconds between two looks whether the home is free."""


class Exchange(dg.ConfigurableResource[None], ABC):
    """What the steps of a run ask for the home that they work on: that of the only plan, or of one of a fleet."""

    @abstractmethod
    def of(self, partitions: Sequence[str]) -> ExchangeHome:
        """Return the home of the plan that the partitions of a run name."""

    def at(self, partitions: Sequence[str]) -> tuple[ExchangeHome, date]:
        """Return home and business date of a run.

        Raises
        ------
        ExchangeError
            When it was asked for several nights at once, or when its plan cannot be worked on.
        """
        on = one_night(partitions)
        return self.of(partitions), on

    def let_go(self) -> None:
        """Let others work on the home again when the night has ended; that of an only plan is free between steps."""


class ExchangeHome(Exchange):
    """One plan's exchange: where its configuration is, and whether this machine may deliver to partners."""

    config_file: str = Field(description="Path of `exchange.toml`.")
    plan: str = Field(default="", description="Its id in the fleet; empty where it is the only plan.")
    deliver_to_partners: bool = Field(
        default=False,
        description=f"Deliver to hosts other than loopback; {DELIVER_VARIABLE}=1 allows it. A laptop sends nothing.",
    )
    patience: float = Field(
        default=PATIENCE,
        description="Seconds that a step waits while another process, such as `ecm-exchange run`, works on the home.",
    )
    _problems: list[str] | None = PrivateAttr(default=None)
    _done: list[StationResult] = PrivateAttr(default_factory=list)

    @classmethod
    def from_environment(cls, patience: float = PATIENCE) -> ExchangeHome:
        """Take configuration and leave to deliver from the environment, as a deployment sets them."""
        return cls(
            config_file=str(configured_path().absolute()),
            deliver_to_partners=os.environ.get(DELIVER_VARIABLE) == "1",
            patience=patience,
        )

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:  # noqa: ARG002 - Dagster's signature
        """Begin a run: everything it writes is for this user alone."""
        write_for_the_owner_alone()
        self._problems, self._done = None, []

    def of(self, partitions: Sequence[str]) -> ExchangeHome:  # noqa: ARG002 - whatever the run is for
        """Return itself: there is no other plan."""
        return self

    def told_at_end(self, on: date) -> Iterator[dg.AssetMaterialization]:  # noqa: ARG002 - of any night
        """Yield what the end of a night tells beside its tables: of a plan that is the only one there is nothing."""
        yield from ()

    @property
    def done(self) -> list[StationResult]:
        """The stations that this run has been at."""
        return self._done

    def read_config(self) -> ExchangeConfig:
        """Read the plan's configuration."""
        return read_config(Path(self.config_file))

    @contextmanager
    def night(self, business_date: date) -> Iterator[Night]:
        """Open the warehouse for one station; problems of the stations before are still known.

        A run that begins in the middle of a night, to deliver again or to go on after a failure, knows those that the
        night's last run told.

        Raises
        ------
        ExchangeError
            When a later night has been run, when the configuration is wrong, or when another run stays active.
        """
        config = self.read_config()
        roster = read_roster(config.delivery.providers)
        with self.warehouse(config) as warehouse:
            refuse_the_past(warehouse, business_date)
            if self._problems is None:
                self._problems = problems_of(warehouse, business_date)
            yield Night(warehouse, config, roster, business_date, sleep=self.sleep, problems=self._problems)

    @contextmanager
    def last_night(self) -> Iterator[Night]:
        """Open the warehouse as the last night left it, to ask it something.

        Raises
        ------
        ExchangeError
            When there has been none, when the configuration is wrong, or when another run stays active.
        """
        config = self.read_config()
        roster = read_roster(config.delivery.providers)
        with self.warehouse(config) as warehouse:
            last = warehouse.value("SELECT max(business_date) FROM ledger.runs WHERE status <> 'LOST'")
            if last is None:
                raise ExchangeError("D02", "no night has been run yet", remedy="Run `ecm-exchange run` first.")
            yield Night(warehouse, config, roster, last)

    @contextmanager
    def warehouse(self, config: ExchangeConfig) -> Iterator[Warehouse]:
        """Open the live store as soon as no other process is at work on it.

        Raises
        ------
        AnotherRunActive
            When one still is after `patience`.
        """
        with ExitStack() as stack:
            yield self._opened(stack, config)

    def _opened(self, stack: ExitStack, config: ExchangeConfig) -> Warehouse:
        waited = 0.0
        while True:
            try:
                return stack.enter_context(open_warehouse(config.home, config.backups))
            except AnotherRunActive as other:
                if waited >= self.patience:
                    raise
                if not waited:
                    dg.get_dagster_logger().info(f"{other.what}: waiting for it to end")
            self.sleep(_LOOK_AGAIN)
            waited += _LOOK_AGAIN

    def sleep(self, seconds: float) -> None:
        """Wait for a file to rest, for another run to end, or before a partner is tried again."""
        time.sleep(seconds)

    def refuse_partners(self, night: Night) -> None:
        """Stop before anything is sent to a partner from a machine that was not told to.

        Raises
        ------
        ConfigurationError
            When something waits for a host other than loopback and `deliver_to_partners` is off.
        """
        if self.deliver_to_partners:
            return
        endpoints = provider_endpoints(night.roster, night.config)
        endpoints |= source_endpoints(night.config)
        outside = [
            name
            for name, endpoint in endpoints.items()
            if not _is_loopback(endpoint.host) and waiting(night.warehouse, name)
        ]
        if outside:
            raise ConfigurationError(
                "K02",
                f"files wait for {len(outside)} partners, and this machine was not told to deliver to partners",
                remedy=f"Nothing was sent. Set {DELIVER_VARIABLE}=1 where the exchange really runs.",
            )


def configured_path() -> Path:
    """Where the environment says the configuration is."""
    return Path(os.environ.get(CONFIG_VARIABLE, "exchange.toml"))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
