"""One small exchange, generated once, and ways to read what its files say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sample_data import SampleExchange, generate


@pytest.fixture(scope="session")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> SampleExchange:
    return generate(tmp_path_factory.mktemp("exchange"), members=313)


@pytest.fixture(scope="session")
def enrollment_files(exchange: SampleExchange) -> list[Path]:
    """The 834 files in the order of their arrival: by day, a full before the daily."""
    return [
        file
        for day in exchange.dates
        for file in sorted((exchange.servers(day) / "dhcs/outgoing").iterdir(), key=lambda file: "-DA-" in file.name)
    ]


def segments(file: Path) -> list[str]:
    return file.read_text(encoding="ascii").rstrip("~").split("~")


def member_loops(file: Path) -> dict[str, list[str]]:
    loops: dict[str, list[str]] = {}
    loop: list[str] = []
    for segment in segments(file):
        if segment.startswith(("INS*", "SE*")):
            loop = []
        loop.append(segment)
        if segment.startswith("REF*1L*"):
            loops[segment.split("*")[2]] = loop
    return loops


@pytest.fixture(scope="session")
def segments_of() -> Callable[[Path], list[str]]:
    return segments


@pytest.fixture(scope="session")
def loops_of() -> Callable[[Path], dict[str, list[str]]]:
    """Read a file's member loops: CIN -> segments."""
    return member_loops
