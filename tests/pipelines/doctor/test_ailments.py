"""The table of ailments and the program say the same, and every ailment is caused in a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.doctor import Kind, kinds
from pipelines.doctor.ailment import counted

ROOT = Path(__file__).parents[3]
PROGRAM = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "pipelines/doctor").glob("*.py")))
CAUSING = [
    *Path(__file__).parent.glob("test_*.py"),
    ROOT / "tests/pipelines/delivery/test_encrypted_files.py",
    ROOT / "tests/pipelines/cli/test_alerts_commands.py",
]
TESTS = "".join(path.read_text(encoding="utf-8") for path in sorted(CAUSING) if path != Path(__file__))


def test_every_ailment_of_the_table_can_be_found_and_is_caused_in_a_test() -> None:
    for text in (PROGRAM, TESTS):
        assert [name for name in kinds() if f'"{name}"' not in text] == []


def test_every_name_that_the_program_gives_stands_in_the_table() -> None:
    given = set(re.findall(r'found\(\s*"([a-z-]+)"', PROGRAM))
    assert given
    assert given <= kinds().keys()


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)
def test_an_ailment_says_what_it_does_and_what_mends_it_in_sentences(kind: Kind) -> None:
    assert kind.state in {"wrong", "look"}
    for sentence in (kind.means, kind.do):
        assert sentence[0].isupper() or sentence[0] in "`{"
        assert sentence.endswith((".", ":", "}")) or kind.command
    assert set(re.findall(r"\{([a-z]+)\}", kind.do + kind.command)) <= set(re.findall(r"[a-z]+", PROGRAM))


def test_things_are_counted_as_people_count_them() -> None:
    assert [counted(number, "file") for number in (0, 1, 2)] == ["0 files", "1 file", "2 files"]
