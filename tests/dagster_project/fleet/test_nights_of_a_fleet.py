"""Nights of two plans from one graph: each on its own home, and one plan's fault is its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from dagster_project.fleet.definitions import assemble_fleet
from dagster_project.fleet.home import environment_of_fleet
from dagster_project.fleet.homes import FleetHomes
from dagster_project.fleet.partitions import partition_of
from pipelines.audit.log import walk
from pipelines.audit.record import audit_of
from pipelines.audit.verify import verify
from pipelines.warehouse import open_warehouse
from tests.dagster_project.conftest import Plan
from tests.dagster_project.test_nightly_run import failures
from tests.security.canaries import leaks_below

ROWS_IN = "SELECT sum(rows_in)::BIGINT FROM ledger.files"


@pytest.fixture(scope="module")
def store(bureau: dict[str, Plan]) -> Iterator[dg.DagsterInstance]:
    """The event store of the fleet, with the settings this project ships."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DAGSTER_HOME", raising=False)
        home = environment_of_fleet(bureau["VALLEY"].exchange.out.parent / "fleet.toml")["DAGSTER_HOME"]
    with dg.DagsterInstance.from_config(home) as instance:
        yield instance


@pytest.fixture
def run(homes: FleetHomes, store: dg.DagsterInstance, bureau: dict[str, Plan]) -> Any:
    on = bureau["VALLEY"].dates[0]

    def night(plan: str, **more: Any) -> dg.ExecuteInProcessResult:
        job = assemble_fleet(homes).resolve_job_def("nightly_exchange")
        return job.execute_in_process(
            partition_key=partition_of(on, plan), instance=store, raise_on_error=False, **more
        )

    return night


def recorded(plan: Plan) -> set[str]:
    """Return the hashes of all entries of a plan's audit log, which fits its store."""
    with open_warehouse(plan.home) as warehouse:
        assert verify(warehouse, plan.home).misfit == ""
    entries = {link.hash for link in walk(audit_of(plan.home)) if link is not None}
    assert len(entries) > 10
    return entries


def test_each_plan_has_its_own_night_and_one_that_cannot_be_read_has_none(
    run: Any, bureau: dict[str, Plan], store: dg.DagsterInstance
) -> None:
    before = dict(os.environ)
    for plan in bureau.values():
        plan.partners_leave_files(plan.dates[0])
    assert failures(run("BROKEN")) == {"receive": "C02"}
    assert failures(run("VALLEY")) == {}
    assert bureau["VALLEY"].delivered()
    assert bureau["DELTA"].delivered() == {}
    of_valley = recorded(bureau["VALLEY"])
    assert failures(run("DELTA")) == {}
    assert len(bureau["DELTA"].delivered()) == len(bureau["VALLEY"].delivered()) > 10
    assert failures(run("GONE")) == {"receive": "C01"}
    assert dict(os.environ) == before
    assert recorded(bureau["VALLEY"]) == of_valley
    assert recorded(bureau["DELTA"]).isdisjoint(of_valley)
    assert [*leaks_below(Path(store.root_directory))] == []
    event = store.get_latest_materialization_event(dg.AssetKey(["plans", "DELTA"]))
    assert event is not None
    assert event.asset_materialization is not None
    assert event.asset_materialization.metadata["night"].value == bureau["DELTA"].dates[0].isoformat()
    assert event.asset_materialization.metadata["rows_in"].value == bureau["DELTA"].ask(ROWS_IN)
    kept = store.get_materialized_partitions(dg.AssetKey(["ledger", "files"]))
    assert kept == {f"{bureau['VALLEY'].dates[0]}|{plan}" for plan in ("VALLEY", "DELTA")}
