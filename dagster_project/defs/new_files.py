"""Off-cycle runs: people released too fast for the nightly cycle must still reach their provider (rule R23)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import dagster as dg

from dagster_project.defs.nightly_exchange import nightly_exchange
from dagster_project.failures import safely_in_a_tick
from dagster_project.look import ATTEMPTS, Look, look, recorded_files
from dagster_project.partitions import BUSINESS_DATES
from dagster_project.resources import ExchangeHome
from schemas.problems import ExchangeError

DIGEST_TAG = "ecm/new_files"

_GOING_ON = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
_IN_VAIN = [dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


@dg.sensor(
    name="new_files",
    job=nightly_exchange,
    minimum_interval_seconds=300,
    description="Looks every five minutes for files the ledger does not know, and starts the night's job for today "
    "once they have rested from one look to the next.",
)
def new_files(context: dg.SensorEvaluationContext, exchange: ExchangeHome) -> dg.SensorResult | dg.SkipReason:
    """Ask for a run when a look found the same new files as the look before."""

    def seen() -> Look:
        config = exchange.read_config()
        return look(config, recorded_files(config), time.time())

    return ask_for_run(context, seen, str(BUSINESS_DATES.get_last_partition_key()))


def ask_for_run(
    context: dg.SensorEvaluationContext,
    look_now: Callable[[], Look],
    today: str,
    of: Mapping[str, str] | None = None,
) -> dg.SensorResult | dg.SkipReason:
    """Look, and ask for a run of today's partition once what is new has rested.

    `of` are the tags of the plan's own runs in a fleet.
    """
    if _runs(context, _GOING_ON, of):
        return dg.SkipReason("A run is at work or waits for its turn.")
    seen = safely_in_a_tick(look_now)
    if not seen.new_files:
        return _nothing_new(seen)
    if context.cursor != seen.digest:
        return dg.SensorResult(
            skip_reason=f"{seen.new_files} new files are left to rest until the next look.", cursor=seen.digest
        )
    failed = _runs(context, _IN_VAIN, {DIGEST_TAG: seen.digest, "dagster/partition": today})
    safely_in_a_tick(lambda: _not_too_often(failed))
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(
                run_key=f"{today} {seen.digest} {failed + 1}", partition_key=today, tags={DIGEST_TAG: seen.digest}
            )
        ],
        cursor=seen.digest,
    )


def _nothing_new(seen: Look) -> dg.SkipReason:
    """A folder that could not be listed is not an empty folder: trouble that stays fails the tick."""
    if seen.refused:
        safely_in_a_tick(lambda: _refuse(*seen.refused[0]))
    if seen.unreachable:
        return dg.SkipReason(f"Not reached, tried again at the next look: {', '.join(seen.unreachable)}.")
    return dg.SkipReason("No new files.")


def _not_too_often(failed: int) -> None:
    if failed >= ATTEMPTS:
        raise ExchangeError(
            "K90",
            f"{failed} runs for the same new files have failed",
            remedy="See the last run, mend its cause, and start `nightly_exchange` for today by hand.",
        )


def _refuse(source: str, problem: ExchangeError) -> None:
    raise ExchangeError(problem.code, f"{source}: {problem.what}", remedy=problem.remedy)


def _runs(
    context: dg.SensorEvaluationContext, statuses: list[dg.DagsterRunStatus], tags: Mapping[str, str] | None
) -> int:
    return context.instance.get_runs_count(dg.RunsFilter(statuses=statuses, tags=tags or {}))
