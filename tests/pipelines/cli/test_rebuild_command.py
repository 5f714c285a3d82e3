"""`ecm-exchange rebuild`: a change of the configuration is seen before any night acts on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.warehouse import open_warehouse
from tests.copies import copy_folder

Command = Callable[..., Any]


@pytest.fixture
def folder(demo_folder: Path, tmp_path: Path) -> Path:
    """A copy of the finished demo."""
    return copy_folder(demo_folder, tmp_path / "copy")


def without_aid_codes(folder: Path) -> None:
    """Configure the locator of the aid codes so that it matches nobody."""
    path = folder / "exchange.toml"
    text = path.read_text(encoding="utf-8")
    assert 'one_of = ["JX", "JY"]' in text
    path.write_text(text.replace('one_of = ["JX", "JY"]', 'one_of = ["NOBODY"]'), encoding="utf-8")


def test_after_a_night_a_rebuild_finds_that_everything_stands_as_it_follows(command: Command, folder: Path) -> None:
    told = command("rebuild", "--config", folder / "exchange.toml", "--json")
    assert told.code == 0, told.err
    found = json.loads(told.out)
    assert [table for table in found["tables"] if table["added"] or table["removed"] or table["changed"]] == []
    assert (found["differs"], found["applied"], found["policies_changed"]) == (False, False, [])
    assert "stands as it follows from the facts" in command("rebuild", "--config", folder / "exchange.toml").err


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        ("of an earlier one", "This is another version of the program than the one that ran the last night."),
        (None, "Program and configuration are those of the last night: what differs was derived in error."),
    ],
)
def test_what_no_configuration_explains_is_laid_to_another_program_or_told_as_a_defect(
    command: Command, folder: Path, reading: str | None, said: str
) -> None:
    with open_warehouse(folder / "home") as warehouse:
        warehouse.run("DELETE FROM exchange.clocks")
        if reading is not None:
            warehouse.run("UPDATE ledger.readings SET reading = $of WHERE policy = 'program'", {"of": reading})
    told = command("rebuild", "--config", folder / "exchange.toml")
    assert told.code == 1
    assert said in " ".join(told.err.split())


def test_a_changed_locator_is_shown_in_counts_and_people_only_where_asked(
    command: Command, folder: Path, people: dict[str, str]
) -> None:
    without_aid_codes(folder)
    told = command("rebuild", "--config", folder / "exchange.toml")
    assert told.code == 1
    assert "ji_evidence" in told.out
    assert "JI flag" in told.out
    assert not any(cin in told.out + told.err for cin in people.values() if cin)
    assert "nothing was changed" in told.err.lower()
    named = command("rebuild", "--members", "--config", folder / "exchange.toml")
    assert people["hold_then_release"] in named.out
    as_json = json.loads(command("rebuild", "--members", "--config", folder / "exchange.toml", "--json").out)
    assert people["hold_then_release"] in {member["cin"] for member in as_json["members"]}


def test_an_applied_rebuild_is_what_readers_see_and_the_next_one_finds_nothing(command: Command, folder: Path) -> None:
    without_aid_codes(folder)
    config = folder / "exchange.toml"
    before = json.loads(command("status", "--config", config, "--json").out)
    told = command("rebuild", "--apply", "--config", config, "--json")
    assert told.code == 0, told.err
    found = json.loads(told.out)
    assert (found["differs"], found["applied"]) == (True, True)
    after = json.loads(command("status", "--config", config, "--json").out)
    assert after["authorizations"] != before["authorizations"]
    assert command("rebuild", "--config", config).code == 0
