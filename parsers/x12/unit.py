"""Read some cuts of a file by themselves: what comes of them depends on nothing that stands before or after them.

So several units can be read at the same time, in this process or in others. Numbers of segments, members and rows
begin at each unit anew; `parsers.x12.assembly` puts units together and knows where in the file they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa

from parsers.x12.arrays import TEXT, Mask, Positions
from parsers.x12.bulk import RawTables, raw_tables
from parsers.x12.cuts import Cut
from parsers.x12.outline import Outline, outline, symbols_of
from parsers.x12.profile import EnrollmentProfile
from parsers.x12.rows import MemberRows, Row
from parsers.x12.sound import sound_members
from parsers.x12.symbols import Symbols, symbols
from parsers.x12.tables import RawRows
from parsers.x12.text import elements
from parsers.x12.tokens import Tokens, tokens
from schemas.problems import FileFault

Unit: TypeAlias = Sequence[Cut]

Examine: TypeAlias = Callable[[Outline], Any]
"""Something else to be found out about a block while it is at hand. Other processes must be able to import it."""


class Settings(NamedTuple):
    """How to read a unit."""

    profile: EnrollmentProfile
    few: int
    """Cuts of at most as many members are read one by one."""
    examine: Examine | None


class Header(NamedTuple):
    """A segment that stands before the first INS of its set."""

    name: str
    segment: list[str]
    number: int


class Members(NamedTuple):
    """Members that follow each other."""

    how_many: int
    number: int
    """Of the segment that the first one begins with"""


class Boundary(NamedTuple):
    """A segment of the envelope."""

    name: str
    segment: list[str]
    number: int


class Fault(NamedTuple):
    """The unit cannot be read on: what a `FileFault` says."""

    code: str
    what: str
    where: str
    remedy: str


Event: TypeAlias = Header | Members | Boundary | Fault


class Loops(NamedTuple):
    """Where the members of a cut stand."""

    text: bytes | None
    """None if it is the text of the cut"""
    start: Positions
    end: Positions


@dataclass(frozen=True)
class Reading:
    """What a unit holds."""

    segments: int
    members: int
    tables: RawTables
    """Tables of `schemas.enrollment` as Arrow has them; `set_control` is missing. No rows when there is a fault."""
    findings: list[tuple[int, str, str]]
    """`(member, column, code)`"""
    events: list[Event]
    """What the envelope is shown, in order; nothing comes after a fault."""
    loops: list[Loops]
    """Of each cut"""
    examined: list[tuple[int, Any]]
    """What `Settings.examine` returned for each cut, with the number of segments before it"""


def read_unit(unit: Unit, settings: Settings) -> Reading:
    """Read some cuts."""
    reading = _UnitReading(settings)
    try:
        for cut in unit:
            reading.take(cut)
    except FileFault as fault:
        reading.events.append(Fault(fault.code, fault.what, fault.where, fault.remedy))
        reading.discard()
    return reading.result()


class _UnitReading:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known = symbols(settings.profile)
        self._segments = self._members = 0
        self._bulk: list[tuple[Outline, Mask, int]] = []
        self._rows = MemberRows(self._known.slots)
        self._loops: list[Loops] = []
        self._examined: list[tuple[int, Any]] = []
        self.events: list[Event] = []

    def take(self, cut: Cut) -> None:
        """Take the next cut. Raises the `FileFault` of the first segment that cannot be read."""
        found = _outline(cut, self._segments, self._known)
        first = found.members.first
        sound = sound_members(found) if len(first) > self._settings.few else np.zeros(len(first), np.bool_)
        self._follow(found, sound)
        if found.tokens.fault is not None:
            raise found.tokens.fault
        if sound.any():
            self._bulk.append((found, sound, self._members + 1))
        self._loops.append(_loops(cut, found))
        if self._settings.examine is not None:
            self._examined.append((self._segments, self._settings.examine(found)))
        self._segments += len(found.tokens)
        self._members += len(first)

    def discard(self) -> None:
        """Forget what was read, but for the events."""
        self._bulk.clear()
        self._rows.clear()

    def result(self) -> Reading:
        rows, slots = self._rows, self._known.slots
        read_singly = RawTables(
            _table(rows.members, slots.members.columns),
            _table(rows.coverage, slots.coverage.columns),
            _table(rows.reporting, slots.reporting.columns),
        )
        read_in_bulk = [raw_tables(*arguments) for arguments in self._bulk]
        raw = RawRows(RawTables(*map(_in_order, zip(*read_in_bulk, read_singly, strict=True))), self._settings.profile)
        return Reading(
            segments=self._segments,
            members=self._members,
            tables=raw.tables(),
            findings=[*rows.findings, *raw.without_needed()],
            events=self.events,
            loops=self._loops,
            examined=self._examined,
        )

    def _follow(self, found: Outline, sound: Mask) -> None:
        """Note what the envelope is shown, in order, and read unsound members one by one."""
        tokens, first, done = found.tokens, found.members.first, 0
        for segment in [*np.flatnonzero(found.owner < 0).tolist(), len(tokens)]:
            stop = int(np.searchsorted(first, segment))
            if stop > done:
                self.events.append(Members(stop - done, _number(tokens, int(first[done]))))
                for member in (np.flatnonzero(~sound[done:stop]) + done).tolist():
                    self._read(found, member)
                done = stop
            if segment < len(tokens):
                self.events.append(_event(found, segment))

    def _read(self, found: Outline, member: int) -> None:
        """Read a member segment by segment."""
        tokens, first = found.tokens, int(found.members.first[member])
        number = _number(tokens, first)
        self._rows.begin(self._members + member + 1, tokens.segment(first), number, tokens.delimiters, "")
        for index in range(first + 1, first + int(found.members.count[member])):
            self._rows.add(tokens.segment(index), _number(tokens, index))
        self._rows.end()


def _outline(cut: Cut, segments: int, known: Symbols) -> Outline:
    found = tokens(cut.text, cut.delimiters, segments)
    return outline(found, symbols_of(found, known), known)


def _event(found: Outline, index: int) -> Header | Boundary:
    """Describe a segment outside of members."""
    known, tokens, symbol = found.known, found.tokens, found.symbol[index]
    segment = elements(tokens.segment(index), tokens.delimiters.element)
    if known.is_boundary[symbol]:
        return Boundary(known.names[symbol], segment, _number(tokens, index))
    return Header(tokens.name(index), segment, _number(tokens, index))


def _loops(cut: Cut, found: Outline) -> Loops:
    tokens, members = found.tokens, found.members
    is_that_of_the_cut = tokens.size == len(cut.text) and tokens.text.startswith(cut.text)
    text = None if is_that_of_the_cut else tokens.text[: tokens.size]
    return Loops(text, tokens.start[members.first], tokens.end[members.first + members.count - 1] + 1)


def _number(tokens: Tokens, index: int) -> int:
    return tokens.number + index + 1


def _table(rows: list[Row], columns: tuple[str, ...]) -> pa.Table:
    values: Iterator[Any] = zip(*rows, strict=True) if rows else iter([() for _ in columns])
    return pa.table(
        {
            name: pa.array(column, pa.int64() if name in ("member_no", "segment_no") else TEXT)
            for name, column in zip(columns, values, strict=True)
        }
    )


def _in_order(parts: tuple[pa.Table, ...]) -> pa.Table:
    some = [part for part in parts if part.num_rows] or [parts[-1]]
    table = pa.concat_tables(some).combine_chunks()
    return table.sort_by("segment_no") if len(some) > 1 else table
