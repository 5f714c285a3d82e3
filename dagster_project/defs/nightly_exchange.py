"""The night: one job over all assets but those of a month, and its schedule, one run for each business date."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import dagster as dg

from dagster_project.partitions import EARLIER_FIRST, TIME_ZONE

nightly_exchange = dg.define_asset_job(
    "nightly_exchange",
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets(["facts", "reports"]),
    config=EARLIER_FIRST,
    description="Everything that arrived becomes facts; providers find what is new for them before the day begins.",
)


@dg.schedule(
    name="nightly_exchange",
    job=nightly_exchange,
    cron_schedule="45 3 * * *",
    execution_timezone=TIME_ZONE,
    description="Every night at 03:45, weekends included: files arrive then too. The business date is that of the "
    "tick.",
)
def nightly_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Ask for the partition of the day the tick belongs to, once."""
    business_date = context.scheduled_execution_time.astimezone(ZoneInfo(TIME_ZONE)).date().isoformat()
    return dg.RunRequest(run_key=business_date, partition_key=business_date)
