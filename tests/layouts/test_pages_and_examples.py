"""Every layout has its page and its example: what comes is read as that says, what goes has these very bytes."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from parsers.tabular import read_tabular
from schemas.layout import SHELF, TYPES, load_layout
from schemas.outbound import SHELF as OUTBOUND
from tests.docs.generated import DOCS
from tests.layouts.generated import everything, others
from tests.layouts.golden import INBOUND_EXAMPLES, ROOT
from tests.layouts.pages import PAGES, purpose

TOLD = everything()
HOW_TO = (PAGES / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TOLD, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_and_an_example_are_what_the_layout_makes_of_them(path: Path) -> None:
    assert path.is_file(), "run `python -m tests.layouts.generated`"
    assert path.read_bytes() == TOLD[path], "run `python -m tests.layouts.generated`, and look at what changes"


def test_no_page_and_no_example_is_of_a_layout_that_there_is_not() -> None:
    assert list(others()) == []


@pytest.mark.parametrize("name", SHELF.names())
def test_an_example_that_comes_is_read_as_it_says_and_nothing_is_found_wrong_with_it(name: str) -> None:
    layout, example = load_layout(name), ROOT / INBOUND_EXAMPLES / f"{name}.csv"
    read = read_tabular(example, layout, name=example.name)
    expected = pd.read_csv(example.with_suffix(".read.csv"), dtype="str", keep_default_na=False)
    assert read.layout.name == name
    assert list(read.rows.columns) == list(expected.columns)
    assert read.rows.to_numpy().tolist() == expected.to_numpy().tolist()
    assert read.examine(date(2026, 2, 1)).to_dict("records") == []


@pytest.mark.parametrize("shelf", [SHELF, OUTBOUND], ids=["come", "go"])
def test_every_layout_says_what_it_is_for(shelf: type[SHELF]) -> None:
    assert [name for name in shelf.names() if not purpose(shelf, name)] == []


def test_the_page_on_layouts_names_each_layout_and_each_type_of_a_column() -> None:
    linked = set(re.findall(r"\]\(([\w/]+)\.md\)", HOW_TO))
    assert linked >= {*SHELF.names(), *(f"outbound/{name}" for name in OUTBOUND.names())}
    assert set(TYPES) <= set(re.findall(r"^\| `(\w+)` \|", HOW_TO, re.MULTILINE))


@pytest.mark.parametrize("page", sorted(PAGES.rglob("*.md")), ids=lambda page: page.relative_to(DOCS).as_posix())
def test_a_link_of_a_page_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).is_file()] == []
