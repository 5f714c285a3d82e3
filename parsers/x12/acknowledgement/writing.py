"""Write an interchange back to the sender of another one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from parsers.x12.delimiters import Delimiters
from parsers.x12.interchanges import Interchange

GUIDE = "005010X231A1"
STANDARD = Delimiters("*", ":", "^", "~")

_QUALIFIERS = ("01", "14", "20", "27", "28", "29", "30", "33", "ZZ")
"""What ISA05 and ISA07 may hold."""

_TEXT = re.compile(r"[^ -~]")
"""What may not stand in a value: anything but printable ASCII."""


@dataclass(frozen=True)
class Stamp:
    """What an interchange says of itself and nobody can read off what it answers."""

    on: date
    time: str
    """HHMM"""
    interchange_number: int
    """ISA13"""
    first_group_number: int = 1
    """GS06 of its first functional group; the others follow"""


class Reply:
    """An interchange that goes back: addresses swapped, in the delimiters of its partner if they can be used."""

    def __init__(self, answered: Interchange, stamp: Stamp) -> None:
        self._answered = answered
        self.stamp = stamp
        self._delimiters = _usable(answered)

    def compose(self, *values: str) -> str:
        """Join an id and elements to a segment; empty elements at its end are left out."""
        joined = self._delimiters.element.join(values)
        return joined.rstrip(self._delimiters.element) + self._delimiters.segment

    def component(self, *values: str) -> str:
        """Join components to an element; empty ones at its end are left out."""
        return self._delimiters.component.join(values).rstrip(self._delimiters.component)

    def clean(self, value: str, longest: int, *, shortest: int = 1, otherwise: str = "") -> str:
        """Take a value over from the envelope that is answered, or `otherwise` if it cannot stand in an answer."""
        marks = self._delimiters
        kept = _TEXT.sub("", value)
        for mark in (marks.element, marks.component, marks.repetition, marks.segment):
            kept = kept.replace(mark, "")
        kept = kept.strip()[:longest].strip()
        return kept if len(kept) >= shortest else otherwise

    def wrap(self, groups: int, segments: Iterable[str]) -> bytes:
        """Put ISA and IEA around segments that make up so many functional groups."""
        answered, stamp, marks = self._answered, self.stamp, self._delimiters
        number = f"{stamp.interchange_number:09d}"
        isa = marks.element.join(
            (
                "ISA", "00", " " * 10, "00", " " * 10,
                self._qualifier(answered.receiver_qualifier), f"{self.clean(answered.receiver_id, 15):15}",
                self._qualifier(answered.sender_qualifier), f"{self.clean(answered.sender_id, 15):15}",
                f"{stamp.on:%y%m%d}", stamp.time, marks.repetition, "00501", number, "0",
                "T" if answered.usage == "T" else "P", marks.component,
            )
        )  # fmt: skip
        return "".join((isa, marks.segment, *segments, self.compose("IEA", str(groups), number))).encode("ascii")

    @staticmethod
    def _qualifier(value: str) -> str:
        return value if value in _QUALIFIERS else "ZZ"


def _usable(answered: Interchange) -> Delimiters:
    """Return the delimiters of the interchange, or the standard ones where they would break the answer.

    They must be four different marks, none of which stands in a name that the answer repeats.
    """
    marks = answered.delimiters
    echoed = "".join(
        (answered.sender_id, answered.receiver_id, *(group.sender + group.receiver for group in answered.groups))
    )
    visible = all("!" <= mark <= "~" for mark in (marks.element, marks.component, marks.repetition, marks.segment))
    if not (visible and marks.usual and marks.separates_repetitions):
        return STANDARD
    return STANDARD if {marks.component, marks.repetition, marks.segment, marks.element} & set(echoed) else marks
