"""What partners write into names and cells shows as what it is: it steers no terminal and is taken for no markup."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import cli
from pipelines.cli import common
from schemas.visible import is_visible, visible

STEERING = "\x1b[2J\x1b]0;title\x07\x9b31m\r\x08"
REVERSED = "invoice\u202etxt.exe\u2066\u200f\ufeff"
MARKUP = "[/] [bold] [link=http://evil.example]here[/link] [/nothing]"
HOSTILE = (STEERING, REVERSED, MARKUP, "\udcff\ue000", "a\u2028b\u2029c\x00\x7f")

anything = st.text(st.characters(exclude_categories=()), max_size=40)


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What a person at a terminal would be sent."""
    shown = io.StringIO()
    for console in (common.out, common.talk):
        monkeypatch.setattr(console, "_file", shown)
    return shown


def harmless(shown: str) -> bool:
    return all(character == "\n" or is_visible(character) for character in shown)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_table_shows_hostile_text_without_obeying_it(screen: io.StringIO, name: str) -> None:
    common.print_table(f"Files of {name}", (name, "rows"), [(name, 1)])
    assert harmless(screen.getvalue())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_problem_shows_hostile_text_without_obeying_it(screen: io.StringIO, name: str) -> None:
    common.talk.print(common.styled("look at", "yellow", f" {name}"))
    common.talk.print(f"  where  {name}", highlight=False)
    assert harmless(screen.getvalue())


def test_markup_in_a_name_is_shown_as_it_stands(screen: io.StringIO) -> None:
    common.print_table(MARKUP, ("name",), [(MARKUP,)])
    common.out.print(MARKUP)
    assert screen.getvalue().count(MARKUP) == 3


@given(given=anything)
def test_text_made_visible_is_as_long_and_keeps_what_shows(given: str) -> None:
    shown = visible(given)
    assert len(shown) == len(given)
    assert harmless(shown)
    assert all(a == b for a, b in zip(given, shown, strict=True) if is_visible(a) or a == "\n")


@given(given=anything)
def test_json_shows_no_raw_control_character_and_means_the_same(given: str) -> None:
    written = io.StringIO()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("sys.stdout", written)
        common.print_json({"name": given})
    assert harmless(written.getvalue())
    assert json.loads(written.getvalue()) == {"name": given}


def test_no_command_hopes_for_markup() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in Path(cli.__file__).parent.glob("*.py"))
    assert re.findall(r"\[/?(?:bold|dim|red|green|yellow)?[^\]\w]*\](?=[^\n]*\[/)|\[/\]", texts) == []


def test_marks_that_turn_text_around_are_known_for_what_they_are() -> None:
    turning = [chr(code) for code in range(0x110000) if unicodedata.bidirectional(chr(code)) in _TURNING]
    assert len(turning) > 8
    assert not any(map(is_visible, turning))


_TURNING: Any = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
