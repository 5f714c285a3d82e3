"""`ecm-exchange directory`: looking changes nothing, and writing out the public edition publishes its changes."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.config import read_config, read_roster
from pipelines.directory import update_directory
from pipelines.warehouse import open_warehouse, run_lock
from pipelines.warehouse.door import publish

Command = Callable[..., Any]
EXAMPLES = Path(__file__).parents[3] / "sample_data" / "examples"
NIGHT = date(2026, 10, 29)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """The configuration of a plan with one night behind it, which found the sample's providers."""
    for name in ("exchange.toml", "providers.csv", "networks.csv"):
        shutil.copy(EXAMPLES / name, tmp_path / name)
    path = tmp_path / "exchange.toml"
    config = read_config(path)
    with open_warehouse(config.home) as warehouse:
        update_directory(warehouse, config, read_roster(config.delivery.providers), NIGHT)
        publish(warehouse)
    return path


@pytest.fixture
def directory(command: Command, plan: Path) -> Command:
    """Function that runs the command on the plan, the day after its night."""

    def run(*arguments: str | Path) -> Any:
        return command("directory", "--config", plan, "--date", "2026-10-30", *arguments)

    return run


def due(plan: Path) -> int:
    with open_warehouse(read_config(plan).home) as warehouse:
        return int(warehouse.value("SELECT count(*) FROM exchange.provider_directory WHERE status = 'DUE'"))


def test_a_table_shows_providers_changes_and_how_counties_are_served(directory: Command) -> None:
    told = directory()
    assert told.code == 0, told.err
    for part in ("ECM providers", "Changes", "County coverage", "NO_PROVIDER", "Whether it is experienced", "Overlap"):
        assert part in told.out
    assert "/assignments" not in told.out, "no room is taken by what nobody reads on a screen"


def test_looking_is_possible_while_a_night_runs_and_publishes_nothing(directory: Command, plan: Path) -> None:
    with run_lock(plan.parent / "home"):
        told = directory("--format", "json")
    assert told.code == 0, told.err
    assert {row["problem"] for row in json.loads(told.out)["coverage"] if row["county"] == "Madera"} == {
        "NO_PROVIDER",
        None,
    }
    assert due(plan) == 12


def test_the_public_edition_written_to_a_file_is_published(directory: Command, plan: Path, tmp_path: Path) -> None:
    told = directory("--public", "--out", tmp_path / "directory.csv")
    assert told.code == 0, told.err
    assert "12 providers; 12 changes" in told.err
    rows = list(csv.DictReader(io.StringIO((tmp_path / "directory.csv").read_text(encoding="utf-8-sig"))))
    assert len(rows) == 12, "the inactive one is not listed"
    assert due(plan) == 0


def test_the_plans_own_edition_written_to_a_file_publishes_nothing(
    directory: Command, plan: Path, tmp_path: Path
) -> None:
    told = directory("--out", tmp_path / "directory.xlsx")
    assert told.code == 0, told.err
    assert (tmp_path / "directory.xlsx").read_bytes().startswith(b"PK")
    assert due(plan) == 12


def test_what_stdout_gets_is_what_a_file_gets(directory: Command, tmp_path: Path) -> None:
    assert directory("--out", tmp_path / "a.json").code == 0
    assert directory("--format", "json").out == (tmp_path / "a.json").read_text(encoding="utf-8")


def test_publishing_beside_a_running_night_ends_with_75(directory: Command, plan: Path, tmp_path: Path) -> None:
    with run_lock(plan.parent / "home"):
        assert directory("--public", "--out", tmp_path / "directory.csv").code == 75
    assert not (tmp_path / "directory.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--format", "table", "--out", "x.csv"), "a file is csv, json or xlsx"),
        (("--out", "x.pdf"), "a file is csv, json or xlsx"),
        (("--format", "xlsx"), "give --out"),
        (("--format", "pdf"), "pdf"),
    ],
)
def test_what_cannot_be_written_is_refused_as_usage(directory: Command, arguments: tuple[str, ...], told: str) -> None:
    refused = directory(*arguments)
    assert refused.code == 2
    assert told in refused.err


def test_mistakes_in_the_table_of_networks_are_told_and_the_directory_is_shown(directory: Command, plan: Path) -> None:
    (plan.parent / "networks.csv").write_text("plan,npi,county\nAmber,2901373516,Fresko\n", encoding="utf-8")
    told = directory("--format", "json")
    assert told.code == 0
    said = " ".join(told.err.split())
    assert "line 2, county: names a county California does not have, did you mean `Fresno`?" in said
    assert len(json.loads(told.out)["providers"]) == 13


def test_before_the_first_night_there_is_nothing_to_show(command: Command, plan: Path) -> None:
    shutil.rmtree(plan.parent / "home")
    told = command("directory", "--config", plan, "--date", "2026-10-30")
    assert told.code == 1
    assert "D02" in told.err
