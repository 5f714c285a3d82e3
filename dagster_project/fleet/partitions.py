"""Partitions of a fleet: business dates and months as ever, and beside each of them the plan."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import dagster as dg

from dagster_project.partitions import business_dates, months
from pipelines.fleet import Fleet

DATE, MONTH, PLAN = "date", "month", "plan"


def nights_of(fleet: Fleet) -> dg.MultiPartitionsDefinition:
    """Return the nights of all plans; a date is there as soon as it has begun for the first of them."""
    return dg.MultiPartitionsDefinition({DATE: business_dates(_foremost(fleet)), PLAN: _plans(fleet)})


def months_of(fleet: Fleet) -> dg.MultiPartitionsDefinition:
    """Return the months that are over, of all plans."""
    return dg.MultiPartitionsDefinition({MONTH: months(_foremost(fleet)), PLAN: _plans(fleet)})


def partition_of(day: date, plan: str) -> str:
    """Name a plan's night, or its month by the first day."""
    return f"{day}|{plan}"


def plan_of(partition: str) -> str:
    """Return the plan that a partition names."""
    return partition.split("|")[1]


def _plans(fleet: Fleet) -> dg.StaticPartitionsDefinition:
    return dg.StaticPartitionsDefinition([plan.id for plan in fleet.plans])


def _foremost(fleet: Fleet) -> str:
    """Return the time zone in which a day begins first."""
    return max((plan.timezone for plan in fleet.plans), key=lambda zone: (_ahead(zone), zone))


def _ahead(zone: str) -> float:
    """Tell how far its clocks are ahead of others', in summer and winter together."""
    offsets = (datetime(2026, month, 1, tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset() for month in (1, 7))
    return sum(offset.total_seconds() for offset in offsets if offset is not None)
