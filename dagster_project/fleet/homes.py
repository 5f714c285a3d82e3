"""The homes of a fleet as a resource: a run names its plan, and reads nothing of any other."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import dagster as dg
from pydantic import Field, PrivateAttr

from dagster_project.failures import safely
from dagster_project.fleet.partitions import plan_of
from dagster_project.fleet.plans import told
from dagster_project.resources import DELIVER_VARIABLE, FLEET_VARIABLE, PATIENCE, Exchange, ExchangeHome
from pipelines.containment import write_for_the_owner_alone
from pipelines.fleet import read_fleet
from pipelines.fleet.own import as_plan
from pipelines.fleet.read import FleetPlan
from pipelines.fleet.standing import standing_of
from pipelines.homes.confine import confine, is_told, place_of
from pipelines.homes.hold import hold
from pipelines.homes.variables import DATABASE_VARIABLE
from schemas.problems import ExchangeError

WORKER_TAG = "ecm/worker"
"""On a run: which worker has it, or had."""

WORKER_VARIABLE = "ECM_EXCHANGE_WORKER"
"""What the worker is called whose process this is; a worker sets it for its runs."""


class PlanHome(ExchangeHome):
    """The exchange of one plan of a fleet."""

    _told: FleetPlan = PrivateAttr()

    @classmethod
    def of_fleet(cls, plan: FleetPlan, *, deliver_to_partners: bool, patience: float) -> PlanHome:
        """Make the home of a plan that this process is."""
        home = cls(
            config_file=str(plan.config), plan=plan.id, deliver_to_partners=deliver_to_partners, patience=patience
        )
        home._told = plan
        return home

    def told_at_end(self, on: date) -> Iterator[dg.AssetMaterialization]:
        """Yield how the plan stands, once the night is there."""
        standing = standing_of(self._told, self.read_config(), on)
        if standing.night is not None and standing.night >= on:
            yield told(self.plan, standing)


class FleetHomes(Exchange):
    """The exchanges of many plans, of which a run works on one; no plan's configuration is read before that."""

    fleet_file: str = Field(description="Path of `fleet.toml`.")
    deliver_to_partners: bool = Field(
        default=False,
        description=f"Deliver to hosts other than loopback; {DELIVER_VARIABLE}=1 allows it. A laptop sends nothing.",
    )
    patience: float = Field(
        default=PATIENCE,
        description="Seconds that a step waits while another process, such as `ecm-exchange run`, works on the home.",
    )
    _home: ExchangeHome | None = PrivateAttr(default=None)
    _held: ExitStack = PrivateAttr(default_factory=ExitStack)
    _run: str = PrivateAttr(default="")

    @classmethod
    def from_environment(cls, patience: float = PATIENCE) -> FleetHomes:
        """Take fleet file and leave to deliver from the environment, as a deployment sets them."""
        return cls(
            fleet_file=str(fleet_path().absolute()),
            deliver_to_partners=os.environ.get(DELIVER_VARIABLE) == "1",
            patience=patience,
        )

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Begin a run: everything it writes is for this user alone."""
        write_for_the_owner_alone()
        self._home, self._held, self._run = None, ExitStack(), context.run.run_id if context.run is not None else ""
        worker = os.environ.get(WORKER_VARIABLE)
        if worker and self._run and context.instance is not None:
            context.instance.add_run_tags(self._run, {WORKER_TAG: worker})

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:  # noqa: ARG002 - Dagster's signature
        """End a run, wherever it ended: let go of the plan's home."""
        safely(self.let_go)

    def let_go(self) -> None:
        """Let others work on the plan's home again."""
        self._home = None
        self._held.close()

    def of(self, partitions: Sequence[str]) -> ExchangeHome:
        """Return the home of the run's plan; at first, make this process the plan's until the run ends.

        Raises
        ------
        ExchangeError
            S06 when the fleet has no such plan, S07 when the run names none, and whatever is wrong with the plan.
        """
        if not partitions:
            raise ExchangeError(
                "S07",
                "a question about a fleet was asked without naming a plan",
                remedy="Nothing was done. Launch the table for a plan and its last date: that asks again.",
            )
        if self._home is None:
            self._home = self._enter(plan_of(partitions[0]))
        return self._home

    def _enter(self, named: str) -> ExchangeHome:
        file = Path(self.fleet_file)
        fleet = read_fleet(file)
        plan = fleet.plan(named)
        config = self._held.enter_context(as_plan(plan))
        if is_told(os.environ):
            confine(plan, config, fleet=fleet, place=place_of(file, os.environ), environment=os.environ)
        self._held.enter_context(
            hold(
                config,
                database=os.environ.get(DATABASE_VARIABLE),
                holder=self._run,
                patience=self.patience,
                seconds=fleet.lease_seconds,
            )
        )
        return PlanHome.of_fleet(plan, deliver_to_partners=self.deliver_to_partners, patience=self.patience)


def fleet_path() -> Path:
    """Where the environment says the fleet file is."""
    return Path(os.environ.get(FLEET_VARIABLE, "fleet.toml"))
