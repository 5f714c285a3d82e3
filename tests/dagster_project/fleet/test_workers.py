"""Nights spread over workers, of which one is killed and one hangs while broker and database come and go."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dagster_project.fleet.rehearsal.parts import Part
from tests.dagster_project.conftest import Plan
from tests.dagster_project.fleet.at_work import FleetAtWork, at_work, send, wait_until
from tests.faults.tally import Row

PEACE, KILLED, HUNG = "PEACE", "KILLED", "HUNG"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory, database: Part) -> Iterator[FleetAtWork]:
    """One night of three plans, after all that was done to it."""
    with at_work(tmp_path_factory.mktemp("fleet"), database, PEACE, KILLED, HUNG) as fleet:
        for _ in range(3):
            fleet.start("dagster_project.fleet.worker", "--fleet", str(fleet.folder / "fleet.toml"))
        fleet.ask_for(fleet.plans[PEACE].dates[0])
        wait_until(lambda: all(fleet.is_at_work(plan) for plan in fleet.plans))
        fleet.broker.stop()
        fleet.broker.start()
        killed, hung = fleet.runs(KILLED)[0], fleet.runs(HUNG)[0]
        wait_until(lambda: "load_enrollment" in " ".join(fleet.events(hung, "STEP_SUCCESS")))
        send(fleet.process(hung), signal.SIGSTOP)
        wait_until(fleet.plans[KILLED].has_delivered)
        send(fleet.process(killed), signal.SIGKILL)
        wait_until(lambda: fleet.has_ended(PEACE))
        wait_until(lambda: any(fleet.is_at_work(plan) for plan in (KILLED, HUNG)))
        fleet.database.stop()
        fleet.database.start()
        wait_until(lambda: all(fleet.has_ended(plan) for plan in fleet.plans))
        yield fleet


def told(plan: Plan, named: str) -> Iterator[Row]:
    """Yield what recipients found: each file by its name, and each row of a table by itself, under no plan's name."""
    for path, content in plan.delivered().items():
        recipient = Path(path).parts[0]
        yield recipient, Path(path).name
        if path.endswith(".csv"):
            rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
            yield from ((recipient, tuple("PLAN" if cell == named else cell for cell in row)) for row in rows)


def assert_nothing_is_cut(plan: Plan) -> None:
    """Every table of a provider is, byte for byte, what its manifest speaks of, and there is none without one."""
    found = {Path(path).name: content for path, content in plan.delivered().items() if "/ECM_ASSIGNMENT" in path}
    manifests = [json.loads(content) for name, content in found.items() if name.endswith(".manifest.json")]
    promised = {file["name"]: file["sha256"] for each in manifests for file in each["files"]}
    tables = {name: content for name, content in found.items() if not name.endswith(".manifest.json")}
    assert {name: hashlib.sha256(content).hexdigest() for name, content in tables.items()} == promised


def test_every_night_is_whole_whatever_became_of_its_worker(fleet: FleetAtWork, survived: Callable[..., None]) -> None:
    expected = list(told(fleet.plans[PEACE], PEACE))
    assert len(expected) > 100
    for plan, kind in ((KILLED, "kill -9 of a worker in mid-delivery"), (HUNG, "a worker that stands still")):
        survived(kind, expected=expected, found=told(fleet.plans[plan], plan))
        assert_nothing_is_cut(fleet.plans[plan])
        assert fleet.plans[plan].ask("SELECT last(status ORDER BY attempt) FROM ledger.runs") == "FINISHED"


def test_a_night_that_nothing_happens_to_is_run_once_in_one_process(fleet: FleetAtWork) -> None:
    (run,) = fleet.runs(PEACE)
    assert len({fleet.process(run)}) == 1
    assert (lease := fleet.lease(PEACE)) is not None
    assert (lease.holder, lease.token, lease.held) == (run.run_id, 1, False)


@pytest.mark.parametrize("plan", [KILLED, HUNG])
def test_a_lost_worker_is_noticed_and_its_night_begins_anew_elsewhere(fleet: FleetAtWork, plan: str) -> None:
    first, *others = fleet.runs(plan)
    assert first.is_failure
    assert "has not been heard of" in " ".join(fleet.events(first, "PIPELINE_FAILURE"))
    assert others[-1].is_success
    assert all(run.tags["dagster-celery/queue"] == "nights" for run in (first, *others))
    assert fleet.process(first) != fleet.process(others[-1])


def test_a_run_whose_worker_hung_is_dead_though_nobody_woke_it(fleet: FleetAtWork) -> None:
    state = Path(f"/proc/{fleet.process(fleet.runs(HUNG)[0])}/stat").read_text(encoding="ascii")
    assert state.rpartition(")")[2].split()[0] == "Z"  # its parent stands still, too
