"""What a night cannot tell itself: a run that was ended, or refused before its first station; a missing night."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg

from dagster_project.defs.nightly_exchange import nightly_exchange
from dagster_project.failures import safely, safely_in_a_tick
from dagster_project.partitions import PLAN_TAG, day_of
from dagster_project.resources import ExchangeHome
from pipelines import alerts
from pipelines.config import Addressees, read_addressees

_OF_NIGHTS = (nightly_exchange.name, "__ASSET_JOB")
"""Jobs by which nights run: the second one is Dagster's own name for what is launched from the graph itself."""

Why = tuple[str, str, str]
"""Code, sentence and remedy of a problem."""

_REPORTS = frozenset({dg.AssetKey(["facts", "reports"])})
"""What has months for partitions."""


@dg.run_failure_sensor(
    name="lost_runs",
    description="Tells whom `[[alerts]]` names of a run that was ended or failed where the night could not tell of it "
    "itself: killed, out of time, refused before its first station.",
)
def lost_runs(context: dg.RunFailureSensorContext, exchange: ExchangeHome) -> dg.SkipReason:
    """Tell of a run that ended, unless the night itself has told why it stopped."""
    return tell_of_run(context, lambda on, why: alerts.tell_of_lost_run(_addressees(exchange), on, os.environ, why))


def tell_of_run(
    context: dg.RunFailureSensorContext, tell: Callable[[date, Why | None], Sequence[str]], of: str = ""
) -> dg.SkipReason:
    """Tell of the run of a night that ended, where it was one of the plan `of` in a fleet, or of the only plan."""
    run = context.dagster_run
    if run.job_name not in _OF_NIGHTS or run.asset_selection == _REPORTS or run.tags.get(PLAN_TAG, "") != of:
        return dg.SkipReason(f"It was no run of a night{of and f' of {of}'}.")
    night = run.tags.get("dagster/partition")
    if night is None:
        return dg.SkipReason("It was asked for several nights at once (K05): whoever launched it sees that.")
    on = day_of(night)
    untold = safely(lambda: tell(on, _why(context)))
    return dg.SkipReason(" ".join(untold) or f"Whoever is told of stopped nights knows of that of {on}.")


@dg.sensor(
    name="missed_nights",
    minimum_interval_seconds=600,
    description="Looks every ten minutes whether the night of today is there, and tells whom `[[alerts]]` names, once "
    "the hour has come that stands there, of one that is not, and of files that have not arrived.",
)
def missed_nights(exchange: ExchangeHome) -> dg.SkipReason:
    """Tell of a night that is missing by its hour."""
    seen = safely_in_a_tick(lambda: alerts.check(_addressees(exchange), datetime.now(UTC), os.environ))
    return dg.SkipReason(" ".join((f"{seen.sentence()}.", *seen.untold)))


def _addressees(exchange: ExchangeHome) -> Addressees:
    """Who is told, also where the rest of the configuration is what is wrong."""
    return read_addressees(Path(exchange.config_file)) or exchange.read_config().addressees


def _why(context: dg.RunFailureSensorContext) -> Why | None:
    """The problem of the step that failed, where the exchange gave it a code."""
    for event in context.get_step_failure_events():
        failure = event.step_failure_data.user_failure_data
        told = failure.metadata if failure is not None else {}
        if {"code", "what", "remedy"} <= told.keys():
            return str(told["code"].value), str(told["what"].value), str(told["remedy"].value)
    return None
