"""Which element of which segment in which loop fills which column of the raw tables: a profile, arranged for reading.

Raw columns hold the text of an element as received, without blanks around it, and are named after its place;
`parsers.x12.tables` makes the tables of `schemas.enrollment` of them. Segment keys are those of `parsers.x12.guide`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from parsers.x12.guide import shapes
from parsers.x12.profile import TABLES, EnrollmentProfile, Origin, Place
from parsers.x12.profile_places import COVERAGE_LOOPS, MEMBER_LOOPS


class Slot(NamedTuple):
    """An element of a segment that stands once in its loop."""

    loop: str
    key: str
    element: int
    column: str


class FirstOf(NamedTuple):
    """An element of a segment that may repeat: the first value counts."""

    loop: str
    key: str
    elements: tuple[int, ...]
    """The element; with `after` all that hold a qualifier by the guide, each followed by its value."""
    after: str
    conditions: tuple[tuple[int, tuple[str, ...]], ...]
    """Elements of the segment and the codes that they may hold"""
    column: str


class Component(NamedTuple):
    """A component of an element; of a repeated element the first counts."""

    element: str
    """The raw column of the element"""
    number: int
    column: str


@dataclass(frozen=True)
class RawTable:
    """What fills the raw rows of a table."""

    slots: tuple[Slot, ...]
    firsts: tuple[FirstOf, ...]
    components: tuple[Component, ...]
    columns: tuple[str, ...]
    """All raw columns; the last two are numbers: `member_no` (of members the `set_control`) and `segment_no`."""


@dataclass(frozen=True)
class Slots:
    """What fills the raw rows of the three tables."""

    members: RawTable
    coverage: RawTable
    reporting: RawTable

    def table(self, name: str) -> RawTable:
        """Return one of the tables by name."""
        return {"members": self.members, "coverage": self.coverage, "reporting": self.reporting}[name]


def table_of(place: Place) -> str:
    """Return the raw table whose rows a place belongs to."""
    if place.loop in MEMBER_LOOPS:
        return "members"
    return "coverage" if place.loop in COVERAGE_LOOPS else "reporting"


def raw_column(origin: Origin) -> str:
    """Name the raw column that an origin with a place takes its value from."""
    if not origin.repeats:
        return str(origin.place)
    after = f" after {origin.after}" if origin.after else ""
    when = "".join(f" when {c.place.element:02d}={'|'.join(c.codes)}" for c in origin.conditions)
    return f"first {origin.place}{after}{when}"


@cache
def slots_of(profile: EnrollmentProfile) -> Slots:
    """Arrange what a profile declares by the raw rows it fills."""
    origins = [origin for name in TABLES for column in profile.table(name) for origin in column.origins]
    return Slots(*(_raw_table(name, origins) for name in TABLES))


def _raw_table(name: str, origins: Sequence[Origin]) -> RawTable:
    once = [Origin(place) for origin in origins if not origin.repeats for place in origin.places]
    repeating = [origin for origin in origins if origin.repeats]
    read = [origin for origin in (*once, *repeating) if origin.place is not None and table_of(origin.place) == name]
    slots = tuple(dict.fromkeys(slot for origin in read if not origin.repeats for slot in _slots(origin)))
    firsts = tuple(dict.fromkeys(first for origin in read if origin.repeats for first in _firsts(origin)))
    components = tuple(dict.fromkeys(part for origin in read for part in _components(origin)))
    columns = [slot.column for slot in slots]
    columns += [first.column for first in firsts]
    columns += [part.column for part in components]
    numbers = ("set_control" if name == "members" else "member_no", "segment_no")
    return RawTable(slots, firsts, components, (*dict.fromkeys(columns), *numbers))


def _slots(origin: Origin) -> Iterator[Slot]:
    place = origin.place
    if place is not None:
        for key in place.keys:
            yield Slot(place.loop, key, place.element, str(replace(place, component=0)))


def _firsts(origin: Origin) -> Iterator[FirstOf]:
    place = origin.place
    if place is not None:
        column = raw_column(replace(origin, place=replace(place, component=0)))
        conditions = tuple((condition.place.element, condition.codes) for condition in origin.conditions)
        for key in place.keys:
            last = len(shapes()[place.loop][key]) if origin.after else place.element + 1
            elements = tuple(range(place.element, last, 2))
            yield FirstOf(place.loop, key, elements, origin.after, conditions, column)


def _components(origin: Origin) -> Iterator[Component]:
    if origin.place is not None and origin.place.component:
        whole = replace(origin, place=replace(origin.place, component=0))
        yield Component(raw_column(whole), origin.place.component, raw_column(origin))
