"""Put what was read of a file together, unit by unit, while the envelope is held to its word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from parsers.x12.arrays import TEXT, Column, compute
from parsers.x12.control import ControlTotals
from parsers.x12.cuts import Cut
from parsers.x12.texts import MemberTexts, Stretch
from parsers.x12.unit import Boundary, Event, Fault, Header, Members, Reading
from schemas.findings import CATALOGUE, findings
from schemas.problems import FileFault

_PLACE = re.compile(r"segment (\d+)")
_NO_FINDINGS = findings()
_SEVERITY = {code: entry.severity.value for code, entry in CATALOGUE.items()}


@dataclass(frozen=True)
class EnrollmentChunk:
    """Some members of a file, whole and in order."""

    members: pd.DataFrame
    """`schemas.enrollment_columns.MEMBER_COLUMNS`, index `member_no`: 1 is the file's first INS."""
    coverage: pd.DataFrame
    """`schemas.enrollment_columns.COVERAGE_COLUMNS`, index `coverage_no`, from 1 through the file."""
    reporting: pd.DataFrame
    """`schemas.enrollment_columns.REPORTING_COLUMNS`, index `reporting_no`, from 1 through the file."""
    findings: pd.DataFrame
    """What breaks the structure (R16, R17) or the encoding (W06) of a member; `row` is its `member_no`."""
    segments: MemberTexts
    """The member loops as received but for blanks between segments."""
    examined: tuple[tuple[int, Any], ...]
    """What `examine` returned for each block, with the number of the file's segments before that block."""
    bytes_read: int
    """Bytes of the file up to the last of these members' end."""


class Assembly:
    """The place in the file, and the envelope, between one unit and the next.

    Attributes
    ----------
    segments
        How many segments the units so far hold.
    """

    def __init__(self) -> None:
        self.segments = 0
        self._totals = ControlTotals()
        self._rows = [0, 0, 0]

    def take(self, unit: Sequence[Cut], reading: Reading) -> EnrollmentChunk:
        """Take the next unit of the file. Raises the `FileFault` of the first segment that is wrong."""
        controls = [control for event in reading.events for control in self._show(event)]
        number = self._rows[0] + 1
        members, coverage, reporting = (self._numbered(table) for table in reading.tables)
        at = members.schema.get_field_index("set_control")
        members = members.set_column(at, "set_control", _column(controls))
        chunk = EnrollmentChunk(
            members=self._frame(members, 0, "member_no"),
            coverage=self._frame(coverage, 1, "coverage_no"),
            reporting=self._frame(reporting, 2, "reporting_no"),
            findings=self._findings(reading, number - 1),
            segments=MemberTexts(
                number,
                [
                    Stretch(cut.text if loops.text is None else loops.text, loops.start, loops.end)
                    for cut, loops in zip(unit, reading.loops, strict=True)
                ],
            ),
            examined=tuple((self.segments + before, result) for before, result in reading.examined),
            bytes_read=unit[-1].end,
        )
        self.segments += reading.segments
        return chunk

    def end(self) -> None:
        """Take the end of the file."""
        self._totals.end(self.segments)

    def _show(self, event: Event) -> list[tuple[str, int]]:
        """Show an event to the envelope; if it is members, return the ST02 that they stand under and their count."""
        match event:
            case Header(name, segment, number):
                self._totals.header(name, segment, self.segments + number)
            case Boundary(name, segment, number):
                self._totals.envelope(name, segment, self.segments + number)
            case Members(how_many, number):
                self._totals.members(how_many, self.segments + number)
                return [(self._totals.set_control, how_many)]
            case Fault(code, what, where, remedy):
                raise FileFault(code, what, where=_moved(where, self.segments), remedy=remedy)
        return []

    def _numbered(self, table: pa.Table) -> pa.Table:
        """Count segments and members through the file."""
        for name, before in (("segment_no", self.segments), ("member_no", self._rows[0])):
            at = table.schema.get_field_index(name)
            if at >= 0:
                table = table.set_column(at, name, compute.add(table.column(at), before))
        return table

    def _frame(self, table: pa.Table, place: int, name: str) -> pd.DataFrame:
        first = self._rows[place] + 1
        self._rows[place] += table.num_rows
        return table.to_pandas().set_axis(pd.RangeIndex(first, first + table.num_rows, name=name))

    def _findings(self, reading: Reading, members: int) -> pd.DataFrame:
        if not reading.findings:
            return _NO_FINDINGS.copy()
        rows = [(member + members, _moved(column, self.segments), code) for member, column, code in reading.findings]
        found = pd.DataFrame(rows, columns=["row", "column", "code"])
        found["severity"] = found["code"].map(_SEVERITY)
        found = found.astype({"row": "int64", "column": "str", "code": "str", "severity": "str"})
        return found.sort_values(["row", "column", "code"], ignore_index=True)


def _moved(place: str, segments: int) -> str:
    """Count a place (`segment 12`) through the file; `segments` stand before those that it was counted among."""
    return _PLACE.sub(lambda found: f"segment {int(found[1]) + segments}", place)


def _column(controls: list[tuple[str, int]]) -> Column:
    """Repeat each text as often as it counts; an empty one is missing."""
    return pa.chunked_array([pa.repeat(pa.scalar(text or None, TEXT), count) for text, count in controls], TEXT)
