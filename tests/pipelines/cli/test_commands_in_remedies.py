"""A command that somebody is told to type at six in the morning is one that the program takes."""

from __future__ import annotations

import re
import shlex

import click
import pytest
import typer

from pipelines.checks import CHECKS
from pipelines.cli.app import app
from pipelines.delivery.gates import GATES
from pipelines.transfer.codes import TRANSFER_CODES
from pipelines.work_lists import WORK_LISTS
from schemas.findings import CATALOGUE

REMEDIES = (
    *(each.remedy for table in (GATES, TRANSFER_CODES, CATALOGUE) for each in table.values()),
    *(check.remedy for check in CHECKS),
    *(each.do for each in WORK_LISTS.values()),
)
COMMANDS = sorted({found for remedy in REMEDIES for found in re.findall(r"`ecm-exchange ([^`]+)`", remedy)})
DECIDED = ("assign", "identity", "record", "release")
"""Commands of which whom it is about, and the reason, are told in full only by their own help."""


@pytest.mark.parametrize("command", [each for each in COMMANDS if not each.startswith(DECIDED)])
def test_it_can_be_typed_once_its_placeholders_are_filled(command: str) -> None:
    words = shlex.split(command.replace("YYYY-MM", "2026-10"))
    group = typer.main.get_command(app)
    while isinstance(group, click.Group) or hasattr(group, "commands"):
        group = group.commands[words.pop(0)]
    group.make_context(command, words)
