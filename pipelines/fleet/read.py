"""Read `fleet.toml`: which plans there are, and where the configuration of each one lies."""

from __future__ import annotations

from collections import Counter
from datetime import time
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from pipelines.config.document import Raw, read_document
from pipelines.config.model import known_zone
from pipelines.config.table import Table
from schemas.problems import ConfigurationError


class FleetPlan(Table):
    """One plan of the fleet."""

    id: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,10}$")]
    """As `[plan] id` of its own configuration says it: another plan's file is refused."""
    config: Path
    environment: Path | None = None
    """A file of `NAME=VALUE` lines that only its night sees: addresses of alerts, keys of its depot."""
    timezone: Annotated[str, AfterValidator(known_zone)] = "America/Los_Angeles"
    """As its own configuration says it: the schedule must know it before that is read."""
    begins_at: time = time(3, 45)
    """When its night begins, by its time zone."""
    done_by: time = time(7)
    """When its night must have ended, by its time zone; before that nobody calls it late."""
    queue: Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$")] = "nights"
    """The queue of workers that run its nights: one of its own where they run under an account of its own."""

    @model_validator(mode="after")
    def _ends_on_the_day_it_begins(self) -> Self:
        if self.begins_at >= self.done_by:
            raise ValueError("`begins_at` must be before `done_by`: a night belongs to the day on which it begins")
        if self.begins_at.second or self.begins_at.microsecond:
            raise ValueError("`begins_at` must be a whole minute")
        return self


class Fleet(Table):
    """All of `fleet.toml`, with paths made absolute."""

    name: str
    unconfined: bool = False
    """Whether nights may run where the kernel cannot confine a process to its plan."""
    plans: tuple[FleetPlan, ...] = Field(min_length=1)
    lease_seconds: float = Field(default=30, ge=1, le=600)
    """For which a worker holds a plan's home unless it says again that it is there; then another may go on."""

    @model_validator(mode="after")
    def _plans_are_named_once(self) -> Self:
        for what, named in (("id", [plan.id for plan in self.plans]), ("config", [plan.config for plan in self.plans])):
            if (twice := Counter(named).most_common(1)[0])[1] > 1:
                raise ValueError(f"two [[plans]] tables have the {what} {twice[0]}")
        return self

    def plan(self, named: str) -> FleetPlan:
        """Find a plan by its id.

        Raises
        ------
        ConfigurationError
            S06 when the fleet has none of that id.
        """
        for plan in self.plans:
            if plan.id == named:
                return plan
        raise ConfigurationError(
            "S06",
            "the fleet file names no plan of this id",
            remedy=f"Say one of {', '.join(plan.id for plan in self.plans)}, or add it to the fleet file.",
        )

    def of_queue(self, queue: str) -> Self:
        """Leave out the plans of other queues; all of them may be."""
        return self.model_copy(update={"plans": tuple(plan for plan in self.plans if plan.queue == queue)})


def read_fleet(path: Path) -> Fleet:
    """Read the fleet; relative paths are taken from the file's folder, and no plan's configuration is read.

    Raises
    ------
    ConfigurationError
        With all mistakes at once, each with its line.
    """
    base = path.parent.resolve()

    def complete(raw: Raw) -> Fleet:
        fleet = Fleet.model_validate(raw)
        return fleet.model_copy(update={"plans": tuple(_placed(plan, base) for plan in fleet.plans)})

    return read_document(
        path,
        Fleet,
        complete,
        what="fleet file",
        if_missing="Name it with --fleet; docs/fleet.md shows what stands in one.",
        then="then `ecm-exchange fleet status`",
    )


def _placed(plan: FleetPlan, base: Path) -> FleetPlan:
    environment = base / plan.environment if plan.environment is not None else None
    return plan.model_copy(update={"config": base / plan.config, "environment": environment})
