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
from pipelines.homes.seats import seats
from tests.dagster_project.conftest import Plan
from tests.dagster_project.fleet.at_work import FleetAtWork, at_work, send, wait_until
from tests.faults.tally import Row

PEACE, STORM = "PEACE", "STORM"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory, database: Part) -> Iterator[FleetAtWork]:
    """One night of two plans: one begins three times until it is done, the other has its peace."""
    with at_work(tmp_path_factory.mktemp("fleet"), database, PEACE, STORM, moving=(STORM,)) as fleet:
        for _ in range(2):
            fleet.start_worker()
        fleet.ask_for(fleet.plans[PEACE].dates[0])
        wait_until(lambda: all(fleet.is_at_work(plan) for plan in fleet.plans))
        fleet.broker.stop()
        fleet.broker.start()
        wait_until(lambda: fleet.has_come_to(STORM, "load_referrals"))
        send(fleet.process(fleet.runs(STORM)[-1]), signal.SIGSTOP)
        wait_until(fleet.plans[STORM].has_delivered)
        send(fleet.process(fleet.runs(STORM)[-1]), signal.SIGKILL)
        fleet.start_worker()
        wait_until(lambda: fleet.has_ended(PEACE) and fleet.is_at_work(STORM))
        fleet.database.stop()
        fleet.database.start()
        wait_until(lambda: fleet.has_ended(STORM))
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


def test_a_night_is_whole_whatever_became_of_its_workers(fleet: FleetAtWork, survived: Callable[..., None]) -> None:
    expected, storm = list(told(fleet.plans[PEACE], PEACE)), fleet.plans[STORM]
    assert len(expected) > 100
    survived("workers hung and killed, broker and database restarted", expected=expected, found=told(storm, STORM))
    assert_nothing_is_cut(storm)
    assert fleet.ask(STORM, "SELECT count(*) FROM ledger.runs WHERE status = 'FINISHED'") == 1


def test_a_night_that_nothing_happens_to_is_run_once(fleet: FleetAtWork) -> None:
    (run,) = fleet.runs(PEACE)
    assert (lease := fleet.lease(PEACE)) is not None
    assert (lease.holder, lease.token, lease.held) == (run.run_id, 1, False)


def test_a_lost_worker_is_noticed_and_its_night_begins_anew_elsewhere(fleet: FleetAtWork) -> None:
    hung, killed, *_, last = fleet.runs(STORM)
    for lost in (hung, killed):
        assert lost.is_failure
        assert "has not been heard of" in " ".join(fleet.events(lost, "PIPELINE_FAILURE"))
    assert last.is_success
    assert {run.tags["dagster-celery/queue"] for run in fleet.runs(STORM)} == {"nights"}
    assert (lease := fleet.lease(STORM)) is not None
    assert (lease.holder, lease.token) == (last.run_id, 1 + len(fleet.runs(STORM)))  # and whoever brought its home in


def test_a_run_that_hung_is_dead_though_nobody_woke_it(fleet: FleetAtWork) -> None:
    state = Path(f"/proc/{fleet.process(fleet.runs(STORM)[0])}/stat").read_text(encoding="ascii")
    assert state.rpartition(")")[2].split()[0] == "Z"  # its parent stands still, too


def test_a_worker_that_is_told_to_stop_goes_and_offers_no_seat(fleet: FleetAtWork) -> None:
    last = fleet.started[-1]
    last.send_signal(signal.SIGTERM)
    assert last.wait(60) == 0
    assert seats(fleet.database.url).all < 2  # one that was lost may still count
