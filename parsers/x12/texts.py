"""The text of members, taken from the bytes of their file only when somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from parsers.x12.arrays import Positions
from parsers.x12.text import as_text


@dataclass(frozen=True)
class Stretch:
    """A text in which members stand, each with the terminator of its last segment, and where."""

    text: bytes
    start: Positions
    end: Positions


class MemberTexts:
    """The member loops of a chunk as received but for blanks between segments, by `member_no`."""

    def __init__(self, first: int, stretches: Sequence[Stretch]) -> None:
        self._stretches = stretches
        self._first = first + np.cumsum([0, *(len(stretch.start) for stretch in stretches)])

    def __len__(self) -> int:
        return int(self._first[-1] - self._first[0])

    def of(self, members: Iterable[int]) -> pd.Series[str]:
        """Return the loops of these members, with their numbers as index."""
        numbers = list(members)
        index = pd.Index(numbers, dtype="int64", name="member_no")
        return pd.Series([self._text(number) for number in numbers], index=index, dtype="str", name="segments")

    def _text(self, member: int) -> str:
        place = int(np.searchsorted(self._first, member, side="right")) - 1
        if not 0 <= place < len(self._stretches):
            raise KeyError(member)
        stretch, index = self._stretches[place], member - self._first[place]
        return as_text(stretch.text[stretch.start[index] : stretch.end[index]].decode("latin-1"))
