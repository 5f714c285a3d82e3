"""What was decided about an interchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SetResult:
    """What became of a transaction set in a file that was not held."""

    deviations: int = 0
    """How many deviations from the guide its segments have, listed or not"""
    loaded: int = 0
    """Members taken"""
    rejected: int = 0
    """Members not taken"""


@dataclass(frozen=True)
class Decision:
    """What the receiver decided about an interchange."""

    held: bool
    """Whether nothing of it was taken"""
    repeated: bool = False
    """Whether its control number came before"""
    sets: Mapping[int, SetResult] = field(default_factory=dict)
    """By the place of the ST; a set that is missing here has nothing against it"""

    def of(self, first: int) -> SetResult:
        """Return what became of the set whose ST is the segment `first`."""
        return self.sets.get(first, SetResult())
