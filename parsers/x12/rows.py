"""Follow a member's segments through the loops of the guide and collect the raw rows and what breaks the structure.

A segment without a place in the guide, a second name or a value where one was already read mean that the loop may mix
two people or two months: the member is reported with R17 and what came first is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from parsers.x12.delimiters import BLANK, Delimiters
from parsers.x12.guide import MEMBER, NAME, QUALIFIED, REPORTING_OPEN, transitions
from parsers.x12.profile import TABLES
from parsers.x12.slots import Slots
from parsers.x12.text import as_text, elements, is_utf8
from schemas.findings import file_fault

Row = list[str | int | None]

MAX_MEMBER = 4_000_000
"""Characters of one member loop; some 20,000 benefit months. Beyond it the file has lost its INS segments."""

LONG_SEGMENT = 1_000
"""Characters. The guide's longest member segment is shorter; what is longer did not come from an enrollment system."""

_OPENS = frozenset({"HD", "LX"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class _First(NamedTuple):
    """`slots.FirstOf` with the position of its column."""

    elements: tuple[int, ...]
    after: str
    conditions: tuple[tuple[int, tuple[str, ...]], ...]
    column: int


class _Kind(NamedTuple):
    """What one kind of segment fills."""

    slots: tuple[tuple[int, int], ...]
    """Element and position of the column"""
    firsts: tuple[_First, ...]


_NO_KINDS: Mapping[str, _Kind] = {}
_NOTHING = _Kind((), ())


class MemberRows:
    """Rows of the members read since the last `clear`.

    Attributes
    ----------
    members, coverage, reporting
        Rows with the columns that `parsers.x12.slots` gives them.
    texts
        The member loops as received, but for blanks between segments.
    findings
        `(member_no, column, code)`; the column is a segment that is missing, or the place of one.
    size
        Characters held.
    """

    def __init__(self, slots: Slots) -> None:
        self._transitions = transitions()
        self._widths = tuple(len(slots.table(name).columns) for name in TABLES)
        self._kinds = _kinds(slots)
        self._components = tuple(
            [
                (columns.index(part.element), part.number, columns.index(part.column))
                for part in slots.table(name).components
            ]
            for name in TABLES
            for columns in [slots.table(name).columns]
        )
        self.clear()

    def clear(self) -> None:
        """Forget the rows."""
        self.members: list[Row] = []
        self.coverage: list[Row] = []
        self.reporting: list[Row] = []
        self.texts: list[str] = []
        self.findings: list[tuple[int, str, str]] = []
        self.size = 0

    def begin(self, member_no: int, text: str, number: int, delimiters: Delimiters, set_control: str) -> None:
        """Begin a member with the INS segment `text`, the file's segment `number`."""
        self._member_no = member_no
        self._delimiters = delimiters
        self._row: Row = [None] * self._widths[0]
        self._loop = MEMBER
        self._places = self._transitions[MEMBER]
        self._of_loop = self._kinds.get(MEMBER, _NO_KINDS)
        self._named = False
        self._broken = self._damaged = self._category_no = 0
        self._segments: list[str] = []
        self._first_size = self.size
        self._first_rows = len(self.members), len(self.coverage), len(self.reporting)
        self.members.append(self._row)
        self._row[-2:] = set_control or None, number
        segment = self._take(text, number)
        self._fill(self._of_loop.get("INS", _NOTHING), segment, number)

    def add(self, text: str, number: int) -> None:
        """Take the member's next segment."""
        segment = self._take(text, number)
        name = segment[0].strip(BLANK)
        key = f"{name}*{segment[1].strip(BLANK)}" if name in QUALIFIED and len(segment) > 1 else name
        loop = self._places.get(name) or self._places.get(key)
        if loop is None:
            self._break(number)
            return
        if loop != self._loop or name in _OPENS:
            self._enter(loop, name, key, number)
        kind = self._of_loop.get(key) or self._of_loop.get(name)
        if kind:
            self._fill(kind, segment, number)

    def end(self) -> None:
        """Close the member and say what is missing."""
        for rows, first, parts in zip(
            (self.members, self.coverage, self.reporting), self._first_rows, self._components, strict=True
        ):
            for row in rows[first:] if parts else ():
                self._take_apart(row, parts)
        found = [
            (not self._named, "NM1*IL", "R17"),
            (self._loop in REPORTING_OPEN, "LE", "R17"),
            (self._broken > 0, f"segment {self._broken}", "R17"),
            (self._damaged > 0, f"segment {self._damaged}", "R16"),
        ]
        text = "".join(f"{segment}{self._delimiters.segment}" for segment in self._segments)
        found.append((not text.isascii() and not is_utf8(text), "", "W06"))
        self.texts.append(as_text(text))
        self.findings.extend((self._member_no, column, code) for is_so, column, code in found if is_so)

    def _take(self, text: str, number: int) -> list[str]:
        self._segments.append(text)
        self.size += len(text) + 1
        if self.size - self._first_size > MAX_MEMBER:
            raise file_fault("F01", f"a member has more than {MAX_MEMBER} characters", where=f"segment {number}")
        if len(text) > LONG_SEGMENT or not (text.isprintable() or self._is_clean(text)):
            self._damaged = self._damaged or number
        return elements(text, self._delimiters.element)

    def _is_clean(self, text: str) -> bool:
        """Tell whether a segment is free of control characters other than its delimiters."""
        marks = self._delimiters
        values = text.translate(str.maketrans("", "", marks.element + marks.component + marks.repetition))
        return _CONTROL.search(values) is None

    def _enter(self, loop: str, name: str, key: str, number: int) -> None:
        self._loop = loop
        self._places = self._transitions[loop]
        self._of_loop = self._kinds.get(loop, _NO_KINDS)
        if name == "HD":
            self._row = [None] * self._widths[1]
            self._row[-2:] = self._member_no, number
            self.coverage.append(self._row)
        elif key == "N1*75":
            self._row = [None] * self._widths[2]
            self._row[-2:] = self._member_no, self._category_no
            self.reporting.append(self._row)
        elif name == "LX":
            self._category_no = number
        elif loop == NAME:
            if self._named:
                self._break(number)
            self._named = True

    def _fill(self, kind: _Kind, segment: Sequence[str], number: int) -> None:
        row, length = self._row, len(segment)
        for element, column in kind.slots:
            if element < length:
                value = segment[element].strip(BLANK)
                if value:
                    if row[column] is None:
                        row[column] = value
                    else:
                        self._break(number)
        for first in kind.firsts:
            if row[first.column] is None:
                row[first.column] = _first_value(first, segment)

    def _take_apart(self, row: Row, parts: Sequence[tuple[int, int, int]]) -> None:
        """Fill the columns of components: of a repeated element the first counts."""
        marks = self._delimiters
        for element, number, column in parts:
            value = row[element]
            if isinstance(value, str):
                first = value.split(marks.repetition)[0] if marks.separates_repetitions else value
                components = first.split(marks.component)
                row[column] = components[number - 1].strip(BLANK) or None if number <= len(components) else None

    def _break(self, number: int) -> None:
        self._broken = self._broken or number


def _first_value(first: _First, segment: Sequence[str]) -> str | None:
    """Return the value that a segment has to give; pairs of qualifier and value may go on beyond the guide's."""
    if any(_text(segment, element) not in codes for element, codes in first.conditions):
        return None
    if not first.after:
        return _text(segment, first.elements[0]) or None
    places = range(first.elements[0], len(segment) - 1, 2)
    values = (_text(segment, place + 1) for place in places if _text(segment, place) == first.after)
    return next(filter(None, values), None)


def _text(segment: Sequence[str], element: int) -> str:
    return segment[element].strip(BLANK) if element < len(segment) else ""


def _kinds(slots: Slots) -> dict[str, dict[str, _Kind]]:
    """Arrange what segments fill by loop and segment key."""
    arranged: dict[str, dict[str, _Kind]] = {}
    for table in map(slots.table, TABLES):
        for slot in table.slots:
            of_loop = arranged.setdefault(slot.loop, {})
            before = of_loop.get(slot.key, _NOTHING)
            filled = (*before.slots, (slot.element, table.columns.index(slot.column)))
            of_loop[slot.key] = before._replace(slots=filled)
        for each in table.firsts:
            of_loop = arranged.setdefault(each.loop, {})
            before = of_loop.get(each.key, _NOTHING)
            first = _First(each.elements, each.after, each.conditions, table.columns.index(each.column))
            of_loop[each.key] = before._replace(firsts=(*before.firsts, first))
    return arranged
