"""`docs/rules.md` tells of every rule where it is set, computed and proved; its words are held against the project."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import get_args

import pytest
from pydantic import BaseModel

from pipelines.codes.rules import PLACES
from pipelines.config import ExchangeConfig
from pipelines.config.providers import Provider
from schemas.rules import RULES
from tests.docs.generated import DOCS

ROOT = DOCS.parent
PAGE = (DOCS / "rules.md").read_text(encoding="utf-8")
ROWS = {
    rule: cells
    for rule, *cells in (
        [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if re.match(r"\| R\d", line)
    )
}
SAYS, SET_IN, COMPUTED_IN, PROVED_BY = range(4)

DECIDING = (
    "justice_involved",
    "identity",
    "authorization",
    "assignment",
    "clocks",
    "directory",
    "needs",
    "work_lists",
    "reports",
)
"""Tables of `exchange.toml` from which decisions follow."""


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def places(column: int) -> list[tuple[str, str]]:
    return [(rule, place) for rule, cells in ROWS.items() for place in named(cells[column])]


def models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in models_in(part)]


def is_set_in(path: str, model: type[BaseModel]) -> bool:
    head, _, rest = path.partition(".")
    if head not in model.model_fields:
        return False
    return not rest or any(is_set_in(rest, inner) for inner in models_in(model.model_fields[head].annotation))


@cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_rule_of_the_catalogue_stands_on_the_page_with_its_words() -> None:
    assert [(rule, cells[SAYS]) for rule, cells in ROWS.items()] == [(rule.id, rule.says) for rule in RULES.values()]


def test_the_places_of_a_rule_are_those_that_the_program_tells() -> None:
    told = {rule: (tuple(named(cells[SET_IN])), tuple(named(cells[COMPUTED_IN]))) for rule, cells in ROWS.items()}
    assert told == {rule: tuple(places) for rule, places in PLACES.items()}, "Write both: pipelines/codes/rules.py"


@pytest.mark.parametrize("rule", ROWS)
def test_a_row_names_its_places_and_nothing_else(rule: str) -> None:
    for cell in ROWS[rule][SET_IN:]:
        assert cell == ", ".join(f"`{place}`" for place in named(cell))
    assert named(ROWS[rule][COMPUTED_IN]), "computed nowhere"
    assert named(ROWS[rule][PROVED_BY]), "proved by no test"


@pytest.mark.parametrize(("rule", "key"), places(SET_IN))
def test_what_a_rule_leaves_to_the_plan_is_a_key_of_its_configuration(rule: str, key: str) -> None:
    table, _, column = key.partition(": ")
    assert column in Provider.model_fields if table == "providers.csv" else is_set_in(key, ExchangeConfig)


@pytest.mark.parametrize("table", DECIDING)
def test_every_key_that_decides_something_stands_with_a_rule(table: str) -> None:
    (policy,) = models_in(ExchangeConfig.model_fields[table].annotation)
    assert {key for _, key in places(SET_IN) if key.startswith(f"{table}.")} == {
        f"{table}.{key}" for key in policy.model_fields
    }


@pytest.mark.parametrize(("rule", "file"), places(COMPUTED_IN))
def test_the_file_that_computes_a_rule_cites_it(rule: str, file: str) -> None:
    assert file.startswith(("pipelines/", "dagster_project/")), "only what runs computes"
    assert re.search(rf"\b{rule}\b", (ROOT / file).read_text(encoding="utf-8")), f"{file} does not name {rule}"


@pytest.mark.parametrize(("rule", "test"), places(PROVED_BY))
def test_the_test_that_proves_a_rule_is_there(rule: str, test: str) -> None:
    file, _, name = test.partition("::")
    assert name.startswith("test_")
    assert name in functions_of(file)


def test_a_reading_is_told_of_a_rule_that_is_computed() -> None:
    told = PAGE.partition("### Where the sources leave room")[2].partition("\n### ")[0]
    assert set(re.findall(r"^- \*\*(R\d+)\*\*", told, re.MULTILINE)) <= RULES.keys()
