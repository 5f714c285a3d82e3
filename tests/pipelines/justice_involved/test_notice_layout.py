"""The action of a release notice, as facilities write it: optional, in many words, and nothing where it is left out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from parsers.tabular import read_tabular
from schemas.layout import load_layout

LAYOUT = load_layout("release_notice")
HEADINGS = "Notice Number,Facility,CIN,Last Name,First Name,DOB,Release Date,Consent"
ROW = "N-1,Brindlemoor Jail,91234567B,Quillon,Ardith,1984-03-12,2026-10-08,Y"


def read(folder: Path, *lines: str) -> tuple[list[str | None], list[str]]:
    """The actions of the rows, and the codes of what was found wrong."""
    path = folder / "notices.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = read_tabular(path, LAYOUT, name=path.name)
    found = table.examine(date(2026, 10, 9))
    actions = [None if action != action else action for action in table.rows["record_action"]]  # noqa: PLR0124 - NaN
    return actions, found["code"].tolist()


def test_a_list_without_actions_is_accepted_as_it_always_was(tmp_path: Path) -> None:
    assert read(tmp_path, HEADINGS, ROW) == ([None], [])


@pytest.mark.parametrize("heading", ["record_action", "Action", "Notice Action", "Add/Change/Void"])
@pytest.mark.parametrize(
    ("written", "meant"),
    [("", None), ("add", "ADD"), ("New", "ADD"), ("Correction", "CHANGE"), ("Voided", "VOID"), ("RESCINDED", "VOID")],
)
def test_the_action_is_read_in_the_words_of_facilities(
    tmp_path: Path, heading: str, written: str, meant: str | None
) -> None:
    assert read(tmp_path, f"{HEADINGS},{heading}", f"{ROW},{written}") == ([meant], [])


def test_a_word_that_is_no_action_rejects_the_row(tmp_path: Path) -> None:
    assert read(tmp_path, f"{HEADINGS},Action", f"{ROW},perhaps")[1] == ["R12"]
