"""The fleet file as pods see it: the same plans, each where its folder lies in the pods of its queue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import time
from pathlib import PurePosixPath
from typing import Any

from pipelines.fleet.read import Fleet, FleetPlan

PLANS = PurePosixPath("/srv/plans")
"""Where the folders of plans lie in a pod, each under the plan's id."""
ENVIRONMENT = "secrets.env"
"""The plan's `environment`, among its keys."""


def fleet_file(fleet: Fleet) -> str:
    """Write it; whatever does not depend on the machine is as the fleet's own file says it."""
    head = fleet.model_dump(exclude={"plans"}, exclude_defaults=True)
    tables = (line for plan in fleet.plans for line in ("", "[[plans]]", *_lines(_in_a_pod(plan))))
    return "\n".join([*_lines(head), *tables, ""])


def _in_a_pod(plan: FleetPlan) -> dict[str, Any]:
    folder = PLANS / plan.id
    placed: dict[str, Any] = {"config": folder / "exchange.toml"}
    if plan.environment is not None:
        placed["environment"] = folder / "keys" / ENVIRONMENT
    return plan.model_dump(exclude_defaults=True) | placed


def _lines(table: dict[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        match value:
            case bool() | int() | float():
                yield f"{key} = {json.dumps(value)}"
            case time():
                yield f"{key} = {value.isoformat()}"
            case _:
                yield f"{key} = {json.dumps(str(value), ensure_ascii=False)}"
