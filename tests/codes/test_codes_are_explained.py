"""Every code that the sources give is explained, and every explained code is given somewhere."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipelines.alerts.codes import ALERT_CODES
from pipelines.codes import CODES, FAMILIES
from pipelines.codes.alerts import WHYS as ALERT_WHYS
from pipelines.codes.findings import WHYS as FINDING_WHYS
from pipelines.codes.gates import WHYS as GATE_WHYS
from pipelines.codes.transfer import WHYS as TRANSFER_WHYS
from pipelines.delivery.gates import GATES
from pipelines.transfer.codes import TRANSFER_CODES
from schemas.findings import CATALOGUE
from schemas.rules import RULES

ROOT = Path(__file__).parents[2]
FLOORS = ("schemas", "parsers", "pipelines", "dagster_project")
EXPLAINING = {*(ROOT / "pipelines" / "codes").glob("*.py")} - {ROOT / "pipelines" / "codes" / "lookup.py"}
TABLES = {"ALERT_CODES", "CATALOGUE", "TRANSFER_CODES", "GATES", "UNFIT", "RULES"}
"""Where codes are only listed."""

CITING_RULES = ("pipelines/clocks/rules.py", "pipelines/liaison/kinds.py", "pipelines/checks.py")
"""What names rules of the field, of which some look like codes of rows."""

OF_X12 = ("parsers/x12/acknowledgement/codes.py",)
"""What names X12's own codes."""

_CODE = re.compile(r"[A-Z]\d{2}")
_IN_A_CHECK = re.compile(r"([A-Z]\d{2}):\w+")
_IN_SQL = re.compile(r"'([A-Z]\d{2})'")


def sources() -> Iterator[Path]:
    for floor in FLOORS:
        yield from (path for path in sorted((ROOT / floor).rglob("*.py")) if path not in EXPLAINING)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def nodes(at: ast.AST) -> Iterator[ast.AST]:
    """All nodes, but for the tables that list codes."""
    for child in ast.iter_child_nodes(at):
        targets = child.targets if isinstance(child, ast.Assign) else [getattr(child, "target", None)]
        if not any(isinstance(target, ast.Name) and target.id in TABLES for target in targets):
            yield child
            yield from nodes(child)


@cache
def given() -> dict[str, set[str]]:
    """Every code that stands in the sources as one, and the files it stands in."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        if name in OF_X12:
            continue
        for node in nodes(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole = _CODE.fullmatch(node.value)
                codes = [whole[0]] if whole else _IN_SQL.findall(node.value) + _IN_A_CHECK.findall(node.value)
                for code in codes:
                    if code[0] != "R" or name not in CITING_RULES:
                        found[code].add(name)
    return found


@cache
def problems() -> frozenset[str]:
    """Names of the classes by which this software says that something is wrong."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    }
    names = {"ExchangeError"}
    while more := {name for name, above in bases.items() if above & names} - names:
        names |= more
    return frozenset(names)


def test_every_code_that_is_given_is_explained() -> None:
    assert {code: files for code, files in given().items() if code not in CODES and code not in RULES} == {}


def test_every_code_that_is_explained_is_given() -> None:
    assert {code for code in CODES if _CODE.fullmatch(code)} - given().keys() == set()


def test_whatever_is_raised_has_a_code_of_the_one_form() -> None:
    """A word in place of a code could be looked up nowhere."""
    assert len(problems()) > 10
    firsts = {
        (path.relative_to(ROOT).as_posix(), node.args[0].value)
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in problems()
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(firsts) > 50
    assert {first for first in firsts if not _CODE.fullmatch(first[1])} == set()


def test_whatever_is_raised_says_what_to_do_now() -> None:
    silent = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in problems()
        if node.args and isinstance(node.args[0], ast.Constant) and not _remedies(node)
    }
    assert silent == set()


def _remedies(call: ast.Call) -> list[ast.expr]:
    """What is given as remedy, but for one that is empty."""
    given = [keyword.value for keyword in call.keywords if keyword.arg == "remedy"]
    return [each for each in given if not (isinstance(each, ast.Constant) and not each.value)]


def test_whoever_lists_a_code_gives_its_reason() -> None:
    assert (ALERT_WHYS.keys(), FINDING_WHYS.keys(), TRANSFER_WHYS.keys(), GATE_WHYS.keys()) == (
        ALERT_CODES.keys(), CATALOGUE.keys(), TRANSFER_CODES.keys(), GATES.keys(),
    )  # fmt: skip


def test_no_code_is_explained_twice_or_in_a_family_that_is_not_its_own() -> None:
    listed = [each.code for _, codes in FAMILIES.values() for each in codes]
    assert len(listed) == len(set(listed))
    assert [
        code for letters, (_, codes) in FAMILIES.items() for code in codes if code.family not in letters.split()
    ] == []


def test_an_explanation_is_whole() -> None:
    for code in CODES.values():
        assert code.meaning[0].islower() or re.match(r"\d|CIN|[A-Z]\w* ", code.meaning), code.code
        assert not code.meaning.endswith("."), code.code
        for text in (code.why, *code.do, code.effect.does, code.effect.told):
            assert re.search(r"[.?]$", text), text
        assert code.example, code.code
        assert code.do, code.code
