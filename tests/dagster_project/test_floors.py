"""Who may import whom: the floors of the house, and the one door of each library behind which its faults are kept."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("schemas", "parsers", "pipelines", "dagster_project")
BESIDE = {"sample_data": {"schemas"}}
DOORS = {
    "apprise": ("pipelines/alerts/post_child.py",),
    "dagster": ("dagster_project",),
    "duckdb": ("pipelines/warehouse",),
    "paramiko": ("pipelines/transfer",),
    "fsspec": ("pipelines/homes/depot.py",),
    "dotenv": ("pipelines/fleet/own.py",),
    "redis": ("dagster_project/fleet",),
    "celery": ("dagster_project/fleet/worker.py",),
    "dagster_celery": ("dagster_project/fleet",),
    "sqlalchemy": ("pipelines/homes/database.py", "dagster_project/fleet/records.py"),
    "pysequoia": ("pipelines/pgp.py",),
    "pyx12": ("parsers/x12",),
    "splink": ("pipelines/identity",),
    "ortools": ("pipelines/assignment",),
    "jinja2": ("pipelines/reporting/page",),
    "openpyxl": ("parsers/tabular", "sample_data"),
}


def modules(package: str) -> Iterator[Path]:
    yield from sorted((ROOT / package).rglob("*.py"))


@cache
def imported(module: Path) -> frozenset[str]:
    """Top names of everything a module imports, inside of functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            found.add(str(node.module).split(".")[0])
    return frozenset(found)


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_imports_nothing_above_it(floor: str) -> None:
    above = set(FLOORS[FLOORS.index(floor) + 1 :])
    offenders = {str(m.relative_to(ROOT)): imported(m) & above for m in modules(floor)}
    assert len(offenders) > 1
    assert {module: names for module, names in offenders.items() if names} == {}


@pytest.mark.parametrize(("package", "may"), BESIDE.items())
def test_the_sample_exchange_knows_the_schemas_only(package: str, may: set[str]) -> None:
    ours = {*FLOORS, *BESIDE} - may - {package}
    assert {str(m.relative_to(ROOT)): imported(m) & ours for m in modules(package) if imported(m) & ours} == {}


@pytest.mark.parametrize(("library", "doors"), DOORS.items())
def test_a_library_comes_in_by_its_own_door(library: str, doors: tuple[str, ...]) -> None:
    places = {
        m.relative_to(ROOT).as_posix()
        for package in (*FLOORS, *BESIDE)
        for m in modules(package)
        if library in imported(m)
    }
    assert places
    inside = tuple(door if door.endswith(".py") else f"{door}/" for door in doors)
    assert {place for place in places if not place.startswith(inside)} == set()
