"""Dagster's own folder in a plan's home, and the two ways to start Dagster on it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from dagster_project import record, ui
from dagster_project.home import environment_of, make_databases, prepare_dagster_home
from pipelines.warehouse.lock import run_lock
from sample_data import generate
from schemas.problems import ConfigurationError, ExitCode

ROOT = Path(__file__).parents[2]


def test_the_folder_is_for_the_plans_user_alone_and_its_settings_are_those_we_ship(tmp_path: Path) -> None:
    home = tmp_path / "plan" / "dagster"
    environment = prepare_dagster_home(home)
    assert environment["DAGSTER_HOME"] == str(home)
    assert environment["DAGSTER_REDACT_USER_CODE_ERRORS"] == "1"
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "dagster.yaml").stat().st_mode & 0o777 == 0o600
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert instance.telemetry_enabled is False
        queue = instance.get_concurrency_config().run_queue_config
        assert queue is not None
        assert queue.max_concurrent_runs == 1
        assert instance.run_monitoring_enabled
        assert instance.run_monitoring_max_runtime_seconds == 3 * 60 * 60
        assert (instance.run_retries_enabled, instance.run_retries_max_retries) == (True, 1)
        assert instance.run_retries_retry_on_asset_or_op_failure is False
        assert type(instance.compute_log_manager).__name__ == "NoOpComputeLogManager"


def test_what_webserver_and_daemon_would_both_make_is_there_before_either_begins(tmp_path: Path) -> None:
    prepare_dagster_home(tmp_path)
    for _ in range(2):
        make_databases(tmp_path)
    made = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.db")}
    assert made == {"history/runs.db", "history/runs/index.db", "schedules/schedules.db"}


@pytest.mark.parametrize(
    ("part", "module"),
    [
        ("webserver", "dagster_webserver"),
        ("daemon", "dagster._daemon"),
        ("liveness", "dagster._daemon"),
        (None, "dagster"),
    ],
)
def test_a_part_of_it_listens_on_loopback_or_not_at_all(part: str | None, module: str) -> None:
    command = ui.command_of(part, 3000)
    assert command[command.index("-m") + 1] == module
    assert ("-h" in command, "127.0.0.1" in command) == (part in {"webserver", None},) * 2


@pytest.mark.parametrize("options", [["--part", "webserver", "--host", "0.0.0.0"], ["--host", "::"], ["--read-only"]])  # noqa: S104
def test_pages_that_start_nights_are_for_this_machine_alone(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        ui.main(options)
    assert end.value.code == ExitCode.USAGE
    assert " is for " in capsys.readouterr().err


def test_settings_that_a_plan_changed_stay(tmp_path: Path) -> None:
    (tmp_path / "dagster.yaml").write_text("telemetry: {enabled: false}\n", encoding="utf-8")
    prepare_dagster_home(tmp_path)
    assert (tmp_path / "dagster.yaml").read_text(encoding="utf-8") == "telemetry: {enabled: false}\n"


def test_it_lies_inside_the_configured_home(tmp_path: Path) -> None:
    generate(tmp_path, members=1, days=1)
    environment = environment_of(tmp_path / "exchange.toml")
    assert environment["DAGSTER_HOME"] == str(tmp_path / "home" / "dagster")
    assert environment["ECM_EXCHANGE_CONFIG"] == str(tmp_path / "exchange.toml")
    with pytest.raises(ConfigurationError):
        environment_of(tmp_path / "missing.toml")


@pytest.mark.parametrize(
    ("main", "options"),
    [
        (ui.main, []),
        (record.main, ["--date", "2026-10-28"]),
        (ui.main, ["--fleet", "none.toml"]),
        (record.main, ["--fleet", "none.toml", "--plan", "VALLEY", "--date", "2026-10-28"]),
    ],
    ids=["ui", "record", "ui of a fleet", "record of a fleet"],
)
def test_without_a_configuration_the_exit_code_says_so(
    main: Callable[[list[str]], int], options: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    umask = os.umask(0o022)
    try:
        assert main(["--config", str(tmp_path / "none.toml"), *options]) == ExitCode.CONFIGURATION
    finally:
        os.umask(umask)
    said = capfd.readouterr()
    assert said.out == ""
    assert "[C01]" in said.err


def test_a_night_that_could_not_be_recorded_is_told_and_stands_among_the_runs(tmp_path: Path) -> None:
    exchange = generate(tmp_path, members=1, days=1)
    options = ["--config", str(tmp_path / "exchange.toml"), "--date", exchange.dates[0].isoformat()]
    with run_lock(tmp_path / "home"):
        done = subprocess.run(
            [sys.executable, "-m", "dagster_project.record", *options], capture_output=True, text=True, check=False,
            cwd=ROOT,
        )  # fmt: skip
    assert done.returncode == ExitCode.PROBLEMS_FOUND
    assert done.stdout == ""
    assert re.fullmatch(r"receive: \[L01\] another run is active .*\n", done.stderr)
    with dg.DagsterInstance.from_config(str(tmp_path / "home" / "dagster")) as instance:
        assert [run.status for run in instance.get_runs()] == [dg.DagsterRunStatus.FAILURE]
