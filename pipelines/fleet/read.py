"""Read `fleet.toml`: which plans there are, and where the configuration of each one lies."""

from __future__ import annotations

from collections import Counter
from datetime import time
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from pipelines.config.document import Raw, read_document
from pipelines.config.table import Table


class FleetPlan(Table):
    """One plan of the fleet."""

    id: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,10}$")]
    """As `[plan] id` of its own configuration says it: another plan's file is refused."""
    config: Path
    done_by: time = time(7)
    """When its night must have ended, by its own time zone; before that nobody calls it late."""


class Fleet(Table):
    """All of `fleet.toml`, with paths made absolute."""

    name: str
    plans: tuple[FleetPlan, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _plans_are_named_once(self) -> Self:
        for what, named in (("id", [plan.id for plan in self.plans]), ("config", [plan.config for plan in self.plans])):
            if (twice := Counter(named).most_common(1)[0])[1] > 1:
                raise ValueError(f"two [[plans]] tables have the {what} {twice[0]}")
        return self


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
        plans = (plan.model_copy(update={"config": base / plan.config}) for plan in fleet.plans)
        return fleet.model_copy(update={"plans": tuple(plans)})

    return read_document(
        path,
        Fleet,
        complete,
        what="fleet file",
        if_missing="Name it with --fleet; docs/fleet.md shows what stands in one.",
        then="then `ecm-exchange fleet status`",
    )
