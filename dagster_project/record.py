"""Runs nights through Dagster in this process, so that they stand in the UI as any other run.

`python -m dagster_project.record --config exchange.toml --date 2026-10-28` leaves stdout empty: the exit code tells how
it went, and stderr what stopped a station. Without `--date` it runs the date of each line that it reads, and answers
with a line that tells the exit code. With `--fleet fleet.toml --plan VALLEY` instead of `--config` it runs nights of a
plan of a fleet, and they stand in the fleet's UI.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import dagster as dg

from dagster_project.definitions import assemble
from dagster_project.fleet.definitions import assemble_fleet
from dagster_project.fleet.home import environment_of_fleet
from dagster_project.fleet.homes import FleetHomes
from dagster_project.fleet.partitions import partition_of
from dagster_project.home import environment_of
from dagster_project.resources import ExchangeHome
from pipelines.containment import contain
from pipelines.fleet import read_fleet
from schemas.problems import ExchangeError, ExitCode
from schemas.visible import visible

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def record(config: Path, business_date: date) -> ExitCode:
    """Run the night of `business_date` and keep its events in `<home>/dagster`.

    Raises
    ------
    ConfigurationError
        When the configuration is missing or wrong.
    """
    os.environ.update(environment_of(config))
    return _run(assemble(ExchangeHome.from_environment(patience=0.0)), business_date.isoformat())


def record_of_fleet(fleet: Path, plan: str, business_date: date) -> ExitCode:
    """Run a plan's night of `business_date` and keep its events in the folder of the fleet.

    Raises
    ------
    ConfigurationError
        When the fleet file is missing or wrong, or names no such plan.
    """
    os.environ.update(environment_of_fleet(fleet))
    read_fleet(fleet).plan(plan)
    return _run(assemble_fleet(FleetHomes.from_environment(patience=0.0)), partition_of(business_date, plan))


def _run(definitions: dg.Definitions, partition: str) -> ExitCode:
    tracebacks = logging.getLogger("dagster.redacted_errors")
    tracebacks.addHandler(logging.NullHandler())
    tracebacks.propagate = False  # the problems themselves are told below
    with dg.DagsterInstance.get() as instance:
        result = definitions.resolve_job_def("nightly_exchange").execute_in_process(
            partition_key=partition, instance=instance, run_config=_QUIET, raise_on_error=False
        )
    for event in result.all_events:
        if event.is_step_failure:
            sys.stderr.write(visible(f"{event.step_key}: {_problem(event)}\n"))
    return ExitCode.OK if result.success else ExitCode.PROBLEMS_FOUND


def _problem(event: dg.DagsterEvent) -> str:
    told = event.step_failure_data
    if told.user_failure_data is not None:
        return str(told.user_failure_data.description)
    return told.error.message.strip() if told.error is not None else "failed"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m dagster_project.record", description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("exchange.toml"), help="the plan's configuration")
    parser.add_argument("--fleet", type=Path, help="the file that names the plans, for a night of one of them")
    parser.add_argument("--plan", help="its id in the fleet")
    parser.add_argument("--date", type=date.fromisoformat, help="business date, as 2026-10-28; else those on stdin")
    options = parser.parse_args(arguments)
    if (options.fleet is None) != (options.plan is None):
        parser.error("--fleet and --plan belong together")
    contain()

    def night(on: date) -> ExitCode:
        return record_of_fleet(options.fleet, options.plan, on) if options.fleet else record(options.config, on)

    try:
        if options.date is not None:
            return night(options.date)
        for line in sys.stdin:
            sys.stdout.write(f"{night(date.fromisoformat(line.strip())):d}\n")
            sys.stdout.flush()
    except ExchangeError as problem:
        sys.stderr.write(visible(f"{problem}\n"))
        return problem.exit_code
    return ExitCode.OK


if __name__ == "__main__":
    sys.exit(main())
