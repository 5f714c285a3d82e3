"""Business dates, the partitions of every asset of a night, today's included; and months, of what is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import dagster as dg

from schemas.problems import ExchangeError

PLAN_TAG = "dagster/partition/plan"
"""Names the plan of a run in a fleet: Dagster's own tag for that dimension of its partition."""

TIME_ZONE = "America/Los_Angeles"
"""Where all Medi-Cal plans keep their calendar; a schedule must know it before any configuration is read."""


def business_dates(zone: str) -> dg.DailyPartitionsDefinition:
    """Return the business dates by the clocks of a time zone, today's included."""
    return dg.DailyPartitionsDefinition(start_date="2026-10-01", timezone=zone, end_offset=1)


def business_date_now(zone: str) -> date:
    """Return the date that it is now by the clocks of a time zone."""
    return date.fromisoformat(str(business_dates(zone).get_last_partition_key()))


BUSINESS_DATES = business_dates(TIME_ZONE)

BEFORE_BUSINESS = dg.FreshnessPolicy.cron(
    deadline_cron="0 7 * * *", lower_bound_delta=timedelta(hours=7), timezone=TIME_ZONE
)
"""Providers look into their folders when their day begins; a night that did not run shows here, not by silence."""


def months(zone: str) -> dg.MonthlyPartitionsDefinition:
    """Return the months that are over by the clocks of a time zone."""
    return dg.MonthlyPartitionsDefinition(start_date="2026-10-01", timezone=zone)


MONTHS = months(TIME_ZONE)


def earlier_first(nights: dg.PartitionsDefinition[str]) -> dg.PartitionedConfig[dg.PartitionsDefinition[str]]:
    """Let of the nights that wait in the queue the earliest go first: one that a later night overtook is refused."""
    return dg.PartitionedConfig(
        partitions_def=nights,
        run_config_for_partition_key_fn=lambda _: {},
        tags_for_partition_key_fn=lambda night: {"dagster/priority": str(-day_of(night).toordinal())},
    )


def day_of(partition: str) -> date:
    """Return the day of a partition; that of a fleet names its plan after it, as in `2026-11-04|VALLEY`."""
    return date.fromisoformat(partition.split("|", maxsplit=1)[0])


def one_night(partitions: Sequence[str]) -> date:
    """Return the business date of a run.

    Raises
    ------
    ExchangeError
        When it was asked for several at once: each night is computed from what the one before it delivered.
    """
    if len(partitions) != 1:
        raise ExchangeError(
            "K05",
            f"a run is one night, and this one was asked for {len(partitions)}",
            remedy="Nothing was done. Launch a backfill of these dates, with one run for each.",
        )
    return day_of(partitions[0])
