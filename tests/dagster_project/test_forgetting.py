"""Dagster forgets old runs, and nothing that is needed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from dagster_project.forget import forget_old_runs
from dagster_project.home import prepare_dagster_home
from dagster_project.partitions import PLAN_TAG

pytestmark = pytest.mark.filterwarnings("ignore:Non-compliant tag keys")  # Dagster's own tag for a part of a partition

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


@dg.asset_check(asset=nightly)
def is_there() -> dg.AssetCheckResult:
    """Asked every night."""
    return dg.AssetCheckResult(passed=True)


def asked(store: dg.DagsterInstance) -> set[str]:
    """The runs whose answers to the question are kept."""
    key = dg.AssetCheckKey(nightly.key, "is_there")
    return {each.run_id for each in store.event_log_storage.get_asset_check_execution_history(key, limit=9)}


def made(store: dg.DagsterInstance, *assets: dg.AssetsDefinition) -> str:
    return dg.materialize([*assets], instance=store).run_id


def test_old_runs_go_with_their_files_and_the_newest_of_each_asset_stays(
    store: dg.DagsterInstance, tmp_path: Path
) -> None:
    rare = made(store, nightly, once)
    old, newest = (dg.materialize([nightly, is_there], instance=store).run_id for _ in range(2))
    assert asked(store) == {old, newest}
    assert forget_old_runs(store, LATER, days=7) == 1
    assert {run.run_id for run in store.get_runs()} == {rare, newest}
    assert {path.stem for path in (tmp_path / "history" / "runs").glob("*.db")} == {rare, newest, "index"}
    assert store.get_latest_materialization_event(nightly.key) is not None
    assert forget_old_runs(store, LATER, days=7) == 0
    assert asked(store) == {newest}


def test_what_is_not_old_or_has_not_ended_stays(store: dg.DagsterInstance) -> None:
    first, second = made(store, nightly), made(store, nightly)
    assert forget_old_runs(store, LATER, days=31) == 0
    store.run_storage.add_run(dg.DagsterRun(job_name="at work", status=dg.DagsterRunStatus.STARTED))
    assert forget_old_runs(store, LATER, days=7) == 1
    assert first not in {run.run_id for run in store.get_runs()}
    assert {run.status for run in store.get_runs()} == {dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.SUCCESS}
    assert second in {run.run_id for run in store.get_runs()}


def test_in_a_fleet_a_plan_forgets_its_own_runs_and_no_other_plans(store: dg.DagsterInstance) -> None:
    for plan in ("VALLEY", "DELTA", "VALLEY", "DELTA"):
        dg.materialize([nightly], instance=store, tags={PLAN_TAG: plan})
    assert forget_old_runs(store, LATER, days=7, of={PLAN_TAG: "VALLEY"}) == 2
    assert [run.tags[PLAN_TAG] for run in store.get_runs()] == ["DELTA"] * 2
