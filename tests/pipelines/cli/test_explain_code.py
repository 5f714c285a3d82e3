"""`explain-code`: the page of a code on a terminal, found however a person writes it."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_group

from parsers.x12.acknowledgement import codes as said
from pipelines.cli.app import app
from pipelines.cli.codes import complete_code
from pipelines.codes import CODES
from pipelines.codes.acknowledgements import ACKNOWLEDGEMENTS
from pipelines.codes.exits import EXITS
from pipelines.codes.rules import PLACES
from schemas.problems import ExitCode
from schemas.rules import RULES
from tests.pipelines.cli.conftest import Command

GROUP = get_group(app)


def test_it_says_what_to_do_first_and_then_why_what_it_does_and_who_hears(command: Command) -> None:
    told = command("explain-code", "R02")
    assert told.code == 0
    labels = re.findall(r"^(\w[\w ]{0,10}?)  +", told.out, re.MULTILINE)
    assert labels == ["R02", "do now", "type", "why", "effect", "who hears", "example", "page"]
    assert re.search("^type +ecm-exchange quarantine show ID$", told.out, re.MULTILINE)
    assert max(map(len, told.out.splitlines())) <= 100


@pytest.mark.parametrize(
    ("written", "head"),
    [
        ("r05", "R05"), ("[R05]", "R05"), ("R5", "R5"), ("F3", "F03"), ("R7", "R07"), ("2100A DMG02 ELE:8", "IK403"),
        ("ELE:8", "IK403"), ("ik403:8", "IK403"), ("IK304 3", "IK304"), ("TA105", "TA105"), ("75", "75"),
        ("every_row_goes_to_its_own_provider", "K01"),
    ],
)  # fmt: skip
def test_a_code_is_found_as_people_write_it(command: Command, written: str, head: str) -> None:
    told = command("explain-code", written)
    assert (told.code, told.out.startswith(f"{head}  ")) == (0, True), told


def test_what_an_834_error_means_is_said_at_once(command: Command) -> None:
    told = command("explain-code", "2100A DMG02 ELE:8").out.splitlines()
    assert told[2].split(maxsplit=1) == ["says", "8  the value is not a date"]


def test_of_a_rule_and_a_code_of_one_name_both_are_told_apart(command: Command) -> None:
    told = command("explain-code", "R14").out
    code, rule = told.split("R14 is also a rule of the field. It is another thing:")
    assert CODES["R14"].meaning in code
    assert "clocks.care_plan_business_days" in rule
    assert "pipelines/clocks/rules.py" in rule


def test_a_rule_names_the_code_that_it_is_taken_for_and_the_reverse(command: Command) -> None:
    assert "the code of rows R05: the person is not on the plan's 834" in " ".join(
        command("explain-code", "R5").out.split()
    )
    assert "the rule R5: It starts at the release" in " ".join(command("explain-code", "R05").out.split())


def test_an_unknown_code_is_refused_with_the_closest(command: Command) -> None:
    told = command("explain-code", "RO5")
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("E03 ")
    assert "R05" in told.err


def test_without_a_code_every_one_is_listed_once(command: Command) -> None:
    told = command("explain-code")
    firsts = [line.split()[0] for line in told.out.splitlines() if line and line.split()[0] in {*CODES, *RULES}]
    assert sorted(firsts) == sorted([*CODES, *RULES])
    machine = json.loads(command("explain-code", "--json").out)
    assert [each["code"] for each in machine["codes"]] == list(CODES)


def test_a_machine_reads_a_code_with_its_commands(command: Command) -> None:
    told = json.loads(command("explain-code", "l01", "--json").out)
    assert (told["code"]["code"], told["code"]["exit_code"], told["rule"]) == ("L01", 75, None)
    assert told["code"]["commands"] == ["ecm-exchange status"]


def test_a_problem_says_where_more_is_told_of_it(command: Command, tmp_path: Path) -> None:
    told = command("status", "--config", tmp_path / "exchange.toml")
    assert told.err.splitlines()[-1].split() == ["more", "ecm-exchange", "explain-code", "C01"]


def test_a_shell_completes_codes_in_any_case() -> None:
    assert [code for code, _ in complete_code("f0")] == [code for code in CODES if code.startswith("F0")]
    assert dict(complete_code("R1")) == {
        **{code: each.meaning for code, each in CODES.items() if code.startswith("R1")},
        **{rule.id: rule.says for rule in RULES.values() if rule.id.startswith("R1")},
    }


def test_every_way_in_which_a_command_ends_is_explained() -> None:
    assert {*map(int, ExitCode)} <= EXITS.keys()


def test_every_rule_has_its_places() -> None:
    assert PLACES.keys() == RULES.keys()


def test_what_a_code_tells_to_type_can_be_typed() -> None:
    told = [typed for code in CODES.values() for typed in code.commands if typed.startswith("ecm-exchange ")]
    assert len(told) > 100
    for typed in told:
        at: Any = GROUP
        words = shlex.split(typed)[1:]
        while hasattr(at, "commands"):
            assert words, typed
            assert words[0] in at.commands, typed
            at = at.commands[words.pop(0)]
        known = {option for parameter in at.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} - {"--help"} <= known, typed


def test_every_code_that_an_acknowledgement_may_say_is_told() -> None:
    told = {each.code: {name for name, _ in each.parts} for each in ACKNOWLEDGEMENTS}
    assert told == {
        "TA105": {"000", *said.STRUCTURAL_NOTES, *said.INTERCHANGE_ELEMENTS.values()},
        "AK905": {*said.GROUP_CODES},
        "IK502": {*said.SET_CODES},
        "IK304": {*said.SEGMENT_CODES.values()},
        "IK403": {*said.ELEMENT_CODES.values()},
    }
