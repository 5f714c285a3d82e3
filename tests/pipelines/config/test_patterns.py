"""A regular expression that cannot be compiled, whatever the compiler says of it, is a mistake in its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.config import read_config
from schemas.problems import ConfigurationError

Spoil = Callable[[str, str], tuple[Path, int]]

MISTAKEN = {
    "a group without end": "(",
    "more repetitions than can be counted": "a{99999999999}",
    "groups nested too deeply": "(" * 2_000 + ")" * 2_000,
}


@pytest.mark.parametrize("pattern", MISTAKEN.values(), ids=MISTAKEN)
@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('regex = "JI-(ADULT|YOUTH)"', 'regex = "{}"', "justice_involved.locators.1.regex"),
        ('kind = "mini_mif"\n', 'kind = "mini_mif"\ntrailer = "{}"\n', "trailer"),
    ],
    ids=["locator", "trailer"],
)
def test_a_pattern_that_is_none_is_told_with_its_key(
    spoiled: Spoil, before: str, after: str, key: str, pattern: str
) -> None:
    path, _ = spoiled(before, after.replace("{}", pattern))
    with pytest.raises(ConfigurationError, match="not a regular expression") as refused:
        read_config(path)
    assert key in refused.value.what
    assert pattern not in refused.value.what.replace(key, "")
