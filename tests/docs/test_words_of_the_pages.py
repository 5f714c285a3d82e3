"""Every word that a table of the store may say is explained on the pages, and no word that it never says."""

from __future__ import annotations

import re

import pytest

from pipelines.clocks.rules import clock_rules
from pipelines.config.policy import Clocks
from pipelines.work_lists import WORK_LISTS
from tests.docs.generated import DOCS, PARTS, names_in, pages, renewed

RULES = (DOCS / "rules.md").read_text(encoding="utf-8")
LIAISON = (DOCS / "liaison.md").read_text(encoding="utf-8")
PIPELINES = DOCS.parent / "pipelines"


def table_under(heading: str) -> list[list[str]]:
    """The first table under a heading, without its own heading, cell by cell."""
    lines = RULES.partition(f"\n### {heading}\n")[2].splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip(" `") for cell in line.strip("|").split("|")])
    return rows


def script(name: str) -> str:
    return (PIPELINES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [place for place, path in pages().items() if names_in(path.read_text("utf-8"))])
def test_what_repeats_the_program_is_what_the_program_says(page: str) -> None:
    text = pages()[page].read_text(encoding="utf-8")
    assert text == renewed(text), "Write it anew: python -m tests.docs.generated"


def test_every_part_that_can_be_generated_stands_on_one_page() -> None:
    texts = [page.read_text(encoding="utf-8") for page in pages().values()]
    assert sorted(name for text in texts for name in names_in(text)) == sorted(PARTS)


def test_a_stale_part_is_replaced_and_the_rest_stays() -> None:
    page = "before\n<!-- generated: records -->\n| old |\n<!-- end -->\nafter\n"
    assert renewed(page) == f"before\n<!-- generated: records -->\n{PARTS['records']()}<!-- end -->\nafter\n"


def test_every_clock_stands_with_its_rule_its_days_and_what_meets_it() -> None:
    told = [(name, rule, days, met_by) for name, rule, days, _, met_by in table_under("Clocks")]
    assert told == [
        (clock.name, clock.rule, f"{clock.days} {clock.unit.lower()}", clock.met_by_kind)
        for clock in clock_rules(Clocks()).itertuples(index=False)
    ]


def test_every_outcome_of_a_considered_provider_is_explained() -> None:
    said = re.findall(r"(?:THEN|ELSE) '([A-Z_]+)'", script("assignment/considered.sql") + script("assignment/fits.sql"))
    told = [outcome for outcome, _ in table_under("What became of a provider that was considered")]
    assert sorted(told) == sorted({*said} - {"FITS"})


def test_every_kind_of_contradiction_is_explained() -> None:
    said = re.findall(r"'([A-Z_]+)' AS kind\b", script("justice_involved/contradictions.sql"))
    assert [kind for kind, _ in table_under("Contradictions")] == said


def test_every_work_list_is_one_that_items_are_put_on() -> None:
    scripts = script("work_lists/items.sql") + script("work_lists/reported_items.sql")
    put_on = re.findall(r"SELECT\s+([^,]*?) AS list\b", scripts)
    said = {name for choice in put_on for name in re.findall(r"'([A-Z_]+)'", choice)}
    assert said == WORK_LISTS.keys()


def test_the_liaison_s_page_names_every_work_list() -> None:
    assert [title for title in (each.title for each in WORK_LISTS.values()) if f"**{title}**" not in LIAISON] == []
