"""How senders of an 834 differ in what they put where, as data: a profile declares each column of the three tables.

Only where a value stands and how it is written canonically is here. What a value means (status tables, the
justice-involved indicator) is configuration of a later station. Profiles are read from files by
`parsers.x12.profile_files`; what ties rows together (`member_no`, `segment_no`, `set_control`) is the reader's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

TABLES = ("members", "coverage", "reporting")

KINDS = ("text", "upper", "cin", "date", "span_begin", "span_end", "year_month", "month")
"""How a value is written canonically; `parsers.x12.canonical.WRITTEN` holds what each does."""


WHOLE = (0, 0)
"""Not a piece, but all of a value."""


@dataclass(frozen=True)
class Place:
    """An element of a segment in a loop, or a component of it: `2000/REF*1L/02`, `2100A/DMG/05-3`."""

    loop: str
    segment: str
    qualifiers: tuple[str, ...]
    """What the first element may be (`IL`, `74`); none takes every segment of this id that no other place names."""
    element: int
    component: int = 0
    """From 1; 0 is the whole element."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The segments by the keys of `parsers.x12.guide`."""
        return tuple(f"{self.segment}*{qualifier}" for qualifier in self.qualifiers) or (self.segment,)

    @property
    def name(self) -> str:
        """The segment as it is written in a profile."""
        return f"{self.segment}*{'|'.join(self.qualifiers)}" if self.qualifiers else self.segment

    def __str__(self) -> str:
        component = f"-{self.component}" if self.component else ""
        return f"{self.loop}/{self.name}/{self.element:02d}{component}"


@dataclass(frozen=True)
class Condition:
    """An origin counts only where this place holds one of these codes."""

    place: Place
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Origin:
    """One way to a column's value: a place, another column of the table, or one text for every row."""

    place: Place | None = None
    of: str = ""
    value: str = ""
    after: str = ""
    """The place begins pairs of qualifier and value, as in PER; the value after this qualifier counts."""
    repeats: bool = False
    """Whether the segment may repeat; the first value counts."""
    slot: int = 0
    """Which of several values packed with the profile's separator, from 1; 0 takes them whole."""
    chars: tuple[int, int] = WHOLE
    """First and last character of a fixed-width piece, from 1; a last one of 0 is the end."""
    conditions: tuple[Condition, ...] = ()
    without_end: Place | None = None
    """A place whose value is cut off where it repeats at the end, after a blank."""
    kind: str = "text"
    codes: tuple[tuple[str, str], ...] = ()
    """The sender's codes and ours; others stay as they are."""

    @property
    def places(self) -> tuple[Place, ...]:
        """All places that have a part in the value."""
        others = (self.without_end, *(condition.place for condition in self.conditions))
        return tuple(place for place in (self.place, *others) if place is not None)


@dataclass(frozen=True)
class Column:
    """A column of a table: the first of its origins that has a value counts."""

    name: str
    origins: tuple[Origin, ...]

    @property
    def places(self) -> Iterator[Place]:
        """The places that the column's value may come from."""
        return (origin.place for origin in self.origins if origin.place)


@dataclass(frozen=True)
class EnrollmentProfile:
    """The dialect of one sender. A column that is not declared is missing in every row."""

    name: str
    version: str
    separator: str
    """Between values that the sender packs into one element"""
    members: tuple[Column, ...]
    coverage: tuple[Column, ...]
    """Places of the member's loops stand for each of its coverages."""
    reporting: tuple[Column, ...]
    needed: tuple[tuple[str, str], ...] = ()
    """Tables and columns: a row without anything at a column's places breaks the structure of its member."""

    def table(self, name: str) -> tuple[Column, ...]:
        """Return the columns of one of `TABLES`."""
        return {"members": self.members, "coverage": self.coverage, "reporting": self.reporting}[name]
