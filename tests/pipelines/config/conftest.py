"""The checked-in sample configuration, and a copy of it that a test may spoil."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[3] / "sample_data" / "examples"


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    for name in ("exchange.toml", "providers.csv"):
        shutil.copy(EXAMPLES / name, tmp_path / name)
    return tmp_path / "exchange.toml"


@pytest.fixture
def spoiled(configuration: Path) -> Callable[[str, str], tuple[Path, int]]:
    """Function that replaces the first occurrence of a text and returns the path and the line it stood on."""

    def spoil(before: str, after: str) -> tuple[Path, int]:
        text = configuration.read_text(encoding="utf-8")
        place = text.index(before)
        configuration.write_text(text[:place] + after + text[place + len(before) :], encoding="utf-8")
        return configuration, text[:place].count("\n") + 1

    return spoil


@pytest.fixture
def roster(configuration: Path) -> Path:
    return configuration.parent / "providers.csv"
