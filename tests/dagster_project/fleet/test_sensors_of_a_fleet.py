"""What looks after each plan of a fleet between its nights, each by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from dagster_project.failures import TickFailed
from dagster_project.fleet.definitions import assemble_fleet
from dagster_project.fleet.homes import FleetHomes
from dagster_project.partitions import PLAN_TAG, business_date_now
from tests.dagster_project.conftest import Plan
from tests.dagster_project.fleet.conftest import write_fleet
from tests.pipelines.alerts.receivers import Mailbox

TUESDAY = "2026-11-03"
ZONE = "America/Los_Angeles"


@pytest.fixture
def store() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def tick(
    fleet: Path, sensor: str, store: dg.DagsterInstance, cursor: str | None = None
) -> dg.SensorResult | dg.SkipReason:
    definitions = assemble_fleet(FleetHomes(fleet_file=str(fleet)))
    told = definitions.resolve_sensor_def(sensor)(dg.build_sensor_context(instance=store, cursor=cursor))
    assert isinstance(told, dg.SensorResult | dg.SkipReason)
    return told


def test_each_plan_is_looked_at_by_itself(bureau: dict[str, Plan], fleet: Path, store: dg.DagsterInstance) -> None:
    bureau["VALLEY"].partners_leave_files(bureau["VALLEY"].dates[0])
    assert "No new files" in str(tick(fleet, "new_files_DELTA", store).skip_message)
    with pytest.raises(TickFailed, match="C02"):
        tick(fleet, "new_files_BROKEN", store)
    rests = tick(fleet, "new_files_VALLEY", store)
    assert isinstance(rests, dg.SensorResult)
    assert not rests.run_requests
    asked = tick(fleet, "new_files_VALLEY", store, rests.cursor)
    assert isinstance(asked, dg.SensorResult)
    today = business_date_now(ZONE)
    assert [each.partition_key for each in asked.run_requests or ()] == [f"{today}|VALLEY"]


def test_a_night_at_work_keeps_only_its_own_plan_from_another(
    bureau: dict[str, Plan], fleet: Path, store: dg.DagsterInstance
) -> None:
    store.add_run(
        dg.DagsterRun(job_name="nightly_exchange", status=dg.DagsterRunStatus.STARTED, tags={PLAN_TAG: "VALLEY"})
    )
    assert "at work" in str(tick(fleet, "new_files_VALLEY", store).skip_message)
    assert "No new files" in str(tick(fleet, "new_files_DELTA", store).skip_message)


@pytest.fixture
def told(tmp_path: Path) -> Iterator[tuple[Path, dict[str, Mailbox]]]:
    """Two plans that name whom to tell by the same variable, each with an address of its own."""
    for plan in ("VALLEY", "DELTA"):
        (tmp_path / plan / "home").mkdir(parents=True)
        text = f'[plan]\nid = "{plan}"\n[paths]\nhome = "home"\n[[alerts]]\nto = "ON_CALL"\nby = "00:00"\n'
        (tmp_path / plan / "exchange.toml").write_text(text, encoding="utf-8")
    with Mailbox() as valley, Mailbox() as delta:
        for plan, mailbox in (("VALLEY", valley), ("DELTA", delta)):
            (tmp_path / f"{plan}.env").write_text(f"ON_CALL={mailbox.address}\n", encoding="utf-8")
            (tmp_path / f"{plan}.env").chmod(0o600)
        fleet = write_fleet(tmp_path, "VALLEY\nenvironment = 'VALLEY.env'", "DELTA\nenvironment = 'DELTA.env'")
        yield fleet, {"VALLEY": valley, "DELTA": delta}


def test_of_a_night_that_never_began_its_own_plans_people_are_told(
    told: tuple[Path, dict[str, Mailbox]], store: dg.DagsterInstance
) -> None:
    fleet, boxes = told
    said = tick(fleet, "missed_nights_VALLEY", store)
    assert "the night has not begun (Y11)." in str(said.skip_message)
    assert [len(box.subjects) for box in boxes.values()] == [1, 0]
    assert boxes["VALLEY"].subjects[0].startswith("VALLEY: ")


def test_of_a_run_that_was_lost_its_own_plans_people_are_told(
    told: tuple[Path, dict[str, Mailbox]], store: dg.DagsterInstance
) -> None:
    fleet, boxes = told
    definitions = assemble_fleet(FleetHomes(fleet_file=str(fleet)))
    run = dg.DagsterRun(job_name="nightly_exchange", tags={"dagster/partition": f"{TUESDAY}|DELTA", PLAN_TAG: "DELTA"})
    store.add_run(run)
    event = store.report_run_failed(run, "the process is gone")
    for plan in ("VALLEY", "DELTA"):
        name = f"lost_runs_{plan}"
        context = dg.build_run_status_sensor_context(name, event, store, run).for_run_failure()
        definitions.resolve_sensor_def(name)(context)
    assert boxes["VALLEY"].subjects == []
    assert boxes["DELTA"].subjects == [f"DELTA: the night of {TUESDAY} stopped (Y14)"]
