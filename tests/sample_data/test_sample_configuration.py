"""The configuration names every partner, and every file of the exchange belongs to one."""

from __future__ import annotations

import csv
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from sample_data import SampleExchange, generate
from schemas.codes import COUNTIES, npi_is_valid


@pytest.fixture(scope="module")
def configuration(exchange: SampleExchange) -> dict[str, Any]:
    return tomllib.loads((exchange.out / "exchange.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def providers(exchange: SampleExchange) -> list[dict[str, str]]:
    with (exchange.out / "providers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_configuration_has_its_sections_and_no_other(configuration: dict[str, Any]) -> None:
    assert set(configuration) == {
        "plan", "paths", "sources", "delivery", "justice_involved", "authorization", "assignment", "clocks",
        "directory", "identity", "needs", "work_lists", "safety",
    }  # fmt: skip
    assert configuration["plan"]["counties"] == ["Fresno", "Kings", "Madera"]
    assert {source["kind"] for source in configuration["sources"]} == {
        "834", "mini_mif", "mif", "release_notice", "care_plan_receipt",
    }  # fmt: skip
    for locator in configuration["justice_involved"]["locators"]:
        assert len({"equals", "one_of", "regex"} & set(locator)) == 1
        assert locator.get("months") == ("current" if locator["segment"].startswith("2300") else None)


def test_every_file_lies_where_a_source_looks_and_bears_its_name(
    exchange: SampleExchange, configuration: dict[str, Any]
) -> None:
    patterns = {
        (source["username"], source["folder"].strip("/")): source["pattern"] for source in configuration["sources"]
    }
    files = [file for day in exchange.dates for file in exchange.servers(day).rglob("*") if file.is_file()]
    assert len(files) > 30
    for file in files:
        assert fnmatch(file.name, patterns[file.parents[1].name, file.parent.name])
    assert {(file.parents[1].name, file.parent.name) for file in files} == set(patterns)


def test_providers_have_valid_numbers_and_a_folder_of_their_own(providers: list[dict[str, str]]) -> None:
    assert len(providers) == 13
    assert all(npi_is_valid(row["npi"]) for row in providers)
    assert all(row["username"] == f"ecm_{row['npi']}" and row["folder"] == "/assignments" for row in providers)
    assert len({row["username"] for row in providers}) == 13
    assert all(set(row["counties"].split(";")) <= set(COUNTIES) for row in providers)
    assert {row["formats"] for row in providers} == {"csv", "csv;xlsx", "csv;xlsx;return_sheet"}
    assert {row["full_day"] for row in providers} == {"MON", "TUE", "WED", "THU", "FRI"}


def test_the_network_has_its_hard_cases(providers: list[dict[str, str]]) -> None:
    capable = [row for row in providers if row["active"] == row["ji_provider"] == "Y"]
    assert sum(row["active"] == "N" for row in providers) == 1
    assert sum(row["ji_provider"] == "N" for row in providers) == 1
    assert [row["capacity"] for row in capable].count("1") == 1
    assert {"Fresno", "Kings"} <= {county for row in capable for county in row["counties"].split(";")}
    assert not any("Madera" in row["counties"] for row in capable)


def test_the_directory_has_something_to_tell(exchange: SampleExchange, providers: list[dict[str, str]]) -> None:
    assert {row["ffs_enrolled"] for row in providers} == {"Y", "N", ""}
    assert any(";" in row["facility_contracts"] for row in providers)
    assert all(row["phone"][3:6] == "555" and row["email"].endswith(".example.org") for row in providers)
    with (exchange.out / "networks.csv").open(encoding="utf-8", newline="") as file:
        others = list(csv.DictReader(file))
    ours = {row["npi"] for row in providers}
    assert len({row["plan"] for row in others}) == 2
    assert {row["county"] for row in others if row["npi"] not in ours} == {"Fresno", "Madera"}
    assert {row["county"] for row in others if row["npi"] in ours} == {"Fresno", "Kings"}


def test_proposals_are_asked_for_on_demand_alone(tmp_path: Path, configuration: dict[str, Any]) -> None:
    asking = generate(tmp_path, members=1, days=1, proposals=True)
    wanted = tomllib.loads((asking.out / "exchange.toml").read_text(encoding="utf-8"))
    assert (configuration["identity"]["proposals"], wanted["identity"]["proposals"]) == (False, True)
    wanted["identity"]["proposals"] = False
    assert wanted == configuration
