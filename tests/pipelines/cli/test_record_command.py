"""`ecm-exchange record`: the liaison's records from the command line, and what it says when one is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.warehouse import open_warehouse
from tests.copies import copy_folder

Command = Callable[..., Any]


@pytest.fixture
def folder(demo_folder: Path, tmp_path: Path) -> Path:
    """A copy of the demo that may be changed."""
    return copy_folder(demo_folder, tmp_path / "copy")


def test_a_record_and_its_taking_back_are_kept_and_name_nobody_on_the_terminal(
    command: Command, folder: Path, people: dict[str, str]
) -> None:
    cin = people["hold_then_release"]
    common = ("--by", "Alma Reyes", "--date", "2026-11-05", "--config", folder / "exchange.toml")
    told = command("record", cin, "first_contact", "--on", "2026-11-04", "--detail", "met at home", *common)
    assert told.code == 0, told.err
    with open_warehouse(folder / "home") as warehouse:
        newest = "SELECT event_id, kind FROM facts.liaison_events ORDER BY sequence DESC LIMIT 1"
        ((event_id, kind),) = warehouse.rows(newest)
    assert kind == "FIRST_CONTACT"
    assert event_id in told.err
    taken_back = command("record", cin, "VOID", "--event", event_id, *common)
    assert taken_back.code == 0, taken_back.err
    assert not any(word in told.err + taken_back.err for word in (cin, "Alma", "home"))
    with open_warehouse(folder / "home") as warehouse:
        newest = "SELECT voids FROM facts.liaison_events ORDER BY sequence DESC LIMIT 1"
        assert warehouse.value(newest) == event_id


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("LUNCH", "--on", "2026-11-04"), "N01"),
        (("FOLLOW_UP", "--on", "2026-11-06"), "N03"),
        (("VOID", "--event", "unknown"), "N04"),
        (("FOLLOW_UP",), "N07"),
    ],
)
def test_what_cannot_be_recorded_is_refused_with_what_to_do(
    command: Command, demo_folder: Path, people: dict[str, str], arguments: tuple[str, ...], code: str
) -> None:
    cin = people["hold_then_release"]
    told = command(
        "record", cin, *arguments, "--by", "x", "--date", "2026-11-05", "--config", demo_folder / "exchange.toml"
    )
    assert told.code == 2
    assert code in told.err
    assert "do " in told.err
    assert cin not in told.err


def test_the_help_says_which_clock_each_kind_meets(command: Command) -> None:
    told = command("record", "--help")
    assert told.code == 0
    assert all(word in told.out for word in ("WARM_HANDOFF", "R12, R13", "AFTER_HOURS_CONTACT", "VOID", "--event"))
