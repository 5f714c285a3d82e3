"""A simulated plan: every row it is sent is accounted for, every provider finds its own members and nobody else's."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from benchmarks.simulation import report
from benchmarks.simulation.__main__ import simulate
from benchmarks.simulation.inboxes import write_inboxes
from pipelines.nightly import STATIONS

MEMBERS, PROVIDERS, NIGHTS = 300, 3, 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("simulation") / "plan"


@pytest.fixture(scope="module")
def told(folder: Path) -> dict[str, Any]:
    return simulate(folder, MEMBERS, PROVIDERS, NIGHTS, seed=1)


def test_every_row_of_every_night_is_accounted_for(told: dict[str, Any]) -> None:
    for night in told["nights"]:
        files = night["files"]
        assert files["rows_in"] == files["rows_loaded"] + files["rows_rejected"] + files["rows_duplicate"]
        assert night["problems"] == []
    first, second = (night["files"]["rows_loaded"] for night in told["nights"])
    assert first > MEMBERS > second > 0


def test_every_provider_finds_its_own_members_and_nobody_elses(told: dict[str, Any], folder: Path) -> None:
    found = {
        (account.name, row["ecm_provider_npi"], row["assignment_id"])
        for account in (folder / "sftp").glob("ecm_*")
        for file in account.rglob("*.csv")
        for row in csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
    }
    assert {account for account, npi, _ in found} == {f"ecm_{npi}" for _, npi, _ in found}
    assert len(found) == told["nights"][-1]["tables"]["exchange.ecm_assignments"] > 0


def test_every_provider_finds_a_file_each_night(told: dict[str, Any], folder: Path) -> None:
    nights = {night["on"].replace("-", "") for night in told["nights"]}
    for account in (folder / "sftp").glob("ecm_*"):
        assert {file.name.split("_")[3] for file in account.rglob("*_DELTA.csv")} == nights


def test_the_same_seed_sends_the_same_bytes(tmp_path: Path) -> None:
    def sent(name: str, seed: int) -> dict[str, bytes]:
        write_inboxes(tmp_path / name, 60, PROVIDERS, 3, seed)
        files = (path for path in (tmp_path / name).rglob("*.dat"))
        return {str(path.relative_to(tmp_path / name)): path.read_bytes() for path in files}

    assert sent("one", 1) == sent("again", 1) != sent("other", 2)


def test_the_tables_name_every_station_and_compare_weeks_that_are_alike(told: dict[str, Any]) -> None:
    first, daily = told["nights"]
    slower = {**daily, "stations": [{**each, "cpu_seconds": each["cpu_seconds"] * 2} for each in daily["stations"]]}
    nights = [first, *[daily] * 5, *[slower] * 5]
    numbered = [{**night, "night": number} for number, night in enumerate(nights, start=1)]
    text = report.tables({"cores": 2}, told | {"nights": numbered})
    for name, _ in STATIONS:
        (line,) = (line for line in text.splitlines() if line.startswith(f"| {name} |"))
        assert line.endswith("| 2.00 |")
    assert "| nights 7 to 11 / 2 to 6 |" in text
