"""What Dagster tells people that a night cannot tell itself: a run that it ended, a night that never began."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from dagster_project.definitions import assemble
from dagster_project.defs.alerts import lost_runs, missed_nights
from dagster_project.resources import ExchangeHome
from sample_data import generate
from tests.pipelines.alerts.receivers import Mailbox

TUESDAY = "2026-11-03"
ALERTS = '\n[[alerts]]\nto = "ON_CALL"\nby = "00:00"\n'


@pytest.fixture
def exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A plan of which somebody is told; of its configuration there is no more than that needs."""
    text = f'[plan]\nid = "SHP"\n[paths]\nhome = "home"\n{ALERTS}'
    (tmp_path / "exchange.toml").write_text(text, encoding="utf-8")
    (tmp_path / "home").mkdir()
    with Mailbox() as mailbox:
        monkeypatch.setenv("ON_CALL", mailbox.address)
        yield ExchangeHome(config_file=str(tmp_path / "exchange.toml")), mailbox


def test_a_run_that_was_refused_before_its_first_station_is_told_with_its_reason_and_once(
    exchange: Any, tmp_path: Path
) -> None:
    home, mailbox = exchange
    generate(tmp_path, members=1, days=1)
    with (tmp_path / "exchange.toml").open("a", encoding="utf-8") as file:
        file.write(ALERTS)
    night = assemble(home).resolve_job_def("nightly_exchange")
    (tmp_path / "providers.csv").unlink()
    with dg.DagsterInstance.ephemeral() as instance:
        result = night.execute_in_process(partition_key=TUESDAY, instance=instance, raise_on_error=False)
        context = dg.build_run_status_sensor_context(
            "lost_runs", result.get_run_failure_event(), instance, result.dagster_run, resources={"exchange": home}
        ).for_run_failure()
        assert isinstance(lost_runs(context), dg.SkipReason)
        lost_runs(context)
    assert mailbox.subjects == [f"SHP: the night of {TUESDAY} stopped (C04)"]


REPORTS = frozenset({dg.AssetKey(["facts", "reports"])})


@pytest.mark.parametrize(
    ("job", "asked_for", "told"),
    [
        ("nightly_exchange", None, 1),
        ("__ASSET_JOB", frozenset({dg.AssetKey(["ledger", "files"])}), 1),
        ("__ASSET_JOB", REPORTS, 0),
        ("monthly_report", REPORTS, 0),
    ],
    ids=["by the job", "from the lineage", "a report from the lineage", "a report"],
)
def test_a_run_of_a_night_that_was_killed_is_told_without_a_reason(
    exchange: Any, job: str, asked_for: frozenset[dg.AssetKey] | None, told: int
) -> None:
    home, mailbox = exchange
    with dg.DagsterInstance.ephemeral() as instance:
        run = dg.DagsterRun(job_name=job, asset_selection=asked_for, tags={"dagster/partition": TUESDAY})
        instance.add_run(run)
        event = instance.report_run_failed(run, "the process is gone")
        context = dg.build_run_status_sensor_context(
            "lost_runs", event, instance, run, resources={"exchange": home}
        ).for_run_failure()
        lost_runs(context)
    assert mailbox.subjects == [f"SHP: the night of {TUESDAY} stopped (Y14)"] * told


def test_a_run_that_was_asked_for_several_nights_and_did_nothing_wakes_nobody(exchange: Any) -> None:
    home, mailbox = exchange
    with dg.DagsterInstance.ephemeral() as instance:
        run = dg.DagsterRun(job_name="nightly_exchange", tags={"dagster/asset_partition_range_start": TUESDAY})
        instance.add_run(run)
        event = instance.report_run_failed(run, "refused")
        context = dg.build_run_status_sensor_context(
            "lost_runs", event, instance, run, resources={"exchange": home}
        ).for_run_failure()
        assert "K05" in str(lost_runs(context).skip_message)
    assert mailbox.subjects == []


def test_a_night_that_never_began_is_told_once(exchange: Any) -> None:
    home, mailbox = exchange
    for _ in range(2):
        context = dg.build_sensor_context(resources={"exchange": home})
        told = missed_nights(context)
        assert isinstance(told, dg.SkipReason)
        assert "the night has not begun (Y11)." in str(told.skip_message)
    (subject,) = mailbox.subjects
    assert subject.endswith("is not there (Y11)")


def test_nobody_is_told_by_dagster_before_somebody_switches_it_on() -> None:
    definitions = assemble()
    sensors = [definitions.resolve_sensor_def(name) for name in ("lost_runs", "missed_nights")]
    assert {sensor.default_status for sensor in sensors} == {dg.DefaultSensorStatus.STOPPED}
