"""Follow a member's segments through the loops of the guide and collect the raw rows and what breaks the structure.

A segment without a place in the guide, a second name or a value where one was already read mean that the loop may mix
two people or two months: the member is reported with R17 and what came first is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.x12.delimiters import BLANK, Delimiters
from parsers.x12.guide import MEMBER, NAME, QUALIFIED, REPORTING_OPEN, transitions
from parsers.x12.slots import (
    COMMUNICATION,
    COVERAGE_SLOTS,
    LANGUAGE,
    MEMBER_SLOTS,
    RAW_COVERAGE_COLUMNS,
    RAW_MEMBER_COLUMNS,
    RAW_REPORTING_COLUMNS,
    REPORTING_SLOTS,
    plan,
)
from parsers.x12.text import as_text, elements, is_utf8
from schemas.findings import file_fault

Row = list[str | int | None]

MAX_MEMBER = 4_000_000
"""Characters of one member loop; some 20,000 benefit months. Beyond it the file has lost its INS segments."""

LONG_SEGMENT = 1_000
"""Characters. The guide's longest member segment is shorter; what is longer did not come from an enrollment system."""

_MEMBER, _COVERAGE, _REPORTING = (
    plan(MEMBER_SLOTS, RAW_MEMBER_COLUMNS),
    plan(COVERAGE_SLOTS, RAW_COVERAGE_COLUMNS),
    plan(REPORTING_SLOTS, RAW_REPORTING_COLUMNS),
)
_PLAN = {**_MEMBER, **_COVERAGE, **_REPORTING}
_AT = {column: position for position, column in enumerate(RAW_MEMBER_COLUMNS)}
_COMMUNICATION = {qualifier: _AT[column] for qualifier, column in COMMUNICATION.items()}
_BEGIN = RAW_COVERAGE_COLUMNS.index("benefit_begin")
_OPENS = frozenset({"HD", "LX"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


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

    def __init__(self) -> None:
        self._transitions = transitions()
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
        self._member: Row = [None] * len(RAW_MEMBER_COLUMNS)
        self._row = self._member
        self._loop = MEMBER
        self._places = self._transitions[MEMBER]
        self._slots = _PLAN[MEMBER]
        self._named = False
        self._broken = self._damaged = self._category_no = 0
        self._segments: list[str] = []
        self._first_size = self.size
        self.members.append(self._member)
        self._member[_AT["set_control"]] = set_control or None
        self._member[_AT["segment_no"]] = number
        segment = self._take(text, number)
        self._fill(_PLAN[MEMBER]["INS"], segment, number)
        self._first_component("medicare_status")

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
        slots = self._slots.get(key) or self._slots.get(name)
        if slots:
            self._fill(slots, segment, number)
        if loop == NAME:
            self._describe(name, segment)

    def end(self) -> None:
        """Close the member and say what is missing."""
        found = [
            (not self._named, "NM1*IL", "R17"),
            (self._loop in REPORTING_OPEN, "LE", "R17"),
            (self._broken > 0, f"segment {self._broken}", "R17"),
            (self._damaged > 0, f"segment {self._damaged}", "R16"),
            (any(row[_BEGIN] is None for row in self._coverages()), "DTP*348", "R17"),
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
        self._slots = _PLAN.get(loop, {})
        if name == "HD":
            self._row = [None] * len(RAW_COVERAGE_COLUMNS)
            self._row[-2:] = self._member_no, number
            self.coverage.append(self._row)
        elif key == "N1*75":
            self._row = [None] * len(RAW_REPORTING_COLUMNS)
            self._row[-2:] = self._member_no, self._category_no
            self.reporting.append(self._row)
        elif name == "LX":
            self._category_no = number
        elif loop == NAME:
            if self._named:
                self._break(number)
            self._named = True

    def _fill(self, slots: tuple[tuple[int, int], ...], segment: Sequence[str], number: int) -> None:
        row, length = self._row, len(segment)
        for element, column in slots:
            if element < length:
                value = segment[element].strip(BLANK)
                if value:
                    if row[column] is None:
                        row[column] = value
                    else:
                        self._break(number)

    def _describe(self, name: str, segment: Sequence[str]) -> None:
        """Read the segments of 2100A that a slot does not describe: where an element says what the next one holds."""
        if name == "PER":
            for qualifier, value in zip(segment[3::2], segment[4::2], strict=False):
                column = _COMMUNICATION.get(qualifier.strip(BLANK))
                if column is not None:
                    self._member[column] = self._member[column] or value.strip(BLANK) or None
        elif name == "LUI":
            language = segment[2].strip(BLANK) if len(segment) > 2 else ""
            self._member[_AT[LANGUAGE]] = self._member[_AT[LANGUAGE]] or language or None
        elif name == "DMG":
            self._race()

    def _race(self) -> None:
        """DMG05 is a code or a composite whose second component says that the third is a CDC code; the first counts."""
        value = self._member[_AT["race"]]
        if isinstance(value, str):
            marks = self._delimiters
            first = value.split(marks.repetition)[0] if marks.separates_repetitions else value
            components = [part.strip(BLANK) for part in first.split(marks.component)]
            coded = components[2] if len(components) > 2 and components[1] == "RET" else ""
            self._member[_AT["race"]] = components[0] or coded or None

    def _first_component(self, column: str) -> None:
        value = self._member[_AT[column]]
        if isinstance(value, str):
            self._member[_AT[column]] = value.split(self._delimiters.component)[0].strip(BLANK) or None

    def _break(self, number: int) -> None:
        self._broken = self._broken or number

    def _coverages(self) -> list[Row]:
        """Return the coverage rows of the current member."""
        first = len(self.coverage)
        while first and self.coverage[first - 1][-2] == self._member_no:
            first -= 1
        return self.coverage[first:]
