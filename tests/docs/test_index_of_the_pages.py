"""Whoever looks for a page finds it in the index, and whoever reads one can type what it says."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest
from typer.main import get_group

from pipelines.cli.app import app
from tests.docs.generated import DOCS, pages

COMMANDS = get_group(app)

CODES = "codes/"
"""Pages that have an index of their own: one for each code."""


def linked(page: str) -> set[str]:
    return {
        link.partition("#")[0]
        for link in re.findall(r"\]\(([^)]+)\)", (DOCS / page).read_text(encoding="utf-8"))
        if "://" not in link
    }


def lines_to_type(text: str) -> list[str]:
    """Lines of code blocks that call the program, without what stands behind them."""
    return [
        line.partition(" #")[0].strip()
        for block in re.findall(r"^ *```sh\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
        for line in block.splitlines()
        if line.strip().startswith("ecm-exchange ")
    ]


def test_every_page_stands_in_the_index() -> None:
    there = {page for page in pages() if not page.startswith(CODES) and page != "README.md"}
    assert there - linked("README.md") == set()


def test_every_page_of_the_handbook_stands_in_its_own_index() -> None:
    there = {page.removeprefix("operations/") for page in pages() if page.startswith("operations/")} - {"README.md"}
    assert there - linked("operations/README.md") == set()


@pytest.mark.parametrize("page", [page for page, path in pages().items() if lines_to_type(path.read_text("utf-8"))])
def test_what_a_page_says_to_type_is_a_command_with_such_options(page: str) -> None:
    for line in lines_to_type(pages()[page].read_text(encoding="utf-8")):
        words = shlex.split(re.split(r" [|>&;]|&&", line)[0])[1:]
        command: Any = COMMANDS
        while hasattr(command, "commands"):
            assert words[0] in command.commands, line
            command = command.commands[words.pop(0)]
        options = {option for each in command.params for option in each.opts} | {"--help", "--version"}
        assert {word.partition("=")[0] for word in words if word.startswith("--")} <= options, line
