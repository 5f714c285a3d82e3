"""What the envelopes of a file say: its interchanges, their functional groups, and the transaction sets in those.

Everything is kept as it stands, right or wrong, so that an acknowledgement can say what is wrong with it. An envelope
names partners, numbers and times and nobody's data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from parsers.x12.blocks import BlockReader
from parsers.x12.control import ENVELOPE, element
from parsers.x12.delimiters import Delimiters
from parsers.x12.text import elements
from parsers.x12.tokens import Tokens
from schemas.problems import FileFault

_SIZE = 2 << 20
_BEGINNINGS = np.array(sorted({int.from_bytes(name[:2].encode(), "little") for name in ENVELOPE}), np.uint64)
_HEADERS = {"ISA": 0, "GS": 1, "ST": 2}
_TRAILERS = {"IEA": 0, "GE": 1, "SE": 2}


@dataclass(frozen=True)
class Trailer:
    """IEA, GE or SE."""

    count: str
    """How much it says to close: IEA01, GE01, SE01"""
    control_number: str
    """IEA02, GE02, SE02"""


@dataclass(frozen=True)
class TransactionSet:
    """ST to SE."""

    first: int
    """Place of the ST in the file; the first ISA is 1"""
    last: int
    """Place of its last segment"""
    identifier: str
    """ST01"""
    control_number: str
    """ST02"""
    convention: str
    """ST03"""
    trailer: Trailer | None

    @property
    def segments(self) -> int:
        """How many segments it has, ST and SE included."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class FunctionalGroup:
    """GS to GE."""

    first: int
    last: int
    identifier: str
    """GS01: `BE` for 834s, `FA` for acknowledgements"""
    sender: str
    """GS02"""
    receiver: str
    """GS03"""
    control_number: str
    """GS06"""
    version: str
    """GS08"""
    sets: tuple[TransactionSet, ...]
    trailer: Trailer | None


@dataclass(frozen=True)
class Interchange:
    """ISA to IEA. Identifiers stand without padding."""

    first: int
    last: int
    sender_qualifier: str
    """ISA05"""
    sender_id: str
    """ISA06"""
    receiver_qualifier: str
    """ISA07"""
    receiver_id: str
    """ISA08"""
    date: str
    """ISA09: YYMMDD"""
    time: str
    """ISA10: HHMM"""
    version: str
    """ISA12"""
    control_number: str
    """ISA13"""
    acknowledgement_requested: str
    """ISA14"""
    usage: str
    """ISA15: `P` production, `T` test"""
    delimiters: Delimiters
    groups: tuple[FunctionalGroup, ...]
    trailer: Trailer | None
    acknowledges: bool
    """Whether it holds a TA1"""
    disordered: bool
    """Whether a header or trailer stands where none belongs"""

    @property
    def partners(self) -> tuple[str, str, str, str]:
        """ISA05 to ISA08: between whom its control number is unique."""
        return self.sender_qualifier, self.sender_id, self.receiver_qualifier, self.receiver_id


@dataclass
class _Open:
    """A header that waits for its trailer, and what was closed within it."""

    header: Sequence[str]
    first: int
    delimiters: Delimiters
    sets: list[TransactionSet] = field(default_factory=list)
    groups: list[FunctionalGroup] = field(default_factory=list)
    acknowledges: bool = False
    disordered: bool = False


class InterchangeRecorder:
    """Remembers the envelope segments it is shown, whatever their order; never raises."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._closed: list[Interchange] = []

    def take(self, name: str, segment: Sequence[str], number: int, delimiters: Delimiters) -> None:
        """Take a segment of `parsers.x12.control.ENVELOPE`, the `number`-th of the file."""
        if name in _HEADERS:
            level = _HEADERS[name]
            self._close(level, number - 1)
            if len(self._open) == level:
                self._open.append(_Open(segment, number, delimiters))
                return
        elif name in _TRAILERS:
            level = _TRAILERS[name]
            self._close(level + 1, number - 1)
            if len(self._open) == level + 1:
                self._close(level, number, Trailer(element(segment, 1), element(segment, 2)))
                return
        if self._open:
            self._open[0].acknowledges |= name == "TA1"
            self._open[0].disordered |= name != "TA1"

    def interchanges(self, number: int) -> tuple[Interchange, ...]:
        """Return the interchanges of a file that ends after `number` segments."""
        self._close(0, number)
        return tuple(self._closed)

    def _close(self, level: int, last: int, trailer: Trailer | None = None) -> None:
        """Close what is open from the innermost down to `level`; the trailer is that of the last one."""
        while len(self._open) > level:
            ended = self._open.pop()
            closing = trailer if len(self._open) == level else None
            if len(self._open) == 2:
                self._open[1].sets.append(_set(ended, last, closing))
            elif len(self._open) == 1:
                self._open[0].groups.append(_group(ended, last, closing))
            else:
                self._closed.append(_interchange(ended, last, closing))


def read_interchanges(path: Path) -> tuple[Interchange, ...]:
    """Read the envelopes of a file as far as they can be read; none when it does not begin with an ISA."""
    recorder = InterchangeRecorder()
    with path.open("rb") as stream:
        blocks = BlockReader(stream, _SIZE)
        with suppress(FileFault):
            for block in blocks:
                for name, segment, number in _envelope(block.tokens):
                    recorder.take(name, segment, number, block.tokens.delimiters)
    return recorder.interchanges(blocks.number)


def _envelope(tokens: Tokens) -> Iterator[tuple[str, list[str], int]]:
    """Find the segments of the envelope by the two letters they begin with, and then by their whole ids."""
    for index in np.flatnonzero(np.isin(tokens.words[tokens.start] & 0xFFFF, _BEGINNINGS)).tolist():
        name = tokens.name(index)
        if name in ENVELOPE:
            segment = elements(tokens.segment(index), tokens.delimiters.element)
            yield name, segment, tokens.number + index + 1


def _set(ended: _Open, last: int, trailer: Trailer | None) -> TransactionSet:
    st = ended.header
    return TransactionSet(ended.first, last, element(st, 1), element(st, 2), element(st, 3), trailer)


def _group(ended: _Open, last: int, trailer: Trailer | None) -> FunctionalGroup:
    return FunctionalGroup(
        first=ended.first,
        last=last,
        identifier=element(ended.header, 1),
        sender=element(ended.header, 2),
        receiver=element(ended.header, 3),
        control_number=element(ended.header, 6),
        version=element(ended.header, 8),
        sets=tuple(ended.sets),
        trailer=trailer,
    )


def _interchange(ended: _Open, last: int, trailer: Trailer | None) -> Interchange:
    return Interchange(
        first=ended.first,
        last=last,
        sender_qualifier=element(ended.header, 5),
        sender_id=element(ended.header, 6),
        receiver_qualifier=element(ended.header, 7),
        receiver_id=element(ended.header, 8),
        date=element(ended.header, 9),
        time=element(ended.header, 10),
        version=element(ended.header, 12),
        control_number=element(ended.header, 13),
        acknowledgement_requested=element(ended.header, 14),
        usage=element(ended.header, 15),
        delimiters=ended.delimiters,
        groups=tuple(ended.groups),
        trailer=trailer,
        acknowledges=ended.acknowledges,
        disordered=ended.disordered,
    )
