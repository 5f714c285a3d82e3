"""The guide's loops and a profile's slots as tables of numbers, to be looked up for all segments at once.

A segment's symbol is the number of its key (`REF*1L`, or `REF` where nobody knows its qualifier). Symbol 0 is a segment
that neither the guide nor a slot knows; place 0 is no loop; group 0 is no slot.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from parsers.x12.arrays import Codes, Mask, Positions, Words
from parsers.x12.control import ENVELOPE
from parsers.x12.guide import QUALIFIED, transitions
from parsers.x12.lookup import Lookup
from parsers.x12.profile import TABLES, EnrollmentProfile
from parsers.x12.slots import FirstOf, RawTable, Slots, slots_of

_NOTHING = RawTable((), (), (), ())


class Group(NamedTuple):
    """The slots that one kind of segment fills."""

    table: str
    """`members`, `coverage` or `reporting`"""
    elements: tuple[tuple[int, str], ...]
    """`(element, column)` of each slot"""


class Repeating(NamedTuple):
    """A kind of segment that may repeat."""

    table: str
    place: int
    symbols: Mask
    """By symbol: whether the segment is of this kind"""
    firsts: tuple[FirstOf, ...]
    most: int | None
    """With more elements than this the segment has more pairs than the guide; None if it has no pairs"""


_NO_SLOTS = Group("", ())


@dataclass(frozen=True)
class Symbols:
    """What is known of segments, by symbol, and of loops, by place."""

    slots: Slots
    """What the segments fill"""
    names: tuple[str, ...]
    """Segment keys by symbol"""
    loops: tuple[str, ...]
    """Loops by place"""
    groups: tuple[Group, ...]
    """Slots by group; a name and its correction (NM1*IL, NM1*74), which fill the same columns, share one."""
    rivals: tuple[tuple[int, ...], ...]
    """Groups that differ and fill a column in common"""
    repeating: tuple[Repeating, ...]
    known: Lookup
    """Of each name but the first, its `key_number`"""
    is_qualified: Mask
    """By symbol: whether the first element says what the segment holds"""
    boundaries: frozenset[str]
    """Segments that end the member before them"""
    is_boundary: Mask
    """By symbol: whether the segment is one of the boundaries"""
    next_place: Codes
    """By place and symbol: the place that the segment stands in"""
    group: Codes
    """By place and symbol: the slots that the segment fills"""

    def of(self, ids: Words, qualifiers: Words) -> Positions:
        """Return the symbols of segments by the leading bytes of their ids and of their first elements."""
        symbols = self.known(ids | qualifiers << np.uint64(32))
        unknown = np.flatnonzero(symbols == 0)
        symbols[unknown] = self.known(ids[unknown])
        return symbols

    def symbol(self, name: str) -> int:
        """Return the symbol of a segment key."""
        return self.names.index(name)

    def place(self, loop: str) -> int:
        """Return the place of a loop."""
        return self.loops.index(loop)


@cache
def symbols(profile: EnrollmentProfile | None = None) -> Symbols:
    """Number the segments and loops of the guide, and the slots of a profile."""
    filled = slots_of(profile) if profile is not None else Slots(_NOTHING, _NOTHING, _NOTHING)
    slots, firsts = _by_segment(filled)
    claimed = {*slots, *firsts}
    keys = {key for places in transitions().values() for key in places} | {key for _, key in claimed}
    boundaries = ENVELOPE | {"INS"}
    names = ("", *sorted(keys | boundaries, key=key_number))
    loops = ("", *transitions())
    groups = (_NO_SLOTS, *dict.fromkeys(slots.values()))
    next_place = np.zeros((len(loops), len(names)), np.uint8)
    group = np.zeros_like(next_place)
    kinds: dict[tuple[str, str], Mask] = {claim: np.zeros(len(names), np.bool_) for claim in firsts}
    for place, loop in enumerate(loops[1:], start=1):
        places = transitions()[loop]
        for symbol, name in enumerate(names):
            segment = name.partition("*")[0]
            next_place[place, symbol] = loops.index(places.get(segment) or places.get(name) or "")
            claim = (loop, name) if (loop, name) in claimed else (loop, segment)
            group[place, symbol] = groups.index(slots.get(claim, _NO_SLOTS))
            if claim in firsts:
                kinds[claim][symbol] = True
    return Symbols(
        slots=filled,
        names=names,
        loops=loops,
        groups=groups,
        rivals=_rivals(groups),
        repeating=tuple(
            Repeating(table, loops.index(claim[0]), kinds[claim], some, _most(some))
            for claim, (table, some) in firsts.items()
        ),
        known=Lookup(np.array([key_number(name) for name in names[1:]], np.uint64)),
        is_qualified=np.array([name.partition("*")[0] in QUALIFIED for name in names]),
        boundaries=boundaries,
        is_boundary=np.array([name in boundaries for name in names]),
        next_place=next_place,
        group=group,
    )


def key_number(name: str) -> int:
    """Write a key as a number: four bytes of id, four bytes of qualifier, the first one lowest."""
    segment, _, qualifier = name.partition("*")
    return int.from_bytes(segment.encode().ljust(4, b"\0") + qualifier.encode().ljust(4, b"\0"), "little")


def _by_segment(
    filled: Slots,
) -> tuple[dict[tuple[str, str], Group], dict[tuple[str, str], tuple[str, tuple[FirstOf, ...]]]]:
    """Arrange slots, and first values of segments that repeat, by loop and segment key."""
    slots: dict[tuple[str, str], Group] = {}
    firsts: dict[tuple[str, str], tuple[str, tuple[FirstOf, ...]]] = {}
    for table in TABLES:
        for slot in filled.table(table).slots:
            before = slots.get(slot[:2], _NO_SLOTS)
            slots[slot[:2]] = Group(table, (*before.elements, (slot.element, slot.column)))
        for first in filled.table(table).firsts:
            _, known = firsts.get(first[:2], (table, ()))
            firsts[first[:2]] = (table, (*known, first))
    return slots, firsts


def _rivals(groups: tuple[Group, ...]) -> tuple[tuple[int, ...], ...]:
    filling = defaultdict(list)
    for number, (table, elements) in enumerate(groups):
        for _, column in elements:
            filling[table, column].append(number)
    return tuple(dict.fromkeys(tuple(some) for some in filling.values() if len(some) > 1))


def _most(firsts: tuple[FirstOf, ...]) -> int | None:
    return min((first.elements[-1] + 1 for first in firsts if first.after), default=None)
