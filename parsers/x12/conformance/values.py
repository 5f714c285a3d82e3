"""Prove elements by whole columns: which segments of a node hold nothing that pyx12 would object to.

A segment that is not proved is not wrong: it is what pyx12 itself is asked about. So every check here may be too
strict and none too lax.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pyx12.segment import Element, Segment
from pyx12.syntax import is_syntax_valid

from parsers.x12.arrays import Mask, Positions, Words
from parsers.x12.conformance.authority import composite_is_sound
from parsers.x12.delimiters import Delimiters
from parsers.x12.tokens import Tokens, Values

KEY_BYTES = 8
"""Bytes of a value that fit into a number."""

_LENGTHS = np.array([(1 << 8 * length) - 1 for length in range(KEY_BYTES + 1)], np.uint64)
_MOST_ASKED = 2_000
"""Distinct values of an element that are asked about at once and remembered; with more, it is not a list of codes."""

_MIXER = np.uint64(0xD6E8FEB86659FD93)
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_FIRST_YEAR = 1800
_DAY_FORMAT, _SPAN_FORMAT = (int.from_bytes(text, "little") for text in (b"D8", b"RD8"))
_DAY, _SPAN = 8, 17
_ZEROS, _SIXES, _HIGH = (np.uint64(byte * 0x0101010101010101) for byte in (ord("0"), 6, 0xF0))


class Grid:
    """The elements of some segments of one node: where each begins and how long it is, 0 for an absent one."""

    def __init__(self, tokens: Tokens, rows: Positions) -> None:
        self.tokens = tokens
        self.rows = rows
        count, first_mark = tokens.count[rows], tokens.first_mark[rows]
        self.width = int(count.max())
        """Elements of the longest segment"""
        full = int(count.min())
        bounds = [
            tokens.marks[first_mark + (position if position <= full else np.minimum(position, count))]
            for position in range(self.width + 1)
        ]
        self._values = []
        for position in range(1, self.width + 1):
            start = bounds[position - 1] + 1
            length = bounds[position] - start
            # Beyond its last element, a segment's bounds are the same.
            self._values.append(Values(start, length if position <= full else np.maximum(length, 0)))

    def __len__(self) -> int:
        return len(self.rows)

    def element(self, position: int) -> Values:
        """Return an element by its position, from 1."""
        return self._values[position - 1]

    def present(self) -> Positions:
        """Return which elements are there, element 1 being the lowest bit."""
        present = np.zeros(len(self), np.int64)
        always = 0
        for number, (_, length) in enumerate(self._values):
            there = length > 0
            if there.all():
                always |= 1 << number
            elif there.any():
                present |= there.astype(np.int64) << number
        return present | always

    def numbers(self, values: Values) -> Words:
        """Return up to eight bytes of each value as a number."""
        kept: Words = self.tokens.words[values.start] & _LENGTHS[np.minimum(values.length, KEY_BYTES)]
        return kept


class SegmentProof:
    """What must hold of the segments of one node."""

    def __init__(self, node: Any, delimiters: Delimiters) -> None:
        self._node = node
        self._elements = [_proof(child, number, delimiters) for number, child in enumerate(node.children, start=1)]
        self._patterns = np.zeros(1 << len(node.children), np.uint8)

    @property
    def most_elements(self) -> int:
        """Elements that the guide gives the segment"""
        return len(self._elements)

    def holds(self, grid: Grid, separators: Positions) -> Mask:
        """Tell which segments are proved; `separators` counts the component separators of each."""
        proved = self._has_right_elements(grid.present())
        allowed = np.zeros(len(grid), np.int64)
        for position, proof in enumerate(self._elements[: grid.width], start=1):
            values = grid.element(position)
            absent = values.length == 0
            if isinstance(proof, _Composite):
                sound, inside = proof.examine(grid, values)
                proved &= sound | absent
                allowed += inside
            elif not absent.all():
                proved &= proof.holds(grid, values) | absent
        proved &= separators == allowed
        return proved

    def _has_right_elements(self, patterns: Positions) -> Mask:
        """Tell which patterns of present elements satisfy usage and the relations between elements."""
        known = self._patterns[patterns]
        if not known.all():
            for pattern in np.unique(patterns[known == 0]).tolist():
                self._patterns[pattern] = 1 + self._is_right(pattern)
            known = self._patterns[patterns]
        right: Mask = known > 1
        return right

    def _is_right(self, pattern: int) -> bool:
        filled = [bool(pattern >> number & 1) for number in range(len(self._elements))]
        forbidden = {True: "N", False: "R"}
        if any(child.usage == forbidden[there] for child, there in zip(self._node.children, filled, strict=True)):
            return False
        text = "*".join([str(self._node.id), *("X" * there for there in filled)])
        segment = Segment(text, "~", "*", ":")
        return all(is_syntax_valid(segment, rule)[0] for rule in self._node.syntax)


class _Text:
    """Text of any content, between two lengths."""

    def __init__(self, node: Any) -> None:
        self._least, self._most = node.min_len, node.max_len

    def holds(self, _: Grid, values: Values) -> Mask:
        proved: Mask = (values.length >= self._least) & (values.length <= self._most)
        return proved


class _Listed:
    """Values that pyx12 is asked about once each."""

    def __init__(self, node: Any) -> None:
        self._node = node
        self._asked = np.empty(0, np.uint64)
        self._sound = np.zeros(1, np.bool_)

    def holds(self, grid: Grid, values: Values) -> Mask:
        numbers = grid.numbers(values)
        short = (values.length > 0) & (values.length <= KEY_BYTES)
        at = self._find(numbers)
        unknown = np.flatnonzero((at < 0) & short)
        if len(unknown) and len(self._asked) < _MOST_ASKED:
            self._ask(np.unique(numbers[unknown]))
            at = self._find(numbers)
        proved: Mask = self._sound[at] & short
        return proved

    def _find(self, numbers: Words) -> Positions:
        """Return where the numbers stand among those asked about; -1 for none, which is not sound."""
        if not len(self._asked):
            return np.full(len(numbers), -1)
        at = np.minimum(np.searchsorted(self._asked, numbers), len(self._asked) - 1)
        return np.where(self._asked[at] == numbers, at, -1)

    def _ask(self, numbers: Words) -> None:
        texts = (number.to_bytes(KEY_BYTES, "little").rstrip(b"\0").decode("latin-1") for number in numbers.tolist())
        sound = [bool(text) and self._node.is_valid_errors(Element(text))[0] for text in texts]
        asked = np.concatenate([self._asked, numbers])
        order = np.argsort(asked)
        self._sound = np.append(np.concatenate([self._sound[:-1], sound])[order], [False]).astype(np.bool_)
        self._asked = asked[order]


class _Number:
    """Whole numbers without a sign; others are asked about."""

    def __init__(self, node: Any) -> None:
        self._least, self._most = node.min_len, min(node.max_len, KEY_BYTES)
        self._others = _Listed(node)

    def holds(self, grid: Grid, values: Values) -> Mask:
        padded = grid.numbers(values) | _ZEROS & ~_LENGTHS[np.minimum(values.length, KEY_BYTES)]
        proved: Mask = _all_digits(padded) & (values.length >= self._least) & (values.length <= self._most)
        return proved if proved.all() else proved | self._others.holds(grid, values)


class _Day:
    """A day of the calendar, `YYYYMMDD`."""

    def __init__(self, _: Any) -> None: ...

    def holds(self, grid: Grid, values: Values) -> Mask:
        proved: Mask = (values.length == _DAY) & _are_days(grid.tokens.words[values.start])
        return proved


class _Dated:
    """A day, or a span of days, as the element before says; where that is always `D8`, a day."""

    def __init__(self, node: Any, position: int) -> None:
        self._text = _Text(node)
        self._position = position

    def holds(self, grid: Grid, values: Values) -> Mask:
        words = grid.tokens.words
        formats = grid.numbers(grid.element(self._position - 1))
        is_day = (formats == _DAY_FORMAT) & (values.length == _DAY) & _are_days(words[values.start])
        proved: Mask = is_day
        spans = np.flatnonzero((formats == _SPAN_FORMAT) & (values.length == _SPAN))
        if len(spans):
            start = values.start[spans]
            between = grid.tokens.data[start + _DAY] == ord("-")
            proved[spans] = between & _are_days(words[start]) & _are_days(words[start + _DAY + 1])
        return proved & self._text.holds(grid, values)


class _Composite:
    """A composite, of which pyx12 is asked about each value once."""

    def __init__(self, node: Any, delimiters: Delimiters) -> None:
        self._node, self._delimiters = node, delimiters
        self._asked: dict[tuple[int, int], tuple[bool, int]] = {}

    def examine(self, grid: Grid, values: Values) -> tuple[Mask, Positions]:
        """Tell which values are proved, and how many component separators each holds."""
        first, second = grid.numbers(values), grid.numbers(_after(values, KEY_BYTES))
        _, example, at = np.unique(first ^ second * _MIXER, return_index=True, return_inverse=True)
        same = (first == first[example][at]) & (second == second[example][at])
        pairs = zip(first[example].tolist(), second[example].tolist(), strict=True)
        verdicts = np.array([self._verdict(*pair) for pair in pairs], np.int64)[at]
        return (verdicts[:, 0] > 0) & same & (values.length <= 2 * KEY_BYTES), verdicts[:, 1]

    def _verdict(self, first: int, second: int) -> tuple[bool, int]:
        key = (first, second)
        if key not in self._asked:
            if len(self._asked) >= _MOST_ASKED:
                return False, 0
            text = b"".join(word.to_bytes(KEY_BYTES, "little") for word in key).rstrip(b"\0").decode("latin-1")
            separators = text.count(self._delimiters.component)
            self._asked[key] = composite_is_sound(self._node, text, self._delimiters), separators
        return self._asked[key]


def _proof(node: Any, position: int, delimiters: Delimiters) -> Any:
    if node.is_composite():
        return _Composite(node, delimiters)
    if not (node.valid_codes or node.external_codes or node.rec):
        if node.data_ele == _DATE_TIME_PERIOD:
            return _Dated(node, position)
        kind = "N" if node.data_type.startswith("N") else node.data_type
        if kind in _OF_KIND:
            return _OF_KIND[kind](node)
    return _Listed(node)


_OF_KIND: dict[str, Any] = {"AN": _Text, "ID": _Text, "DT": _Day, "N": _Number, "R": _Number}
_DATE_TIME_PERIOD = "1251"
"""The data element whose form another element says, in all segments of the guide the one before it."""


def _all_digits(words: Words) -> Mask:
    """Tell which words are eight digits."""
    digits: Mask = ((words & _HIGH) == _ZEROS) & (((words + _SIXES) & _HIGH) == _ZEROS)
    return digits


def _are_days(words: Words) -> Mask:
    """Tell which words are `YYYYMMDD` and, of pyx12's calendar, a day."""
    digits = [((words >> np.uint64(8 * place)) & np.uint64(15)).astype(np.int64) for place in range(_DAY)]
    year = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3]
    month, day = digits[4] * 10 + digits[5], digits[6] * 10 + digits[7]
    leaps = (month == 2) & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = _MONTH_DAYS[np.minimum(month, 12)] + leaps
    days: Mask = (
        _all_digits(words) & (year >= _FIRST_YEAR) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= longest)
    )
    return days


def _after(values: Values, skipped: int) -> Values:
    """Return the values without their first bytes."""
    return Values(values.start + skipped * (values.length > skipped), np.maximum(values.length - skipped, 0))
