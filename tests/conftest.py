"""What all tests share: the table of faults survived, which only the process that gathers reports can print; a real
server; a line that breaks; a database; the guard that finds people in what tests print.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
import typer.main

TESTS = Path(__file__).parent

OF_WHOLE_NIGHTS = (
    ("faults/", "codes/", "pipelines/homes/"),
    ("pipelines/cli/", "integration/", "dagster_project/", "security/", "benchmarks/", "pipelines/histories/"),
)
"""Folders whose tests share what took nights to make, about as long the ones as the others."""

pytest_plugins = ["tests.faults.tally", "tests.line", "tests.openssh", "tests.postgres", "tests.security.guard"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--deep", action="store_true", help="inject faults at every place and with more seeds")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "deep: takes long and finds what others find too; only with --deep")
    gc.set_threshold(7000, 10, 100)  # what was imported is no garbage, and each search of it all takes a quarter second


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--deep"):
        left_out = [item for item in items if item.get_closest_marker("deep")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("deep")]
    items[:] = with_nights_first(items)


def with_nights_first(items: list[pytest.Item]) -> list[pytest.Item]:
    """Put what shares whole nights at the beginning of either half.

    Two processes begin with a half each, and the one that is done takes from the end of the other's: what is taken
    should need nothing that has to be made a second time for it, nor take long when all else is done.
    """
    beginnings: list[list[pytest.Item]] = [[] for _ in OF_WHOLE_NIGHTS]
    others: list[pytest.Item] = []
    for item in items:
        folder = item.path.relative_to(TESTS).as_posix()
        halves = (half for half, of in zip(beginnings, OF_WHOLE_NIGHTS, strict=True) if folder.startswith(of))
        next(halves, others).append(item)
    first, second = beginnings
    middle = max(0, len(items) // 2 - len(first))
    return [*first, *others[:middle], *second, *others[middle:]]


@pytest.fixture(scope="session", autouse=True)
def _no_more_work_than_needed() -> Iterator[None]:
    """Gather the command line once a process, and let its stores work in one thread: others have the other processors.

    Either costs as much as what some tests ask. Commands that run in processes of their own do both as always.
    """
    connect = duckdb.connect

    def connect_for_one(*place: str, config: dict[str, Any] | None = None, **how: Any) -> duckdb.DuckDBPyConnection:
        return connect(*place, config={"threads": 1} | (config or {}), **how)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(typer.main, "get_command", cache(typer.main.get_command))
        patched.setattr(duckdb, "connect", connect_for_one)
        yield


@pytest.fixture(scope="session")
def deep(request: pytest.FixtureRequest) -> bool:
    """Whether to go through every case, however long it takes."""
    return bool(request.config.getoption("--deep"))


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    """Let each test begin with the rights that most accounts give; what runs a night in this process takes them."""
    before = os.umask(0o022)
    yield
    os.umask(before)
