"""What columns mean by their names, and which of them name a person: `meanings.toml`, which every floor may read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path


class Privacy(StrEnum):
    """What a column says of a person."""

    NAMES = "names"
    """It names somebody by itself, or holds a whole row that does."""
    TELLS = "tells"
    """It says something of the person whom its row names."""
    NOTHING = ""
    """It says nothing of anybody."""


@dataclass(frozen=True)
class Vocabulary:
    """Names of columns.

    Attributes
    ----------
    anchors
        Columns that make a table one about people.
    meanings
        What a name means wherever nothing else is said.
    privacy
        What it says of a person in a table about people; a name that is not listed tells something.
    """

    anchors: frozenset[str]
    meanings: Mapping[str, str]
    privacy: Mapping[str, Privacy]

    def privacy_of(self, name: str) -> Privacy:
        """Say what a column of a table about people says of the person."""
        return self.privacy.get(name, Privacy.TELLS)


@cache
def vocabulary() -> Vocabulary:
    """Read the names."""
    document = tomllib.loads(Path(__file__).with_name("meanings.toml").read_text(encoding="utf-8"))
    sections = {"names": Privacy.NAMES, "tells": Privacy.TELLS, "technical": Privacy.NOTHING}
    return Vocabulary(
        anchors=frozenset(document["anchors"]),
        meanings={name: meaning for section in sections for name, meaning in document[section].items()},
        privacy={name: privacy for section, privacy in sections.items() for name in document[section]},
    )
