"""When each plan's night begins, by its own clock; and the month of every plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from dagster_project.fleet.partitions import partition_of
from dagster_project.schedules import schedule_of
from pipelines.fleet import Fleet
from pipelines.reporting.months import Month

TAG = "ecm/plan"
"""On schedules and sensors: whose they are."""


def schedules_of(
    fleet: Fleet, nightly: UnresolvedAssetJobDefinition, monthly: UnresolvedAssetJobDefinition
) -> Iterator[dg.ScheduleDefinition]:
    """Ask for the night of each plan at its own hour, and on the second of a month for every plan's month before it."""
    for plan in fleet.plans:
        begins = plan.begins_at
        yield schedule_of(
            nightly,
            name=f"nightly_exchange_{plan.id}",
            cron=f"{begins.minute} {begins.hour} * * *",
            zone=plan.timezone,
            partition=partial(_night, plan.id),
            description=f"Every night of {plan.id} at {begins:%H:%M} by its own clock, weekends included. The business "
            "date is that of the tick.",
            tags={TAG: plan.id},
        )
        yield schedule_of(
            monthly,
            name=f"monthly_report_{plan.id}",
            cron="0 9 2 * *",
            zone=plan.timezone,
            partition=partial(_month, plan.id),
            description=f"On the second of each month at 09:00, for the month of {plan.id} before: it is due on the "
            "tenth.",
            tags={TAG: plan.id},
        )


def _night(plan: str, today: date) -> str:
    return partition_of(today, plan)


def _month(plan: str, today: date) -> str:
    return partition_of(Month.before(today).first, plan)
