"""Read an 834 into chunks of members, coverage and reporting categories, in memory bounded by the chunk.

Every INS becomes a member, sound or not: what is wrong with one member is a finding, what is wrong with the file is a
`FileFault`. The fault may come after chunks were handed out, so the whole file is loaded in one transaction.

The file is cut between members (`parsers.x12.cuts`), the cuts are read by themselves (`parsers.x12.unit`), and what
they hold is put together (`parsers.x12.assembly`). Sound members are read many at once (`parsers.x12.bulk`), all others
segment by segment (`parsers.x12.rows`); what the two make of a member is the same. Of pyx12 the reader takes what pyx12
is the authority for, the loops of its 834 map.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from parsers.x12.assembly import Assembly, EnrollmentChunk
from parsers.x12.cuts import Cut, Cuts, Unreadable
from parsers.x12.profile import EnrollmentProfile
from parsers.x12.unit import Examine, Settings, Unit
from parsers.x12.workers import WORTHWHILE, read_units

CHUNK_SIZE = 4 << 20
"""Bytes read at a time: some thousands of members. Fewer take longer, by the column; more take more memory."""

FEW = 12
"""Members of a block (a whole interchange, or what was read of one) for which reading one by one costs less."""

__all__ = ["WORTHWHILE", "EnrollmentChunk", "read_834"]


def read_834(
    path: Path,
    profile: EnrollmentProfile,
    *,
    chunk_size: int = CHUNK_SIZE,
    few: int = FEW,
    processes: int = 1,
    examine: Examine | None = None,
) -> Iterator[EnrollmentChunk]:
    """Read the members of an 834, about `chunk_size` bytes of them at a time; a file without members gives no chunk.

    Blocks of at most `few` members are read one by one, and files of at least `workers.WORTHWHILE` bytes in so many
    other processes, when there are to be more than one: this changes the time it takes and not the result.

    `examine` is shown the `Outline` of each block, in whichever process reads it, where segments and members are
    counted from the unit's beginning. What it returns is handed out with the block's chunk; then there is a chunk also
    without members.

    Raises
    ------
    ExchangeError
        READING when one of several processes dies.
    FileFault
        F01 when the file is not X12 or is damaged beyond reading, F02 when it is not an 834 by the guide, F04 when
        headers, trailers, control numbers or totals disagree with the content.
    """
    assembly, settings = Assembly(), Settings(profile, few, examine)
    with path.open("rb") as stream:
        if path.stat().st_size < WORTHWHILE:
            processes = 1
        try:
            for unit, reading in read_units(_units(Cuts(stream, chunk_size), chunk_size), settings, processes):
                chunk = assembly.take(unit, reading)
                if len(chunk.members) or chunk.examined:
                    yield chunk
        except Unreadable as stop:
            raise stop.fault(assembly.segments) from None
    assembly.end()


def _units(cuts: Iterable[Cut], size: int) -> Iterator[Unit]:
    """Put small cuts together: many interchanges may have few members each."""
    unit: list[Cut] = []
    try:
        for cut in cuts:
            unit.append(cut)
            if sum(len(cut.text) for cut in unit) > size // 2:
                yield unit
                unit = []
    except Unreadable:
        if unit:
            yield unit
        raise
    if unit:
        yield unit
