"""Dagster forgets old runs, and nothing that is needed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from dagster_project.forget import forget_old_runs
from dagster_project.home import prepare_dagster_home

LATER = datetime.now(UTC) + timedelta(days=30)


@dg.asset
def nightly() -> None:
    """Made every night."""


@dg.asset
def once() -> None:
    """Made once, long ago."""


@pytest.fixture
def store(tmp_path: Path) -> dg.DagsterInstance:
    prepare_dagster_home(tmp_path)
    return dg.DagsterInstance.from_config(str(tmp_path))


def made(store: dg.DagsterInstance, *assets: dg.AssetsDefinition) -> str:
    return dg.materialize([*assets], instance=store).run_id


def test_old_runs_go_with_their_files_and_the_newest_of_each_asset_stays(
    store: dg.DagsterInstance, tmp_path: Path
) -> None:
    rare, old, newest = made(store, nightly, once), made(store, nightly), made(store, nightly)
    assert forget_old_runs(store, LATER, days=7) == 1
    assert {run.run_id for run in store.get_runs()} == {rare, newest}
    assert {path.stem for path in (tmp_path / "history" / "runs").glob("*.db")} == {rare, newest, "index"}
    assert store.get_latest_materialization_event(nightly.key) is not None
    assert forget_old_runs(store, LATER, days=7) == 0
    assert old not in {event.run_id for event in store.all_logs(newest)}


def test_what_is_not_old_or_has_not_ended_stays(store: dg.DagsterInstance) -> None:
    first, second = made(store, nightly), made(store, nightly)
    assert forget_old_runs(store, LATER, days=31) == 0
    store.run_storage.add_run(dg.DagsterRun(job_name="at work", status=dg.DagsterRunStatus.STARTED))
    assert forget_old_runs(store, LATER, days=7) == 1
    assert first not in {run.run_id for run in store.get_runs()}
    assert {run.status for run in store.get_runs()} == {dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.SUCCESS}
    assert second in {run.run_id for run in store.get_runs()}
