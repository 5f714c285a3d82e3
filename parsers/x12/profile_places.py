"""Hold the places that a profile names against the guide's loops, segments, qualifiers, elements and components."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from parsers.x12.guide import QUALIFIED, shapes
from parsers.x12.profile import Column, Condition, Origin, Place

LONGEST_CODE = 4
"""Characters of a code that tells one repetition of a segment from another; all of the guide's are shorter."""

MEMBER_LOOPS = ("2000", *(f"2100{letter}" for letter in "ABCDEFGH"), "2200")
COVERAGE_LOOPS = ("2300", "2310", "2320", "2330")
LOOPS = {
    "members": MEMBER_LOOPS,
    "coverage": (*COVERAGE_LOOPS, *MEMBER_LOOPS),
    "reporting": ("2750", *MEMBER_LOOPS),
}
"""The loops in which a row of a table may find its values."""

_PLACE = re.compile(r"([0-9A-Z_]+)/([A-Z][A-Z0-9]{1,2})(?:\*([A-Z0-9|]+))?/([0-9]{2})(?:-([1-9]))?")
_BESIDE = re.compile(r"([0-9]{2})(?:-([1-9]))?")


@dataclass(frozen=True, order=True)
class Mistake:
    """What is wrong with a setting of a profile."""

    key: str
    """`table.column`, a table, or a setting of the file."""
    what: str


def place_of(text: str, key: str, mistakes: list[Mistake], beside: Place | None = None) -> Place | None:
    """Read a place such as `2000/REF*1L/02`, or `02` for an element beside another one."""
    near = _BESIDE.fullmatch(text)
    if near and beside is not None:
        place = Place(beside.loop, beside.segment, beside.qualifiers, int(near[1]), int(near[2] or 0))
    else:
        full = _PLACE.fullmatch(text)
        if not full:
            form = "`loop/segment*qualifier/element`, such as `2000/REF*1L/02` or `2100A/DMG/05-3`"
            mistakes.append(Mistake(key, f"`{text}` is not a place: it is written {form}"))
            return None
        qualifiers = tuple(full[3].split("|")) if full[3] else ()
        place = Place(full[1], full[2], qualifiers, int(full[4]), int(full[5] or 0))
    wrong = _unknown(place)
    if wrong:
        mistakes.append(Mistake(key, f"`{place}` is no place of the guide: {wrong}"))
        return None
    return place


def _unknown(place: Place) -> str:
    """Say what of a place the guide does not know; nothing when all is known."""
    loops = shapes()
    if place.loop not in loops:
        return f"there is no loop {place.loop}{suggestion(place.loop, loops)}"
    segments = loops[place.loop]
    for name in place.keys:
        if name not in segments:
            if place.qualifiers and place.segment in segments and place.segment not in QUALIFIED:
                return f"{place.segment} has no qualifier; use `when` for what its first element must be"
            return f"loop {place.loop} has no {name}{suggestion(name, segments)}"
    shape = segments[place.keys[0]]
    if not 1 <= place.element <= len(shape):
        return f"{place.name} has {len(shape)} elements"
    if place.component > (components := shape[place.element - 1]) or (place.component and components == 1):
        return f"element {place.element:02d} has {components} component{'s' * (components != 1)}"
    return ""


def check_columns(table: str, columns: Iterable[Column], mistakes: list[Mistake]) -> None:
    """Check what only holds between a table, its columns and their origins."""
    columns = list(columns)
    derived = {column.name: any(origin.of for origin in column.origins) for column in columns}
    for column in columns:
        key = f"{table}.{column.name}"
        for origin in column.origins:
            if origin.of and derived.get(origin.of, True):
                close = suggestion(origin.of, derived)
                mistakes.append(Mistake(key, f"`of` names no declared column with places of its own{close}"))
            if origin.place is not None:
                _check_origin(table, key, origin, origin.place, mistakes)


def check_repetitions(tables: Mapping[str, Iterable[Column]], mistakes: list[Mistake]) -> None:
    """Check that a segment repeats for all columns that read it, or for none."""
    readers: dict[tuple[str, str], dict[bool, str]] = defaultdict(dict)
    for table, columns in tables.items():
        for column in columns:
            for origin in column.origins:
                for place in origin.places:
                    for segment in place.keys:
                        readers[place.loop, segment].setdefault(origin.repeats, f"{table}.{column.name}")
    for (loop, segment), by_repeats in readers.items():
        if len(by_repeats) > 1:
            what = f"{loop}/{segment} repeats here, but not for `{by_repeats[False]}`"
            mistakes.append(Mistake(by_repeats[True], what))


def _check_origin(table: str, key: str, origin: Origin, place: Place, mistakes: list[Mistake]) -> None:
    for each in origin.places:
        if each.loop not in LOOPS[table]:
            known = ", ".join(LOOPS[table])
            mistakes.append(Mistake(key, f"`{each}` is outside of the loops of {table}: {known}"))
    if not origin.repeats:
        return
    if origin.without_end is not None:
        mistakes.append(Mistake(key, "`without_end` needs a segment that does not repeat"))
    if not all(_tells_repetitions_apart(condition, place) for condition in origin.conditions):
        what = f"`when` needs elements of the same segment and codes of at most {LONGEST_CODE} letters where it repeats"
        mistakes.append(Mistake(key, what))
    if not _is_short(origin.after):
        mistakes.append(Mistake(key, f"`after` is not a code of at most {LONGEST_CODE} letters"))


def _tells_repetitions_apart(condition: Condition, place: Place) -> bool:
    beside = (condition.place.loop, condition.place.keys) == (place.loop, place.keys)
    return beside and not condition.place.component and all(map(_is_short, condition.codes))


def _is_short(code: str) -> bool:
    return len(code) <= LONGEST_CODE and code.isascii()


def suggestion(word: str, known: Iterable[str]) -> str:
    """Name the known word that may be meant, as the end of a sentence."""
    close = get_close_matches(word, list(known), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""
