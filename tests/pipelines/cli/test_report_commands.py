"""`ecm-exchange report`: what is written where, and that nobody is named on the screen unless asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]


@pytest.fixture
def report(command: Command, demo_folder: Path) -> Command:
    """Function that writes a report of the demo, some weeks after its nights."""

    def run(*arguments: str | Path) -> Any:
        return command("report", *arguments, "--config", demo_folder / "exchange.toml", "--date", "2026-12-02")

    return run


def test_the_report_to_the_state_is_written_below_the_home_and_names_nobody_on_the_screen(
    report: Command, demo_folder: Path, people: dict[str, str]
) -> None:
    told = report("dhcs-json", "--month", "2026-10")
    assert told.code == 0, told.err
    path = demo_folder / "home" / "reports" / "JI_ECM_SHP_202610.json"
    assert path.name in told.err
    assert "2026-11-10" in told.err
    document = json.loads(path.read_text(encoding="utf-8"))
    assert set(people.values()) & {member["cin"] for member in document["members"]}
    asked = report("dhcs-json", "--month", "2026-10", "--out", "-")
    assert asked.out == path.read_text(encoding="utf-8"), "the same month gives the same bytes"


def test_the_report_of_a_month_without_a_night_is_refused(report: Command) -> None:
    told = report("dhcs-json", "--month", "2026-09")
    assert told.code == 2
    assert "V03" in told.err


def test_lists_for_plan_operations_lie_below_the_home_in_a_folder_of_the_last_night(
    command: Command, demo_folder: Path
) -> None:
    config = ("--config", demo_folder / "exchange.toml")
    for arguments, stem in ((["materials"], "NEW_MEMBER_MATERIALS"), (["moves", "--since", "2026-10-01"], "MOVES")):
        told = command("report", *arguments, *config)
        assert told.code == 0, told.err
        (written,) = (demo_folder / "home" / "reports").glob(f"2026-*/{stem}_*.xlsx")
        assert written.parent.name.replace("-", "") in written.name
        assert written.stat().st_mode & 0o077 == 0
        asked = command("report", *arguments, "--out", "-", *config)
        assert asked.out.startswith('\ufeff"')
    assert command("report", "materials", "--out", demo_folder / "list.txt", *config).code == 2


def test_the_reconciliation_says_who_returned_nothing_and_a_source_that_is_none_is_refused(
    command: Command, demo_folder: Path
) -> None:
    config = ("--config", demo_folder / "exchange.toml")
    told = command("report", "reconciliation", "--month", "2026-11", *config)
    assert told.code == 0, told.err
    assert list((demo_folder / "home" / "reports").glob("2026-*/RECONCILIATION_2026-11_*.xlsx"))
    assert "0 extra" in told.err
    assert "Nobody had members in 2025-11" in command("report", "reconciliation", "--month", "2025-11", *config).err
    assert command("report", "referrals", *config).code == 0
    assert command("report", "referrals", "--source", "nobody", *config).code == 2
    assert "REFERRALS_probation_" in command("report", "referrals", "--source", "probation", *config).err
    assert command("report", "reconciliation", "--provider", "1234567890", *config).code == 2
    assert command("report", "night", "--date", "2020-01-01", *config).code == 2
    assert command("report", "moves", "--since", "2026-11-05", "--until", "2026-11-04", *config).code == 2
