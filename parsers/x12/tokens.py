"""The bytes of whole segments as arrays of positions: where each segment, its id and its elements begin and end.

No object is made of a segment or an element, so that the cost of a member does not depend on how many it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from parsers.x12.arrays import Codes, Positions, Words
from parsers.x12.clean import clean
from parsers.x12.delimiters import BLANK, Delimiters
from schemas.findings import file_fault
from schemas.problems import FileFault

WORD = 8
"""Bytes that can be read from any position of `Tokens.data` on, also from its end."""

_PADDING = bytes(2 * WORD)
_LEADING_BYTES = np.array([(1 << 8 * count) - 1 for count in range(5)], dtype=np.uint64)


class Values(NamedTuple):
    """Pieces of the data by position; what is absent has the length 0."""

    start: Positions
    length: Positions


@dataclass(frozen=True)
class Tokens:
    """The segments of a stretch of one interchange, none empty, with nothing but a terminator between them."""

    text: bytes
    """Segments and terminators, and then `2 * WORD` zeros."""
    delimiters: Delimiters
    number: int
    """How many segments of the file stand before these."""
    start: Positions
    """Per segment, the position of its first byte"""
    end: Positions
    """Per segment, the position of its terminator"""
    marks: Positions
    """Positions of all element separators and terminators."""
    first_mark: Positions
    """Per segment, which of the marks ends its id"""
    count: Positions
    """Per segment, how many elements follow its id"""
    fault: FileFault | None
    """What is wrong with the segment after these, if that is why they end here."""

    def __len__(self) -> int:
        return len(self.start)

    @property
    def data(self) -> Codes:
        """The text as numbers, with the padding."""
        return np.frombuffer(self.text, np.uint8)

    @property
    def size(self) -> int:
        """Bytes of the text without the padding."""
        return len(self.text) - len(_PADDING)

    @property
    def words(self) -> Words:
        """The eight bytes from each position on, the first one lowest."""
        return np.ndarray((len(self.text) - WORD + 1,), "<u8", self.text, 0, (1,))

    def segment(self, index: int) -> str:
        """Return a segment, bytes carried as Latin-1."""
        return self.text[self.start[index] : self.end[index]].decode("latin-1")

    def name(self, index: int) -> str:
        """Return the id that a segment begins with, without blanks around it."""
        head = self.text[self.start[index] : min(self.start[index] + 4, self.end[index])].decode("latin-1")
        return head.partition(self.delimiters.element)[0].strip(BLANK)

    def leading(self, values: Values) -> Words:
        """Return up to four bytes of each value as a number, the first one lowest."""
        kept: Words = self.words[values.start] & _LEADING_BYTES[np.minimum(values.length, 4)]
        return kept

    def ids(self) -> Values:
        """Return the segments' ids."""
        return Values(self.start, self.marks[self.first_mark] - self.start)

    def element(self, rows: Positions, position: int | Positions) -> Values:
        """Return an element of the segments `rows` by its position (`REF02` is 2), blanks around it included.

        `position` may differ from row to row.
        """
        has = self.count[rows] >= position
        mark = self.first_mark[rows] + position
        if has.all():
            start = self.marks[mark - 1] + 1
            return Values(start, self.marks[mark] - start)
        mark *= has
        start = self.marks[mark - 1] + 1
        return Values(start, (self.marks[mark] - start) * has)

    def trimmed(self, values: Values) -> Values:
        """Return the values without spaces around them."""
        start, length = values
        while (blank := (self.data[start] == ord(" ")) & (length > 0)).any():
            start, length = start + blank, length - blank
        while (blank := (self.data[start + length - 1] == ord(" ")) & (length > 0)).any():
            length = length - blank
        return Values(start, length)


def tokens(text: bytes, delimiters: Delimiters, number: int) -> Tokens:
    """Find the segments in the text; empty ones and blanks around segments are dropped.

    `number` is how many segments of the file stand before the text. The text ends with a terminator or the file.
    """
    text, fault = clean(text, delimiters.segment)
    data = np.frombuffer(text, np.uint8)
    terminator = ord(delimiters.segment)
    marks = np.flatnonzero((data == ord(delimiters.element)) | (data == terminator))
    last = np.flatnonzero(data[marks] == terminator)
    end = marks[last]
    first_mark = np.concatenate(([0], last[:-1] + 1))[: len(last)]
    return Tokens(
        text=text + _PADDING,
        delimiters=delimiters,
        number=number,
        start=np.concatenate(([0], end[:-1] + 1))[: len(end)],
        end=end,
        marks=marks,
        first_mark=first_mark,
        count=last - first_mark,
        fault=file_fault("F01", fault, where=f"segment {number + len(end) + 1}") if fault else None,
    )
