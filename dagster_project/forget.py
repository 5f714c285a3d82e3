"""Runs that Dagster forgets: it keeps every one for ever by itself, with all it noted, some hundred kilobytes a night.

What a night did is not in Dagster: it stands in the ledger, in the audit log and on the page of the night.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable  # deleting a run leaves its rows there
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from dagster_project.partitions import PLAN_TAG
from dagster_project.resources import ExchangeHome

_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
_AT_ONCE = 200
"""Runs forgotten after one night: a store that grew for years comes down over some nights, and holds up none."""


def forget_old_runs(instance: dg.DagsterInstance, now: datetime, days: int, of: Mapping[str, str] | None = None) -> int:
    """Delete runs that began more than `days` before `now` and have ended; return how many.

    Only those with the tags `of`: in a fleet each plan keeps its runs for as long as it says itself. A run that made
    the newest version of any asset stays, so that every asset goes on telling when it was made last.
    """
    newest = _of_newest(instance)
    old = instance.get_runs(
        dg.RunsFilter(statuses=_ENDED, created_before=now - timedelta(days=days), tags=of),
        limit=_AT_ONCE + len(newest),
        ascending=True,
    )
    forgotten = [run.run_id for run in old if run.run_id not in newest][:_AT_ONCE]
    for run_id in forgotten:
        instance.delete_run(run_id)
        _drop_file(instance, run_id)
    _drop_checks(instance, forgotten)
    return len(forgotten)


def forget(instance: dg.DagsterInstance, exchange: ExchangeHome) -> str:
    """Forget what is older than the plan keeps; return what was done, in words, and nothing where nothing was."""
    days = exchange.read_config().retention.dagster_runs_days
    of = {PLAN_TAG: exchange.plan} if exchange.plan else None
    forgotten = forget_old_runs(instance, datetime.now(UTC), days, of)
    return f"forgot {forgotten} runs that began more than {days} days ago" if forgotten else ""


def _of_newest(instance: dg.DagsterInstance) -> set[str]:
    """Return the runs that made the newest version of each asset."""
    keys = list(instance.get_asset_keys())
    records = (instance.get_latest_materialization_event(key) for key in keys)
    return {record.run_id for record in records if record is not None}


def _drop_checks(instance: dg.DagsterInstance, run_ids: Sequence[str]) -> None:
    """Remove the answers to asset checks that these runs gave: a tenth of what a night leaves."""
    if run_ids and isinstance(storage := instance.event_log_storage, SqlEventLogStorage):
        with storage.index_connection() as connection:
            gone = AssetCheckExecutionsTable.c.run_id.in_(list(run_ids))
            connection.execute(AssetCheckExecutionsTable.delete().where(gone))


def _drop_file(instance: dg.DagsterInstance, run_id: str) -> None:
    """Remove the file in which SQLite keeps the events of one run: deleting them leaves it as large as it was."""
    if not isinstance(instance.event_log_storage, SqliteEventLogStorage):
        return
    events = Path(instance.root_directory) / "history" / "runs"
    for name in (f"{run_id}.db", f"{run_id}.db-wal", f"{run_id}.db-shm"):
        (events / name).unlink(missing_ok=True)
