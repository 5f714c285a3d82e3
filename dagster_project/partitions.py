"""Business dates, the partitions of every asset of a night, today's included; and months, of what is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import dagster as dg

from schemas.problems import ExchangeError

TIME_ZONE = "America/Los_Angeles"
"""Where all Medi-Cal plans keep their calendar; a schedule must know it before any configuration is read."""

BUSINESS_DATES = dg.DailyPartitionsDefinition(start_date="2026-10-01", timezone=TIME_ZONE, end_offset=1)

BEFORE_BUSINESS = dg.FreshnessPolicy.cron(
    deadline_cron="0 7 * * *", lower_bound_delta=timedelta(hours=7), timezone=TIME_ZONE
)
"""Providers look into their folders when their day begins; a night that did not run shows here, not by silence."""

MONTHS = dg.MonthlyPartitionsDefinition(start_date="2026-10-01", timezone=TIME_ZONE)
"""Months that are over."""


def _earlier_first(night: str) -> dict[str, str]:
    return {"dagster/priority": str(-date.fromisoformat(night).toordinal())}


EARLIER_FIRST: dg.PartitionedConfig[dg.PartitionsDefinition[str]] = dg.PartitionedConfig(
    partitions_def=BUSINESS_DATES,
    run_config_for_partition_key_fn=lambda _: {},
    tags_for_partition_key_fn=_earlier_first,
)
"""Of the nights that wait in the queue the earliest goes first: one that a later night has overtaken is refused."""


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
    return date.fromisoformat(partitions[0])
