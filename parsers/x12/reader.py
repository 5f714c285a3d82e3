"""Read an 834 into chunks of members, coverage and reporting categories, in memory bounded by the chunk.

Every INS becomes a member, sound or not: what is wrong with one member is a finding, what is wrong with the file is a
`FileFault`. The fault may come after chunks were handed out, so the whole file is loaded in one transaction.

Of pyx12 the reader takes what pyx12 is the authority for, the loops of its 834 map (`parsers.x12.guide`). Cutting the
file is its own work (`parsers.x12.segments` says why), and so is splitting a segment: pyx12's `Segment` makes an object
of every element and raises for a composite where the guide has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from parsers.x12.canonical import coverage_table, members_table, raw_table, reporting_table
from parsers.x12.control import ENVELOPE, ControlTotals
from parsers.x12.profile import EnrollmentProfile
from parsers.x12.rows import MemberRows
from parsers.x12.segments import BLANK, SegmentReader, elements
from parsers.x12.slots import RAW_COVERAGE_COLUMNS, RAW_MEMBER_COLUMNS, RAW_REPORTING_COLUMNS
from schemas.findings import CATALOGUE

_CHUNK_SIZE = 32_000_000
"""Characters of member loops after which a chunk ends early."""


@dataclass(frozen=True)
class EnrollmentChunk:
    """Some members of a file, whole and in order."""

    members: pd.DataFrame
    """`schemas.enrollment.members_schema`, index `member_no`: 1 is the file's first INS."""
    coverage: pd.DataFrame
    """`schemas.enrollment.COVERAGE_SCHEMA`, index `coverage_no`, from 1 through the file."""
    reporting: pd.DataFrame
    """`schemas.enrollment.REPORTING_SCHEMA`, index `reporting_no`, from 1 through the file."""
    findings: pd.DataFrame
    """What breaks the structure (R16, R17) or the encoding (W06) of a member; `row` is its `member_no`."""
    segments: pd.Series[str]
    """The member loops as received but for blanks between segments, index `member_no`."""


@dataclass
class _Counts:
    """How many rows the chunks before this one held."""

    members: int = 0
    coverage: int = 0
    reporting: int = 0


def read_834(path: Path, profile: EnrollmentProfile, *, members_per_chunk: int = 2_000) -> Iterator[EnrollmentChunk]:
    """Read the members of an 834; a file without members gives no chunk.

    Raises
    ------
    FileFault
        F01 when the file is not X12 or is damaged beyond reading, F02 when it is not an 834 by the guide, F04 when
        headers, trailers, control numbers or totals disagree with the content.
    """
    before = _Counts()
    with path.open("rb") as stream:
        for rows in _read(SegmentReader(stream), members_per_chunk):
            yield _chunk(rows, before, profile)
            before.members += len(rows.members)
            before.coverage += len(rows.coverage)
            before.reporting += len(rows.reporting)
            rows.clear()


def _read(source: SegmentReader, members_per_chunk: int) -> Iterator[MemberRows]:
    """Follow the file and hand out the same collector of rows, to be cleared, whenever a chunk is full."""
    totals = ControlTotals()
    rows = MemberRows()
    in_member = False
    for text in source:
        separator = source.delimiters.element
        name = text[:4].partition(separator)[0].strip(BLANK)
        if name == "INS":
            if in_member:
                rows.end()
                if len(rows.members) >= members_per_chunk or rows.size >= _CHUNK_SIZE:
                    yield rows
            totals.member(source.number)
            rows.begin(text, source.number, source.delimiters, totals.set_control)
            in_member = True
        elif name in ENVELOPE:
            if in_member:
                rows.end()
                in_member = False
            totals.envelope(name, elements(text, separator), source.number)
        elif in_member:
            rows.add(text, source.number)
        else:
            totals.header(name, elements(text, separator), source.number)
    totals.end(source.number)
    if rows.members:
        yield rows


def _chunk(rows: MemberRows, before: _Counts, profile: EnrollmentProfile) -> EnrollmentChunk:
    index = _numbers("member_no", before.members, len(rows.members))
    raw_members = raw_table(rows.members, RAW_MEMBER_COLUMNS, index)
    raw_coverage = raw_table(
        rows.coverage, RAW_COVERAGE_COLUMNS, _numbers("coverage_no", before.coverage, len(rows.coverage))
    )
    raw_reporting = raw_table(
        rows.reporting, RAW_REPORTING_COLUMNS, _numbers("reporting_no", before.reporting, len(rows.reporting))
    )
    found = pd.DataFrame(rows.findings, columns=["row", "column", "code"])
    found["severity"] = found["code"].map({code: entry.severity.value for code, entry in CATALOGUE.items()})
    return EnrollmentChunk(
        members=members_table(raw_members, profile),
        coverage=coverage_table(raw_coverage),
        reporting=reporting_table(raw_reporting),
        findings=found.astype({"row": "int64", "column": "str", "code": "str", "severity": "str"}).sort_values(
            ["row", "column", "code"], ignore_index=True
        ),
        segments=pd.Series(rows.texts, index=index, dtype="str", name="segments"),
    )


def _numbers(name: str, before: int, count: int) -> pd.Index[int]:
    return pd.RangeIndex(before + 1, before + count + 1, name=name)
