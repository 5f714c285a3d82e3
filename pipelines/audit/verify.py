"""Walk the whole audit log: every hash, every entry against the store's and its rows, and the mark at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.audit.chain import Entry, Link, Rows, beginning_of
from pipelines.audit.journal import RowsLost, read_rows
from pipelines.audit.log import walk
from pipelines.audit.mark import Mark, MarkDamaged, read_mark
from pipelines.audit.record import audit_of, entries_after, standing_of

if TYPE_CHECKING:
    from pipelines.warehouse import Warehouse

_TOGETHER = 20_000
"""Entries of the store read at a time."""

MISFITS = {
    "UNREADABLE": "is no line of an audit log",
    "CHANGED": "was changed: its hash is not that of what it says",
    "OUT_OF_PLACE": "does not follow the line before: something was removed, put in or moved",
    "NOT_IN_STORE": "is not what the store says, or the store has no such entry",
    "ROWS_LOST": "tells of rows that the journal does not hold as they were",
    "MISSING": "is missing: the log ends before it, and the store or the mark knows it",
    "MARK": "has another hash than the mark beside the store names",
}
"""How an entry can fail to fit."""


@dataclass(frozen=True)
class Verdict:
    """What a walk through the log found."""

    entries: int
    """Lines that fit, up to the first that does not."""
    misfit: str
    """One of `MISFITS`, or empty when all fits."""

    @property
    def first_misfit(self) -> int | None:
        """Number of the first entry that does not fit."""
        return self.entries + 1 if self.misfit else None


def verify(warehouse: Warehouse | None, home: Path) -> Verdict:
    """Walk the log of a home and compare it with its store, where there is one; stops at the first misfit."""
    walker = _Walker(warehouse, home)
    for link in walk(audit_of(home)):
        if misfit := walker.step(link):
            return walker.verdict(misfit)
    return walker.verdict(walker.missing())


class _Walker:
    """How far the walk has come, and what the next line has to follow."""

    def __init__(self, warehouse: Warehouse | None, home: Path) -> None:
        self._audit = audit_of(home)
        self._mark = read_mark_or_none(home)
        self._stored = _entries(warehouse) if warehouse is not None else None
        standing = standing_of(warehouse) if warehouse is not None else None
        self._number = 0
        self._previous = beginning_of(standing.store) if standing is not None else ""
        self._lost: list[tuple[int, str]] = []
        self._purged = ""

    def step(self, link: Link | None) -> str:
        """Take the next line, or say what does not fit."""
        if link is None:
            return "UNREADABLE"
        faults = (
            ("CHANGED", not link.is_sound),
            (
                "OUT_OF_PLACE",
                link.entry.number != self._number + 1 or link.previous != (self._previous or link.previous),
            ),
            ("NOT_IN_STORE", self._stored is not None and next(self._stored, None) != link.entry),
        )
        misfit = next((name for name, is_so in faults if is_so), "")
        if misfit:
            return misfit
        self._number, self._previous = link.entry.number, link.hash
        if link.entry.event == "PURGED":
            self._purged = link.entry.subject
        if link.rows is not None and not rows_are_whole(self._audit, link.rows):
            self._lost.append((self._number, link.rows.file))
        is_marked = self._mark is not None and self._mark.entries == self._number
        return "MARK" if is_marked and self._mark is not None and self._mark.head != link.hash else ""

    def missing(self) -> str:
        """Say whether the log ends too early."""
        is_short = self._mark is not None and self._mark.entries > self._number
        return "MISSING" if is_short or (self._stored is not None and next(self._stored, None)) else ""

    def verdict(self, misfit: str) -> Verdict:
        """Sum up; rows that were removed when their time was over are not lost."""
        lost = [number for number, file in self._lost if file >= self._purged]
        if lost:
            return Verdict(lost[0] - 1, "ROWS_LOST")
        if misfit == "MARK":
            return Verdict(self._number - 1, misfit)
        return Verdict(self._number, misfit)


def rows_are_whole(audit: Path, rows: Rows) -> bool:
    """Tell whether the journal holds what an entry says of it."""
    try:
        read_rows(audit, rows)
    except RowsLost:
        return False
    return True


def read_mark_or_none(home: Path) -> Mark | None:
    """Read the mark; a damaged one says nothing."""
    try:
        return read_mark(home)
    except MarkDamaged:
        return None


def _entries(warehouse: Warehouse) -> Iterator[Entry]:
    number = 0
    while some := entries_after(warehouse, number, number + _TOGETHER):
        yield from some
        number += _TOGETHER
