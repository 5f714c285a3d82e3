"""What the pages tell to type exists: targets of `make`, and options of the simulation."""

from __future__ import annotations

import re

import pytest

from benchmarks.simulation.__main__ import command_line
from tests.docs.generated import DOCS, texts

ROOT = DOCS.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PAGES = texts()


def typed(text: str) -> list[str]:
    """The code spans and the lines of code blocks."""
    return re.findall(r"`([^`\n]+)`", text) + [
        line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()
    ]


@pytest.mark.parametrize("page", PAGES)
def test_a_target_and_its_variables_are_in_the_makefile(page: str) -> None:
    for command in (line for line in typed(PAGES[page]) if re.match(r"make \w", line)):
        target, *rest = command.partition("#")[0].split()[1:]
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), command
        for variable in (word.partition("=")[0] for word in rest if "=" in word):
            assert re.search(rf"\b{variable}\b", MAKEFILE), command


def test_the_simulation_is_asked_for_what_it_can_do() -> None:
    lines = [line for line in typed(PAGES["docs/performance.md"]) if "benchmarks.simulation" in line]
    assert lines
    for line in lines:
        command_line().parse_args(line.partition("benchmarks.simulation")[2].split())
