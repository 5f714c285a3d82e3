"""What nights run by: the job over all tables of a night, and schedules that ask for one partition a tick."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from dagster_project.partitions import earlier_first


def job_of_nights(nights: dg.PartitionsDefinition[str]) -> UnresolvedAssetJobDefinition:
    """Return the job over all assets but those of a month, a run for each of the partitions."""
    return dg.define_asset_job(
        "nightly_exchange",
        selection=dg.AssetSelection.all() - dg.AssetSelection.assets(["facts", "reports"]),
        config=earlier_first(nights),
        description="Everything that arrived becomes facts; providers find what is new for them before the day begins.",
        # On another machine there is nothing of what the steps before a crash derived: a night always begins anew.
        tags={"dagster/retry_strategy": "ALL_STEPS"},
    )


def schedule_of(
    job: UnresolvedAssetJobDefinition,
    *,
    name: str,
    cron: str,
    zone: str,
    partition: Callable[[date], str],
    description: str,
    tags: Mapping[str, str] | None = None,
) -> dg.ScheduleDefinition:
    """Ask at each tick, once, for the partition that belongs to the day of the tick by the clocks of `zone`."""

    def ask(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        wanted = partition(context.scheduled_execution_time.astimezone(ZoneInfo(zone)).date())
        return dg.RunRequest(run_key=wanted, partition_key=wanted)

    return dg.ScheduleDefinition(
        name=name,
        job=job,
        cron_schedule=cron,
        execution_timezone=zone,
        execution_fn=ask,
        description=description,
        tags=tags,
    )
