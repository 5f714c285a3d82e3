"""What looks after each plan between its nights. Every tick is one plan's, and so is the process that does its work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from dagster_project.defs.alerts import Why, tell_of_run
from dagster_project.defs.new_files import ask_for_run
from dagster_project.failures import safely_in_a_tick
from dagster_project.fleet.apart import ask
from dagster_project.fleet.partitions import partition_of
from dagster_project.fleet.schedules import TAG
from dagster_project.look import Look
from dagster_project.partitions import PLAN_TAG, business_date_now
from pipelines.fleet import Fleet
from pipelines.fleet.read import FleetPlan
from schemas.problems import ExchangeError


def sensors_of(file: Path, fleet: Fleet, nightly: UnresolvedAssetJobDefinition) -> Iterator[dg.SensorDefinition]:
    """Look for new files of each plan, for nights that are missing, and for runs that were lost."""
    for plan in fleet.plans:
        yield _new_files(file, plan, nightly)
        yield _missed_nights(file, plan)
        yield _lost_runs(file, plan)


def _new_files(file: Path, plan: FleetPlan, nightly: UnresolvedAssetJobDefinition) -> dg.SensorDefinition:
    def seen() -> Look:
        told = ask(file, plan.id, "look")
        refused = tuple((source, ExchangeError(code, what, remedy=do)) for source, code, what, do in told["refused"])
        return Look(told["new_files"], told["digest"], tuple(told["unreachable"]), refused)

    @dg.sensor(
        name=f"new_files_{plan.id}",
        job=nightly,
        minimum_interval_seconds=300,
        description=f"Looks every five minutes for files that the ledger of {plan.id} does not know, and starts its "
        "night for today once they have rested from one look to the next.",
        tags={TAG: plan.id},
    )
    def new_files(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        today = partition_of(business_date_now(plan.timezone), plan.id)
        return ask_for_run(context, seen, today, {PLAN_TAG: plan.id})

    return new_files


def _missed_nights(file: Path, plan: FleetPlan) -> dg.SensorDefinition:
    @dg.sensor(
        name=f"missed_nights_{plan.id}",
        minimum_interval_seconds=600,
        description=f"Looks every ten minutes whether the night of {plan.id} is there, and tells whom its [[alerts]] "
        "name, once the hour has come that stands there, of one that is not, and of files that have not arrived.",
        tags={TAG: plan.id},
    )
    def missed_nights() -> dg.SkipReason:
        return dg.SkipReason(str(safely_in_a_tick(lambda: ask(file, plan.id, "watch"))["says"]))

    return missed_nights


def _lost_runs(file: Path, plan: FleetPlan) -> dg.SensorDefinition:
    def tell(on: date, why: Why | None) -> Sequence[str]:
        return [str(line) for line in ask(file, plan.id, "tell", on=on.isoformat(), why=why)["untold"]]

    @dg.run_failure_sensor(
        name=f"lost_runs_{plan.id}",
        description=f"Tells whom the [[alerts]] of {plan.id} name of a run of its nights that was ended or failed "
        "where the night could not tell of it itself: killed, out of time, refused before its first station.",
        tags={TAG: plan.id},
    )
    def lost_runs(context: dg.RunFailureSensorContext) -> dg.SkipReason:
        return tell_of_run(context, tell, plan.id)

    return lost_runs
