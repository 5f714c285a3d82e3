"""The tables of members as a profile declares them, cell by cell: what production's columns must equal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

import pandas as pd

from parsers.x12.delimiters import BLANK, Delimiters
from parsers.x12.guide import QUALIFIED, transitions
from parsers.x12.profile import Column, EnrollmentProfile, Origin, Place
from schemas.enrollment_columns import COVERAGE_COLUMNS, MEMBER_COLUMNS, REPORTING_COLUMNS

_COLUMNS = {
    "members": list(MEMBER_COLUMNS),
    "coverage": list(COVERAGE_COLUMNS),
    "reporting": list(REPORTING_COLUMNS),
}


@dataclass(eq=False)
class PlainSegment:
    """A segment that has a place: its loop, its key and its elements without blanks, the id being the first."""

    number: int
    loop: str
    key: str
    elements: list[str]

    def at(self, element: int) -> str:
        return self.elements[element] if element < len(self.elements) else ""


Found: TypeAlias = dict[tuple[str, str], list[PlainSegment]]


@dataclass
class PlainRow:
    """A row to be: where it began, and the segments that belong to it and to its member."""

    number: int
    segments: list[PlainSegment]
    of_member: list[PlainSegment]


@dataclass
class PlainMember:
    """A member's segments, each with the loop it stands in."""

    delimiters: Delimiters
    set_control: str
    number: int
    segments: list[PlainSegment] = field(default_factory=list)
    coverage: list[PlainRow] = field(default_factory=list)
    reporting: list[PlainRow] = field(default_factory=list)
    loop: str = ""
    category: int = 0

    def add(self, texts: Sequence[str], number: int) -> None:
        parts = [text.strip(BLANK) for text in texts]
        name = parts[0]
        key = f"{name}*{parts[1]}" if name in QUALIFIED and len(parts) > 1 else name
        if not self.loop:
            loop: str | None = "2000"
        else:
            places = transitions()[self.loop]
            loop = places.get(name) or places.get(key)
        if loop is None:
            return
        self.loop = loop
        if name == "HD":
            self.coverage.append(PlainRow(number, [], self.segments))
        elif name == "LX":
            self.category = number
        elif key == "N1*75":
            self.reporting.append(PlainRow(self.category, [], self.segments))
        segment = PlainSegment(number, loop, key, parts)
        if loop.startswith("23"):
            self.coverage[-1].segments.append(segment)
        elif loop == "2750":
            self.reporting[-1].segments.append(segment)
        else:
            self.segments.append(segment)


def plain_tables(
    members: Sequence[PlainMember], profile: EnrollmentProfile
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Make members, coverage and reporting."""
    claims = _claims(profile)
    rows: dict[str, list[dict[str, str | int | None]]] = {"members": [], "coverage": [], "reporting": []}
    for number, member in enumerate(members, start=1):
        own = {"set_control": member.set_control or None, "segment_no": member.number}
        whole = PlainRow(member.number, member.segments, member.segments)
        rows["members"].append(_cells(_found(whole, claims), "members", member.delimiters, profile) | own)
        for table, parts in (("coverage", member.coverage), ("reporting", member.reporting)):
            for part in parts:
                own = {"member_no": number, "segment_no": part.number}
                rows[table].append(_cells(_found(part, claims), table, member.delimiters, profile) | own)
    return _frame(rows, "members"), _frame(rows, "coverage"), _frame(rows, "reporting")


def missing_in(members: Sequence[PlainMember], profile: EnrollmentProfile) -> Iterator[tuple[int, str, str]]:
    """Give the findings on members with a row that has nothing at the places of a column that the profile needs."""
    claims = _claims(profile)
    for table, name in profile.needed:
        column = next(column for column in profile.table(table) if column.name == name)
        for number, member in enumerate(members, start=1):
            whole = PlainRow(member.number, member.segments, member.segments)
            parts = {"members": [whole], "coverage": member.coverage, "reporting": member.reporting}[table]
            if not all(
                any(_raw(_found(part, claims), origin, member.delimiters) for origin in _placed(column))
                for part in parts
            ):
                yield number, next(column.places).name, "R17"


def _placed(column: Column) -> Iterator[Origin]:
    return (origin for origin in column.origins if origin.place is not None)


def _frame(rows: dict[str, list[dict[str, str | int | None]]], table: str) -> pd.DataFrame:
    name = {"members": "member_no", "coverage": "coverage_no", "reporting": "reporting_no"}[table]
    index = pd.RangeIndex(1, len(rows[table]) + 1, name=name)
    return pd.DataFrame(
        {
            column: pd.Series(
                [row[column] for row in rows[table]],
                index=index,
                dtype="int64" if column in ("member_no", "segment_no") else "str",
            )
            for column in _COLUMNS[table]
        }
    )


def _cells(found: Found, table: str, delimiters: Delimiters, profile: EnrollmentProfile) -> dict[str, str | int | None]:
    declared = {column.name: column for column in profile.table(table)}

    def cell(name: str) -> str:
        origins = declared[name].origins if name in declared else ()
        return next(filter(None, (value(origin) for origin in origins)), "")

    def value(origin: Origin) -> str:
        text = origin.value
        if origin.of:
            text = cell(origin.of)
        elif origin.place is not None:
            text = _told(found, origin, delimiters, profile.separator)
        written = PLAINLY_WRITTEN[origin.kind](text)
        return dict(origin.codes).get(written, written)

    return {name: cell(name) or None for name in _COLUMNS[table]}


def _told(found: Found, origin: Origin, delimiters: Delimiters, separator: str) -> str:
    """Return what a place says, if the conditions hold: a piece of it, without its end."""
    text = _raw(found, origin, delimiters)
    if origin.slot:
        text = [*text.split(separator), *[""] * origin.slot][origin.slot - 1].strip(BLANK)
    if origin.chars != (0, 0):
        first, last = origin.chars
        text = (text[first - 1 : last] if last else text[first - 1 :]).strip(BLANK)
    for condition in () if origin.repeats else origin.conditions:
        if _element(found, condition.place, delimiters) not in condition.codes:
            return ""
    end = _element(found, origin.without_end, delimiters) if origin.without_end is not None else ""
    return text[: -len(end) - 1].rstrip() if end and text.endswith(f" {end}") else text


def _claims(profile: EnrollmentProfile) -> set[tuple[str, str]]:
    """Segments that some place names; a place without a qualifier takes those of its id that none names."""
    return {
        (place.loop, key)
        for table in ("members", "coverage", "reporting")
        for column in profile.table(table)
        for origin in column.origins
        for place in (origin.place, origin.without_end, *(condition.place for condition in origin.conditions))
        if place is not None
        for key in place.keys
    }


def _found(row: PlainRow, claims: set[tuple[str, str]]) -> Found:
    """Arrange the segments of a row and its member by loop and the name under which places find them."""
    found: Found = {}
    for segment in dict.fromkeys((*row.of_member, *row.segments)):
        name = segment.key if (segment.loop, segment.key) in claims else segment.key.partition("*")[0]
        found.setdefault((segment.loop, name), []).append(segment)
    return found


def _standing(found: Found, place: Place) -> list[PlainSegment]:
    segments = [segment for key in place.keys for segment in found.get((place.loop, key), [])]
    return sorted(segments, key=lambda segment: segment.number)


def _element(found: Found, place: Place, delimiters: Delimiters) -> str:
    """Return the first value at a place."""
    texts = (segment.at(place.element) for segment in _standing(found, place))
    return _component(next(filter(None, texts), ""), place, delimiters)


def _raw(found: Found, origin: Origin, delimiters: Delimiters) -> str:
    place = origin.place
    assert place is not None
    if not origin.repeats:
        return _element(found, place, delimiters)
    texts = []
    for segment in _standing(found, place):
        if all(segment.at(condition.place.element) in condition.codes for condition in origin.conditions):
            if origin.after:
                pairs = zip(
                    segment.elements[place.element :: 2], segment.elements[place.element + 1 :: 2], strict=False
                )
                texts += [value for qualifier, value in pairs if qualifier == origin.after]
            else:
                texts.append(segment.at(place.element))
    return _component(next(filter(None, texts), ""), place, delimiters)


def _component(text: str, place: Place, delimiters: Delimiters) -> str:
    if not place.component:
        return text
    if delimiters.separates_repetitions:
        text = text.partition(delimiters.repetition)[0]
    parts = text.split(delimiters.component)
    return parts[place.component - 1].strip(BLANK) if place.component <= len(parts) else ""


def _date(text: str) -> str:
    if not re.fullmatch("[0-9]{8}", text, re.ASCII):
        return text
    try:
        day = datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return text
    return day.isoformat()


def _year_month(text: str) -> str:
    first = _date(f"{text}01") if len(text) == 6 else text
    return first if len(first) == 10 else text


def _month(text: str) -> str:
    day = _date(text)
    return f"{day[:8]}01" if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", day) else ""


PLAINLY_WRITTEN: dict[str, Callable[[str], str]] = {
    "text": str,
    "upper": str.upper,
    "cin": lambda text: re.sub(r"^(9[0-9]{7}[A-Z])([0-9]|[0-9]{5})$", r"\1", text.upper()),
    "date": _date,
    "span_begin": lambda text: _date(re.sub(r"^([0-9]{8})-[0-9]{8}$", r"\1", text)),
    "span_end": lambda text: _date(re.sub(r"^[0-9]{8}-([0-9]{8})$", r"\1", text)),
    "year_month": _year_month,
    "month": _month,
}
