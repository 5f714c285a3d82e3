"""Each plan as an asset of its own: whether its night was there in time, by its own clock, and how it stands since.

Dagster asks of an asset, not of its partitions, whether it is fresh. So the graph has, beside the tables of all plans,
an asset for each plan; the last step of a night tells of it what `ecm-exchange fleet status` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta

import dagster as dg

from pipelines.fleet import Fleet, PlanStanding
from pipelines.fleet.read import FleetPlan


def plans_of(fleet: Fleet) -> Iterator[dg.AssetSpec]:
    """Describe each plan."""
    for plan in fleet.plans:
        yield dg.AssetSpec(
            key_of(plan.id),
            group_name="plans",
            kinds={"sftp"},
            owners=["team:data-exchange"],
            description=f"Was the night of {plan.id} there by {plan.done_by:%H:%M}? It begins at "
            f"{plan.begins_at:%H:%M}, {plan.timezone}, and its last step tells here how the plan stands.",
            freshness_policy=_by(plan),
            tags={"plan": plan.id},
        )


def key_of(plan: str) -> dg.AssetKey:
    """Return the key of a plan's own asset."""
    return dg.AssetKey(["plans", plan])


def told(plan: str, standing: PlanStanding) -> dg.AssetMaterialization:
    """Tell how a plan stands after its night: counts and codes, and nobody's name."""
    figures = {name: value for name, value in asdict(standing).items() if isinstance(value, int)}
    says = {"stands": standing.stands.value, "says": standing.says, "do": standing.do or "nothing"}
    return dg.AssetMaterialization(key_of(plan), metadata={"night": str(standing.night), **says, **figures})


def _by(plan: FleetPlan) -> dg.FreshnessPolicy:
    by = plan.done_by
    return dg.FreshnessPolicy.cron(
        deadline_cron=f"{by.minute} {by.hour} * * *",
        lower_bound_delta=timedelta(hours=by.hour, minutes=by.minute),
        timezone=plan.timezone,
    )
