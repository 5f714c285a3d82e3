"""The plain reader, one segment and one cell after the other: what production must equal.

It shares with production what is data (guide, profile), the control totals and the judgement of one member's structure;
its cutting of the file, its chunks and its tables (`plain_tables`) are its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from parsers.x12.clean import MAX_SEGMENT
from parsers.x12.control import ENVELOPE, ControlTotals
from parsers.x12.delimiters import BLANK, MAX_ISA, Delimiters, declared
from parsers.x12.profile import EnrollmentProfile
from parsers.x12.rows import MemberRows
from parsers.x12.slots import slots_of
from parsers.x12.text import elements
from schemas.findings import CATALOGUE, file_fault
from tests.parsers.x12.plain_tables import PlainMember, missing_in, plain_tables

_BLOCK = 1 << 18
_BLANKS = re.compile(f"[{BLANK}]*")
_BOM = b"\xef\xbb\xbf".decode("latin-1")


@dataclass(frozen=True)
class Tables:
    """All chunks of a file, put together."""

    members: pd.DataFrame
    coverage: pd.DataFrame
    reporting: pd.DataFrame
    findings: pd.DataFrame
    segments: pd.Series[str]

    def codes(self) -> set[tuple[int, str, str]]:
        return set(self.findings[["row", "column", "code"]].itertuples(index=False, name=None))


def read_834_plainly(path: Path, profile: EnrollmentProfile) -> Tables:
    """Read the members of an 834."""
    with path.open("rb") as stream:
        rows, members = _read(SegmentReader(stream), profile)
    if not members:
        return Tables(*(pd.DataFrame() for _ in range(4)), pd.Series(dtype="str"))
    return _tables(rows, members, profile)


def _read(source: SegmentReader, profile: EnrollmentProfile) -> tuple[MemberRows, list[PlainMember]]:
    totals = ControlTotals()
    rows = MemberRows(slots_of(profile))
    members: list[PlainMember] = []
    in_member = False
    for text in source:
        separator = source.delimiters.element
        name = text[:4].partition(separator)[0].strip(BLANK)
        if name == "INS":
            if in_member:
                rows.end()
            totals.members(1, source.number)
            members.append(PlainMember(source.delimiters, totals.set_control, source.number))
            # Whatever else stands beside its name, it begins a member and is read as its INS.
            members[-1].add([name, *elements(text, separator)[1:]], source.number)
            rows.begin(len(members), text, source.number, source.delimiters, totals.set_control)
            in_member = True
        elif name in ENVELOPE:
            if in_member:
                rows.end()
                in_member = False
            totals.envelope(name, elements(text, separator), source.number)
        elif in_member:
            rows.add(text, source.number)
            members[-1].add(elements(text, separator), source.number)
        else:
            totals.header(name, elements(text, separator), source.number)
    totals.end(source.number)
    return rows, members


def _tables(rows: MemberRows, read: list[PlainMember], profile: EnrollmentProfile) -> Tables:
    members, coverage, reporting = plain_tables(read, profile)
    found = pd.DataFrame([*rows.findings, *missing_in(read, profile)], columns=["row", "column", "code"])
    found["severity"] = found["code"].map({code: entry.severity.value for code, entry in CATALOGUE.items()})
    return Tables(
        members=members,
        coverage=coverage,
        reporting=reporting,
        findings=found.astype({"row": "int64", "column": "str", "code": "str", "severity": "str"}).sort_values(
            ["row", "column", "code"], ignore_index=True
        ),
        segments=pd.Series(rows.texts, index=members.index, dtype="str", name="segments"),
    )


class SegmentReader:
    """The segments of a file, in order, without terminators and without blanks around them; empty ones are skipped.

    Iterating raises `FileFault` F01 for what is not X12 and F04 for text after the last interchange.

    Attributes
    ----------
    delimiters
        Those of the interchange that the last segment belongs to.
    number
        The last segment's place in the file, the first ISA being 1.
    """

    delimiters: Delimiters

    def __init__(self, stream: BinaryIO) -> None:
        self.number = 0
        self._stream = stream
        self._text = ""
        self._at = 0

    def __iter__(self) -> Iterator[str]:
        self._fill(len(_BOM))
        if self._text.startswith(_BOM):
            self._at = len(_BOM)
        while self._at_interchange():
            self.delimiters = self._read_delimiters()
            yield from self._interchange()
        if not self.number:
            raise file_fault("F01", "it is empty")

    def _interchange(self) -> Iterator[str]:
        terminator = self.delimiters.segment
        last = ("IEA", f"IEA{self.delimiters.element}")
        text, at = self._text, self._at
        while True:
            end = text.find(terminator, at)
            if end < 0:
                self._at = at
                end = self._read_until(terminator)
                text, at = self._text, self._at
            segment = text[at:end].strip(BLANK)
            at = end + 1
            if segment:
                if "\0" in segment:
                    raise file_fault("F01", "it holds NUL bytes", where=self._next_place())
                self.number += 1
                if segment.startswith("IEA") and (segment == last[0] or segment.startswith(last[1])):
                    self._at = min(at, len(text))
                    yield segment
                    return
                yield segment
            if end == len(text):
                self._at = end
                return

    def _read_until(self, terminator: str) -> int:
        """Read on to the next terminator and return its position; without one, the position of the file's end."""
        end = -1
        while end < 0:
            if len(self._text) - self._at > MAX_SEGMENT:
                break
            if not self._more():
                return len(self._text)
            end = self._text.find(terminator, self._at)
        if end < 0 or end - self._at > MAX_SEGMENT:
            raise file_fault("F01", f"a segment is longer than {MAX_SEGMENT} characters", where=self._next_place())
        return end

    def _at_interchange(self) -> bool:
        """Skip blanks and tell whether another interchange begins (True) or the file ends (False)."""
        while True:
            blanks = _BLANKS.match(self._text, self._at)
            self._at = blanks.end() if blanks else self._at
            if self._at < len(self._text):
                break
            if not self._more():
                return False
        self._fill(3)
        if self._text.startswith("ISA", self._at):
            return True
        if self.number:
            raise file_fault("F04", "there is text after the IEA", where=self._next_place())
        raise file_fault("F01", "it does not begin with an ISA segment", where="segment 1")

    def _read_delimiters(self) -> Delimiters:
        """Find the delimiters at the interchange that begins here."""
        self._fill(MAX_ISA)
        found = declared(self._text[self._at : self._at + MAX_ISA])
        if found is not None:
            return found
        raise file_fault("F01", "its ISA segment is damaged", where=self._next_place())

    def _fill(self, characters: int) -> None:
        while len(self._text) - self._at < characters and self._more():
            pass

    def _more(self) -> bool:
        block = self._stream.read(_BLOCK)
        self._text = self._text[self._at :] + block.decode("latin-1")
        self._at = 0
        return bool(block)

    def _next_place(self) -> str:
        return f"segment {self.number + 1}"
