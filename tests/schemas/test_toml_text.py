"""Text that is no TOML is one kind of error, however it is none."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from parsers.x12.profile_files import load_profile
from pipelines.config import read_config
from schemas.layout import load_layout
from schemas.problems import ConfigurationError
from schemas.toml_text import parse_toml

TOO_MUCH = {
    "nested lists": "a = " + "[" * 2_000,
    "nested tables": "a = " + "{b=" * 2_000,
    "a number without end": "a = " + "9" * 5_000,
}


@pytest.mark.parametrize("text", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_overcomes_the_standard_reader_is_no_toml(text: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError, match="too") as told:
        parse_toml(text)
    assert "999" not in str(told.value)


def test_toml_is_read_as_the_standard_reader_does() -> None:
    text = 'a = 1\n[b]\nc = "d"\n'
    assert parse_toml(text) == tomllib.loads(text)
    with pytest.raises(tomllib.TOMLDecodeError, match="line 1"):
        parse_toml("a = ]")


@pytest.mark.parametrize("read", [read_config, load_layout, load_profile])
@pytest.mark.parametrize("text", TOO_MUCH.values(), ids=TOO_MUCH)
def test_whatever_a_plan_writes_is_refused_as_no_toml(
    tmp_path: Path, read: Callable[[Path], object], text: str
) -> None:
    path = tmp_path / "written.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"not valid TOML"):
        read(path)
