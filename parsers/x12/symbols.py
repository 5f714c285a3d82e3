"""The guide's loops and the slots as tables of numbers, to be looked up for all segments at once.

A segment's symbol is the number of its key (`REF*1L`, or `REF` where nobody knows its qualifier). Symbol 0 is a segment
that neither the guide nor a slot knows; place 0 is no loop; group 0 is no slot.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from parsers.x12.arrays import Codes, Mask, Positions, Words
from parsers.x12.control import ENVELOPE
from parsers.x12.guide import QUALIFIED, transitions
from parsers.x12.slots import COVERAGE_SLOTS, MEMBER_SLOTS, REPORTING_SLOTS


class Group(NamedTuple):
    """The slots that one kind of segment fills."""

    table: str
    """`members`, `coverage` or `reporting`"""
    elements: tuple[tuple[int, str], ...]
    """`(element, column)` of each slot"""


_NO_SLOTS = Group("", ())


@dataclass(frozen=True)
class Symbols:
    """What is known of segments, by symbol, and of loops, by place."""

    names: tuple[str, ...]
    """Segment keys by symbol"""
    loops: tuple[str, ...]
    """Loops by place"""
    groups: tuple[Group, ...]
    """Slots by group; a name and its correction (NM1*IL, NM1*74), which fill the same columns, share one."""
    keys: Words
    """`key_number` of each name but the first, ascending"""
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
        symbols = self._look_up(ids | qualifiers << np.uint64(32))
        unknown = np.flatnonzero(symbols == 0)
        symbols[unknown] = self._look_up(ids[unknown])
        return symbols

    def symbol(self, name: str) -> int:
        """Return the symbol of a segment key."""
        return self.names.index(name)

    def place(self, loop: str) -> int:
        """Return the place of a loop."""
        return self.loops.index(loop)

    def _look_up(self, numbers: Words) -> Positions:
        at = np.minimum(np.searchsorted(self.keys, numbers), len(self.keys) - 1)
        return np.where(self.keys[at] == numbers, at + 1, 0)


@cache
def symbols() -> Symbols:
    """Number the segments, loops and slots that the reader follows."""
    slots = _slots()
    keys = {key for places in transitions().values() for key in places} | {key for _, key in slots}
    boundaries = ENVELOPE | {"INS"}
    names = ("", *sorted(keys | boundaries, key=key_number))
    loops = ("", *transitions())
    groups = (_NO_SLOTS, *dict.fromkeys(slots.values()))
    next_place = np.zeros((len(loops), len(names)), np.uint8)
    group = np.zeros_like(next_place)
    for place, loop in enumerate(loops[1:], start=1):
        places = transitions()[loop]
        for symbol, name in enumerate(names):
            segment = name.partition("*")[0]
            next_place[place, symbol] = loops.index(places.get(segment) or places.get(name) or "")
            group[place, symbol] = groups.index(slots.get((loop, name)) or slots.get((loop, segment)) or _NO_SLOTS)
    return Symbols(
        names=names,
        loops=loops,
        groups=groups,
        keys=np.array([key_number(name) for name in names[1:]], np.uint64),
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


def _slots() -> dict[tuple[str, str], Group]:
    arranged: dict[tuple[str, str], Group] = {}
    for table, slots in (("members", MEMBER_SLOTS), ("coverage", COVERAGE_SLOTS), ("reporting", REPORTING_SLOTS)):
        for loop, key, element, column in slots:
            before = arranged.get((loop, key), _NO_SLOTS)
            arranged[loop, key] = Group(table, (*before.elements, (element, column)))
    return arranged
