"""What holds for all commands alike: their help, their problems, and their JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from pipelines.cli.app import app
from pipelines.cli.help import PANELS
from pipelines.warehouse import run_lock

Command = Callable[..., Any]

GIVEN = {
    "explain": "91111111B",
    "assign": "91111111B 2901373516 --reason r --by b",
    "record": "91111111B FOLLOW_UP --on 2026-11-03 --by b",
    "identity accept": "probation P-1 91111111B --reason r --by b",
    "identity reject": "probation P-1 --reason r --by b",
    "identity reopen": "probation P-1 --reason r --by b",
    "identity merge": "91111111B 92222222C --reason r --by b",
    "identity unmerge": "91111111B --reason r --by b",
    "quarantine show": "nothing-held",
    "quarantine export": "nothing-held --out rejected.csv",
    "quarantine release": "nothing-held --reason r --by b",
    "release": "nothing-held --reason r --by b",
    "resend": "--provider 2901373516 --date 2026-11-03",
    "replay": "--date 2026-11-03",
    "validate": f"{__file__} --source dhcs",
    "incident": "nobody_received_this.csv",
}
"""What a command needs beside --config, as far as it needs anything."""


def commands(group: TyperGroup, path: str = "") -> Iterator[tuple[str, TyperCommand]]:
    for name, command in group.commands.items():
        whole = f"{path} {name}".strip()
        if isinstance(command, TyperGroup):
            yield from commands(command, whole)
        elif isinstance(command, TyperCommand):
            yield whole, command


MAIN = get_group(app)
ALL = dict(commands(MAIN))


def options(command: TyperCommand) -> set[str]:
    return {option for param in command.params for option in param.opts}


OF_A_PLAN = [name for name, command in ALL.items() if "--config" in options(command)]
WITH_JSON = [name for name in OF_A_PLAN if "--json" in options(ALL[name])]
TAKING_THE_LOCK = ["plan", "run", "resend", "replay", "rebuild", "incident", "verify-audit", "backup", "restore"]


def words(text: str) -> list[str]:
    return re.findall(r"[^\s│]+", text.replace("\\[", "["))


@pytest.mark.parametrize("name", ["", *ALL, *(each for each in MAIN.commands if each not in ALL)])
def test_help_fits_80_columns_and_cuts_no_word(command: Command, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    told = command(*name.split(), "--help")
    shown = words(told.out)
    assert told.code == 0
    assert max(map(len, told.out.splitlines())) <= 80
    assert "…" not in told.out
    if name in ALL:
        about = [ALL[name].help or "", *(getattr(param, "help", "") for param in ALL[name].params)]
        assert [word for text in about for word in words(text) if word not in shown] == []


@pytest.mark.parametrize("name", ALL)
def test_a_command_says_in_a_line_what_it_does_and_of_each_option_what_it_means(name: str) -> None:
    first = (ALL[name].help or "").split("\n\n")[0]
    assert first.endswith(".")
    assert len(first) <= 62, "more than a line in the list of commands"
    assert [param.name for param in ALL[name].params if not getattr(param, "help", "")] == []


def test_every_command_stands_in_one_panel() -> None:
    assert sorted(name for names in PANELS.values() for name in names) == sorted(MAIN.commands)


def test_the_version_is_told(command: Command) -> None:
    assert re.fullmatch(r"ecm-exchange \d+\.\d+\.\d+\n", command("--version").out)


@pytest.mark.parametrize("name", OF_A_PLAN)
def test_without_a_configuration_a_command_says_what_to_do(command: Command, tmp_path: Path, name: str) -> None:
    told = command(*name.split(), *GIVEN.get(name, "").split(), "--config", tmp_path / "exchange.toml")
    assert told.code == 78
    assert re.match(r"C01  .+\n  where  .+\n  do     .+\n", told.err)
    assert told.out == ""


@pytest.mark.parametrize("name", TAKING_THE_LOCK)
def test_beside_another_run_a_command_says_so(command: Command, tmp_path: Path, name: str) -> None:
    command("init", "--dir", tmp_path)
    with run_lock(tmp_path / "home"):
        told = command(*name.split(), *GIVEN.get(name, "").split(), "--config", tmp_path / "exchange.toml")
    assert told.code == 75
    assert "another run is active" in told.err


@pytest.mark.parametrize("name", WITH_JSON)
def test_before_the_first_night_json_is_json_and_a_problem_is_told(command: Command, tmp_path: Path, name: str) -> None:
    command("init", "--dir", tmp_path)
    told = command(*name.split(), *GIVEN.get(name, "").split(), "--json", "--config", tmp_path / "exchange.toml")
    answer = json.loads(told.out)
    if told.code > 1 or "error" in answer:
        assert set(answer["error"]) == {"code", "what", "where", "do"}
        assert answer["error"]["code"] in told.err


@pytest.mark.parametrize("day", ["2026-02-30", "11/03/2026", "yesterday"])
def test_what_is_no_day_is_answered_with_how_one_is_written(command: Command, day: str) -> None:
    told = command("status", "--date", day)
    assert told.code == 2
    assert "YYYY-MM-DD" in told.err


LOOKING = {
    "plan": "--date 2026-11-05",
    "status": "",
    "status --list": "unassigned",
    "explain": "CIN",
    "directory": "",
    "identity list": "",
    "quarantine list": "",
    "replay": "--date 2026-11-03",
    "rebuild": "--members",
    "incident": "--cin CIN --members",
    "verify-audit": "",
    "backup": "--to FOLDER",
    "report dhcs-json": "--month 2026-10 --out FOLDER/report.json",
}
"""Commands that can be asked on the demo and leave it as it is, or say only that they were asked."""

IN_SECTIONS = {"explain", "directory"}
"""Whose lists have columns of their own."""

PAGE = (Path(__file__).parents[3] / "docs" / "command-line.md").read_text(encoding="utf-8").partition("## JSON")[2]


def documented(name: str) -> set[str]:
    (row,) = re.findall(rf"^\| `{name}` \| (.*) \|$", PAGE, re.MULTILINE)
    return set(re.findall(r"`(\w+)`", row))


def keys(value: object, *, of_parts: bool = True) -> set[str]:
    if isinstance(value, list):
        return {key for each in value for key in keys(each, of_parts=of_parts)}
    if not isinstance(value, dict):
        return set()
    parts = {key for each in value.values() for key in keys(each)} if of_parts else set()
    return {key for key in value if not key.isupper()} | parts


@pytest.mark.parametrize("name", LOOKING)
def test_json_has_the_keys_that_are_documented_and_days_in_one_form(
    command: Command, demo_folder: Path, people: dict[str, str], tmp_path: Path, name: str
) -> None:
    given = LOOKING[name].replace("CIN", people["youth"]).replace("FOLDER", str(tmp_path))
    told = command(*name.split(), *given.split(), "--json", "--config", demo_folder / "exchange.toml")
    answer = json.loads(told.out)
    assert told.code == 0, told.err
    assert keys(answer, of_parts=name not in IN_SECTIONS) - documented(name) == set()
    assert re.findall(r'"\d{4}-\d{2}-\d{2}[ T]\d\d:', told.out) == []


def test_every_command_with_json_is_documented() -> None:
    assert {name for name in re.findall(r"^\| `([a-z -]+)` \|", PAGE, re.MULTILINE) if name in ALL} >= set(WITH_JSON)
