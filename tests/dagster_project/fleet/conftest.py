"""Fleets: small plans whose partners are served on loopback, beside plans that cannot be worked on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dagster_project.fleet.homes import FleetHomes
from dagster_project.resources import FLEET_VARIABLE
from tests.dagster_project.conftest import Plan, change, served


def write_fleet(folder: Path, *plans: str) -> Path:
    """Write a fleet file; each plan is its id, and what else its table says in lines of their own."""
    tables = []
    for told in plans:
        named, *more = told.splitlines()
        lines = [f'id = "{named}"', f'config = "{named}/exchange.toml"', *more]
        tables.append("\n".join(["", "[[plans]]", *lines, ""]))
    (folder / "fleet.toml").write_text(f'name = "A bureau"\n{"".join(tables)}', encoding="utf-8")
    return folder / "fleet.toml"


@pytest.fixture(autouse=True)
def _no_fleet_but_the_tests_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FLEET_VARIABLE, raising=False)


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Plan]]:
    """Two plans that have their own partners, one whose configuration is broken, and one that has none."""
    folder = tmp_path_factory.mktemp("bureau")
    with served(folder / "VALLEY", 20, 1) as valley, served(folder / "DELTA", 20, 1) as delta:
        for named, plan in (("VALLEY", valley), ("DELTA", delta)):
            change(plan.config_file, ('id = "SHP"', f'id = "{named}"'))
        (folder / "BROKEN").mkdir()
        (folder / "BROKEN" / "exchange.toml").write_text("[plan\n", encoding="utf-8")
        write_fleet(folder, "VALLEY\nenvironment = 'VALLEY.env'", "DELTA", "BROKEN", "GONE")
        (folder / "VALLEY.env").write_text("ON_CALL=of-valley\n", encoding="utf-8")
        (folder / "VALLEY.env").chmod(0o600)
        yield {"VALLEY": valley, "DELTA": delta}


@pytest.fixture
def fleet(bureau: dict[str, Plan], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The fleet file of the bureau, as its processes are told of it."""
    file = bureau["VALLEY"].exchange.out.parent / "fleet.toml"
    monkeypatch.setenv(FLEET_VARIABLE, str(file))
    return file


@pytest.fixture
def homes(fleet: Path) -> FleetHomes:
    return FleetHomes(fleet_file=str(fleet), patience=0.0)
