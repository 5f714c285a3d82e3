"""What the 834 implementation guide allows where, taken from the map that pyx12 carries.

A member's segments stand in loops (2000 the member, 2100A the name, 2300 a coverage, ...). Which loop a segment
belongs to follows from the loop before it: this module turns the map into that table of transitions. Loops must follow
each other as in the guide; within a loop the order of segments is free, and an unknown qualifier (REF*..., DTP*...) is
let through, because the sender may know more qualifiers than the guide. The exception are NM1 and N1: an unknown kind
of person or organization must not be taken for the member.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias

from pyx12.map_if import load_map_file
from pyx12.params import ParamsBase

MEMBER = "2000"
NAME = "2100A"
REPORTING_OPEN = frozenset({"LS_LOOP", "2700", "2750"})
"""Loops in which a member's reporting categories await their LE."""

QUALIFIED = frozenset({"REF", "DTP", "AMT", "NM1", "N1"})
"""Segments whose first element says what they hold; they are keyed `REF*1L`."""

Shape: TypeAlias = tuple[int, ...]
"""A segment's elements: how many components each has."""

_ENTITIES = frozenset({"NM1", "N1"})
_MAP = "834.5010.X220.A1.xml"
_CONTROL_MAP = "x12.control.00501.xml"
_MEMBER_PATH = "/ISA_LOOP/GS_LOOP/ST_LOOP/DETAIL/2000"


@cache
def transitions() -> Mapping[str, Mapping[str, str]]:
    """Return, for each loop, the loop that a following segment stands in; a segment without an entry has no place.

    Segments are keyed by id, NM1 and N1 by id and first element (`NM1*IL`). The loop `LE` is what follows the LE
    segment: nothing of the member does.
    """
    member = guide_map().getnodebypath(_MEMBER_PATH)
    table: dict[str, dict[str, str]] = {"LE": {}}
    _describe(member, (), table)
    return table


@cache
def shapes() -> Mapping[str, Mapping[str, Shape]]:
    """Return, for each loop of a member, the shapes of its segments by id and, where an id is qualified, by key too."""
    found: dict[str, dict[str, Shape]] = {}
    _shape(guide_map().getnodebypath(_MEMBER_PATH), found)
    return found


@cache
def segment_ids() -> frozenset[str]:
    """Return the ids of all segments of the guide."""
    return frozenset(_segment_ids(guide_map()))


@cache
def element_numbers() -> Mapping[tuple[str, int, int], str]:
    """Return X12's reference number of each element by segment id, position and component (0 for a simple element).

    Elements of the interchange have names such as I16 instead, which an IK402 cannot hold: they are left out.
    """
    return {place: number for place, number in _element_numbers(guide_map()) if number.isdigit()}


@cache
def guide_map() -> Any:
    """Return pyx12's map of the guide, from ISA to IEA."""
    # ParamsBase, because pyx12's own choice of parameters reads configuration from the home folder.
    return load_map_file(_MAP, ParamsBase())


@cache
def control_map() -> Any:
    """Return pyx12's map of an interchange of any content."""
    return load_map_file(_CONTROL_MAP, ParamsBase())


def _shape(loop: Any, found: dict[str, dict[str, Shape]]) -> None:
    for child in children(loop):
        if child.is_loop():
            _shape(child, found)
            continue
        shape = tuple(len(element.children) if element.is_composite() else 1 for element in child.children)
        keys = [f"{child.id}*{code}" for code in child.children[0].valid_codes] if child.id in QUALIFIED else []
        found.setdefault(loop.id, {}).update(dict.fromkeys(keys if child.id in _ENTITIES else [child.id, *keys], shape))


def _element_numbers(loop: Any) -> Iterator[tuple[tuple[str, int, int], str]]:
    for child in children(loop):
        if child.is_loop():
            yield from _element_numbers(child)
            continue
        for position, element in enumerate(child.children, start=1):
            components = enumerate(element.children, start=1) if element.is_composite() else [(0, element)]
            yield from (((child.id, position, number), each.data_ele) for number, each in components)


def _segment_ids(loop: Any) -> Iterator[str]:
    for child in children(loop):
        if child.is_loop():
            yield from _segment_ids(child)
        else:
            yield child.id


def _describe(loop: Any, ancestors: tuple[Any, ...], table: dict[str, dict[str, str]]) -> None:
    places: dict[str, str] = {}
    others = children(loop)[1:]
    for child in others:
        _place(child, loop, places)
    inner = loop
    for outer in reversed(ancestors):
        for child in children(outer)[1:]:
            again_too_often = child is inner and child.get_max_repeat() == 1
            if child.pos >= inner.pos and not again_too_often:
                _place(child, outer, places)
        inner = outer
    table[loop.id] = places
    for child in others:
        if child.is_loop():
            _describe(child, (*ancestors, loop), table)


def _place(child: Any, loop: Any, places: dict[str, str]) -> None:
    """Enter a segment of `loop`, or the segment that opens a loop within it; the innermost loop was entered first."""
    segment, target = (children(child)[0], child.id) if child.is_loop() else (child, loop.id)
    if segment.id == "LE":
        target = "LE"
    for key in _keys(segment):
        places.setdefault(key, target)


def _keys(segment: Any) -> Iterator[str]:
    if segment.id in _ENTITIES:
        yield from (f"{segment.id}*{code}" for code in segment.children[0].valid_codes)
    else:
        yield segment.id


def children(loop: Any) -> list[Any]:
    """Return the segments and loops within a loop, in the guide's order; the first opens it."""
    return [child for position in sorted(loop.pos_map) for child in loop.pos_map[position]]
