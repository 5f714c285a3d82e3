"""Read who sent an 834 to whom, when and as what, from its first four segments and without touching its members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from parsers.x12.blocks import BlockReader
from parsers.x12.control import ENVELOPE, ControlTotals, element
from parsers.x12.delimiters import BLANK, Delimiters
from parsers.x12.text import elements
from schemas.findings import file_fault

_SIZE = 1 << 14
"""Bytes read at a time; the first few hundred hold all that is looked for."""


@dataclass(frozen=True)
class Envelope:
    """The first interchange, group and transaction set of a file."""

    sender_qualifier: str
    """ISA05"""
    sender_id: str
    """ISA06, without padding"""
    receiver_qualifier: str
    """ISA07"""
    receiver_id: str
    """ISA08, without padding"""
    control_number: str
    """ISA13"""
    usage: str
    """ISA15: `P` production, `T` test"""
    group_control_number: str
    """GS06"""
    version: str
    """GS08: the guide"""
    purpose: str
    """BGN01"""
    reference: str
    """BGN02; DHCS puts the stem of the file name here"""
    file_date: date | None
    """BGN03; None when it is not a date"""
    action: str
    """BGN08"""
    delimiters: Delimiters


def read_envelope(path: Path) -> Envelope:
    """Read ISA, GS, ST and BGN of an 834.

    Raises
    ------
    FileFault
        F01 when the file is not X12, F02 when it is not an 834 by the guide, F04 when it ends before the BGN.
    """
    totals = ControlTotals()
    head: dict[str, list[str]] = {}
    with path.open("rb") as stream:
        blocks = BlockReader(stream, _SIZE)
        for number, found in enumerate(_segments(blocks), start=1):
            name, segment, delimiters = found
            head[name] = segment
            if name not in ENVELOPE:
                break
            totals.envelope(name, segment, number)
        else:
            totals.end(blocks.number)
            raise file_fault("F02", "it holds no transaction set")
    if name != "BGN":
        raise file_fault("F02", "the transaction set does not begin with BGN", where=f"segment {number}")
    totals.header(name, segment, number)
    isa, gs, bgn = head["ISA"], head["GS"], head["BGN"]
    return Envelope(
        sender_qualifier=element(isa, 5),
        sender_id=element(isa, 6),
        receiver_qualifier=element(isa, 7),
        receiver_id=element(isa, 8),
        control_number=element(isa, 13),
        usage=element(isa, 15),
        group_control_number=element(gs, 6),
        version=element(gs, 8),
        purpose=element(bgn, 1),
        reference=element(bgn, 2),
        file_date=_day(element(bgn, 3)),
        action=element(bgn, 8),
        delimiters=delimiters,
    )


def _segments(blocks: BlockReader) -> Iterator[tuple[str, list[str], Delimiters]]:
    for tokens, _ in blocks:
        for index in range(len(tokens)):
            segment = elements(tokens.segment(index), tokens.delimiters.element)
            yield segment[0].strip(BLANK), segment, tokens.delimiters


def _day(text: str) -> date | None:
    if not (len(text) == 8 and text.isascii() and text.isdigit()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
