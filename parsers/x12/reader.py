"""Read an 834 into chunks of members, coverage and reporting categories, in memory bounded by the chunk.

Every INS becomes a member, sound or not: what is wrong with one member is a finding, what is wrong with the file is a
`FileFault`. The fault may come after chunks were handed out, so the whole file is loaded in one transaction.

Sound members are read many at once (`parsers.x12.bulk`), all others segment by segment (`parsers.x12.rows`); what the
two make of a member is the same. Of pyx12 the reader takes what pyx12 is the authority for, the loops of its 834 map.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from parsers.x12.assembly import Assembly
from parsers.x12.blocks import BlockReader
from parsers.x12.canonical import coverage_table, members_table, reporting_table
from parsers.x12.profile import EnrollmentProfile
from parsers.x12.slots import MEMBER_TEXT

CHUNK_SIZE = 2 << 20
"""Bytes read at a time: some thousands of members, few enough to stay in a processor's cache."""

FEW = 12
"""Members of a block (a whole interchange, or what was read of one) for which reading one by one costs less."""


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


def read_834(
    path: Path, profile: EnrollmentProfile, *, chunk_size: int = CHUNK_SIZE, few: int = FEW
) -> Iterator[EnrollmentChunk]:
    """Read the members of an 834, about `chunk_size` bytes of them at a time; a file without members gives no chunk.

    Blocks of at most `few` members are read one by one, which changes the time this takes and not the result.

    Raises
    ------
    FileFault
        F01 when the file is not X12 or is damaged beyond reading, F02 when it is not an 834 by the guide, F04 when
        headers, trailers, control numbers or totals disagree with the content.
    """
    assembly = Assembly(few)
    before = [0, 0, 0]
    with path.open("rb") as stream:
        blocks = BlockReader(stream, chunk_size)
        for block in blocks:
            assembly.take(block)
            if assembly.size > chunk_size // 2 and not assembly.in_member:
                yield from _chunk(assembly, before, profile)
        assembly.totals.end(blocks.number)
        yield from _chunk(assembly, before, profile)


def _chunk(assembly: Assembly, before: list[int], profile: EnrollmentProfile) -> Iterator[EnrollmentChunk]:
    """Hand out the members held, if any; `before` counts the rows of each table that were handed out."""
    raw = assembly.tables()
    indexes = [
        pd.RangeIndex(count + 1, count + table.num_rows + 1, name=name)
        for count, table, name in zip(before, raw, ("member_no", "coverage_no", "reporting_no"), strict=True)
    ]
    findings = assembly.findings()
    assembly.clear()
    before[:] = [index.stop - 1 for index in indexes]
    if raw.members.num_rows:
        yield EnrollmentChunk(
            members=members_table(raw.members, profile).to_pandas().set_axis(indexes[0]),
            coverage=coverage_table(raw.coverage).to_pandas().set_axis(indexes[1]),
            reporting=reporting_table(raw.reporting).to_pandas().set_axis(indexes[2]),
            findings=findings,
            segments=raw.members[MEMBER_TEXT].to_pandas().set_axis(indexes[0]),
        )
