"""The bytes of whole segments as arrays of positions: where each segment, its id and its elements begin and end.

No object is made of a segment or an element, so that the cost of a member does not depend on how many it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from parsers.x12.arrays import Codes, Mask, Positions, Words
from parsers.x12.clean import bytes_of, cleaned, first_fault, without_blanks
from parsers.x12.delimiters import BLANK, Delimiters
from schemas.findings import file_fault
from schemas.problems import FileFault

WORD = 8
"""Bytes that can be read from any position of `Tokens.data` on, also from its end."""

SPACE = bytes_of(" ")
"""What may stand around a value: `clean.bytes_of` it."""

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
    """How many segments stand before these in what is read at a time (`parsers.x12.unit`)."""
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
    padded: bool
    """Whether any element has spaces around it."""
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
        kept: Words = self.words[values.start]
        kept &= _LEADING_BYTES.take(values.length, mode="clip")
        return kept

    @cached_property
    def heads(self) -> tuple[Words, Words]:
        """Per segment, the leading bytes of its id and of its first element."""
        end_of_id = self.marks[self.first_mark]
        begin = end_of_id + 1
        end = self.marks[self.first_mark + (self.count > 0)]
        return (
            self.leading(Values(self.start, end_of_id - self.start)),
            self.leading(Values(begin, np.maximum(end - begin, 0))),
        )

    def element(self, rows: Positions, position: int | Positions) -> Values:
        """Return an element of the segments `rows` by its position (`REF02` is 2), blanks around it included.

        `position` may differ from row to row.
        """
        mark = self.first_mark[rows]
        last = mark + self.count[rows]
        mark += position
        start = self.marks[np.minimum(mark - 1, last)]
        end = self.marks[np.minimum(mark, last)]
        start += 1
        end -= start
        return Values(start, np.maximum(end, 0, out=end))

    def trimmed(self, values: Values) -> Values:
        """Return the values without spaces around them."""
        if not self.padded:
            return values
        start, end = without_blanks(self.data, values.start, values.start + values.length, SPACE)
        return Values(start, end - start)


class _Marks(NamedTuple):
    """Where the separators of a text stand."""

    every: Positions
    last: Positions
    """Which of the marks are terminators"""
    end: Positions
    """Positions of the terminators"""
    start: Positions
    """Positions of the segments"""
    padded: bool


def tokens(text: bytes, delimiters: Delimiters, number: int) -> Tokens:
    """Find the segments in the text; empty ones and blanks around segments are dropped.

    `number` is `Tokens.number`. The text ends with a terminator or the file.
    """
    if not text.endswith(delimiters.segment.encode()):
        text += delimiters.segment.encode()
    padded_text, marks = text + _PADDING, _marks(text, delimiters)
    good, fault = first_fault(text, marks.start, marks.end)
    clean_text = cleaned(text, marks.start[:good], marks.end[:good])
    if clean_text is not text:
        padded_text, marks = clean_text + _PADDING, _marks(clean_text, delimiters)
    first_mark = np.empty_like(marks.last)
    first_mark[:1] = 0
    np.add(marks.last[:-1], 1, out=first_mark[1:])
    return Tokens(
        text=padded_text,
        delimiters=delimiters,
        number=number,
        start=marks.start,
        end=marks.end,
        marks=marks.every,
        first_mark=first_mark,
        count=marks.last - first_mark,
        padded=marks.padded,
        fault=file_fault("F01", fault, where=f"segment {number + len(marks.end) + 1}") if fault else None,
    )


def _marks(text: bytes, delimiters: Delimiters) -> _Marks:
    data = np.frombuffer(text, np.uint8)
    is_mark = data == ord(delimiters.element)
    is_mark |= data == ord(delimiters.segment)
    every = np.flatnonzero(is_mark)
    last = np.flatnonzero(data[every] == ord(delimiters.segment))
    end = every[last]
    start = np.empty_like(end)
    start[:1] = 0
    np.add(end[:-1], 1, out=start[1:])
    return _Marks(every, last, end, start, _are_neighbours(is_mark, data == ord(" ")))


def _are_neighbours(some: Mask, others: Mask) -> bool:
    """Tell whether one of the bytes stands beside one of the others, 64 bytes at a time."""
    bits, other_bits = (np.packbits(mask, bitorder="little") for mask in (some, others))
    whole = len(bits) // WORD * WORD
    words, other_words = bits[:whole].view("<u8"), other_bits[:whole].view("<u8")
    one, last = np.uint64(1), np.uint64(63)
    after, other_after = (np.append(word[1:], np.uint64(0)) << last for word in (words, other_words))
    rest = slice(max(whole * 8 - 1, 0), None)
    return bool(
        (words & (other_words >> one | other_after)).any()
        or (other_words & (words >> one | after)).any()
        or (some[rest][1:] & others[rest][:-1]).any()
        or (some[rest][:-1] & others[rest][1:]).any()
    )
