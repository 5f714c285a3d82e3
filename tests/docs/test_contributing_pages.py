"""The pages on what is added most often name files that there are, and every place where an example of it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schemas.kinds import KINDS
from tests.docs.generated import DOCS

ROOT = DOCS.parent
PAGES = sorted((DOCS / "contributing").glob("*.md"))
EXAMPLE = KINDS["care_plan_receipt"]
_PLACE = re.compile(r"`((?:schemas|parsers|pipelines|dagster_project|sample_data|tests)/[\w./]+)`")
FLOORS = ("schemas", "parsers", "pipelines", "dagster_project", "sample_data")


def places(page: Path) -> list[str]:
    """The files that a page names, those of the example in place of those of any `KIND`."""
    return _PLACE.findall(page.read_text(encoding="utf-8").replace("KIND.", f"{EXAMPLE.name}."))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page: Path) -> None:
    named = [place for place in places(page) if "NAME" not in place]
    assert named
    assert [place for place in named if not (ROOT / place).exists()] == []


def test_the_page_on_kinds_names_every_place_where_one_stands() -> None:
    (page,) = [page for page in PAGES if page.name == "source-kind.md"]
    words = re.compile(rf"\b{EXAMPLE.name}s?\b")
    stands_in = {
        str(path.relative_to(ROOT))
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*")
        if path.suffix in {".py", ".sql", ".toml", ".csv", ".html"} and words.search(path.read_text(encoding="utf-8"))
    }
    assert stands_in - set(places(page)) - {"sample_data/examples/exchange.toml"} == set()
