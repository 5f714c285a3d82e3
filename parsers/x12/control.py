"""Hold an 834's envelope to its word: headers and trailers in order, control numbers that match, totals that count.

ISA/IEA, GS/GE and ST/SE wrap the content; IEA01, GE01, SE01 and QTY*TO say how much of it there must be. Whatever
disagrees means that the file is not what was sent, and holds it as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence

from parsers.x12.delimiters import BLANK
from schemas.findings import file_fault
from schemas.problems import FileFault

GUIDE = "005010X220A1"
"""The implementation guide (GS08) this software reads."""

ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA", "TA1"})

_HEADER = frozenset({"BGN", "REF", "DTP", "QTY", "N1", "N2", "N3", "N4", "PER", "ACT"})


def element(segment: Sequence[str], position: int) -> str:
    """Return an element by its position (`BGN02` is 2) without blanks around it; empty when it is absent."""
    return segment[position].strip(BLANK) if position < len(segment) else ""


class ControlTotals:
    """The state of the envelope while a file is read. Its methods raise `FileFault` F02, F04 or F11 at what is wrong.

    Attributes
    ----------
    set_control
        ST02 of the transaction set that is open.
    """

    def __init__(self) -> None:
        self.set_control = ""
        self._open: list[str] = []
        self._interchange = self._group = ""
        self._groups = self._sets = self._members = self._set_begin = 0
        self._announced: list[str] = []
        self._identities: set[tuple[str, ...]] = set()
        self._takes = {
            "ISA": self._isa,
            "TA1": self._ta1,
            "GS": self._gs,
            "ST": self._st,
            "SE": self._se,
            "GE": self._ge,
            "IEA": self._iea,
        }

    def members(self, count: int, number: int) -> None:
        """Count members that follow each other, the first one's INS being the segment `number`."""
        self._within("ST", "INS", number)
        self._members += count

    def header(self, name: str, segment: Sequence[str], number: int) -> None:
        """Take a segment that stands before the first INS of its set."""
        if self._members or name not in _HEADER:
            raise _fault("a segment stands outside of the member loops", number)
        self._within("ST", "content", number)
        if name == "QTY" and element(segment, 1) == "TO":
            self._announced.append(element(segment, 2))

    def envelope(self, name: str, segment: Sequence[str], number: int) -> None:
        """Take a segment of `ENVELOPE`."""
        self._takes[name](segment, number)

    def end(self, number: int) -> None:
        """Take the end of the file after `number` segments."""
        if self._open:
            raise _fault(f"the file ends before its {_trailers(self._open)}", number)

    def _isa(self, segment: Sequence[str], number: int) -> None:
        if self._open:
            raise _fault(f"an interchange begins before the {_trailers(self._open)} of the last", number)
        self._open.append("ISA")
        self._interchange = element(segment, 13)
        self._groups = 0
        identity = tuple(element(segment, position) for position in (5, 6, 7, 8, 13))
        if identity in self._identities:
            raise file_fault("F11", "in this file", where=f"segment {number}")
        self._identities.add(identity)

    def _ta1(self, _: Sequence[str], number: int) -> None:
        self._within("ISA", "TA1", number)

    def _gs(self, segment: Sequence[str], number: int) -> None:
        self._within("ISA", "GS", number)
        if element(segment, 1) != "BE" or element(segment, 8) != GUIDE:
            raise file_fault("F02", f"a functional group is not an 834 by {GUIDE}", where=f"segment {number}")
        self._open.append("GS")
        self._group = element(segment, 6)
        self._groups += 1
        self._sets = 0

    def _st(self, segment: Sequence[str], number: int) -> None:
        self._within("GS", "ST", number)
        if element(segment, 1) != "834" or element(segment, 3) not in ("", GUIDE):
            raise file_fault("F02", f"a transaction set is not an 834 by {GUIDE}", where=f"segment {number}")
        self._open.append("ST")
        self.set_control = element(segment, 2)
        self._sets += 1
        self._members, self._set_begin, self._announced = 0, number, []

    def _se(self, segment: Sequence[str], number: int) -> None:
        self._within("ST", "SE", number)
        self._open.pop()
        for announced in self._announced:
            _equal("QTY*TO", announced, self._members, "members", number)
        _equal("SE01", element(segment, 1), number - self._set_begin + 1, "segments", number)
        _same("SE02", element(segment, 2), "ST02", self.set_control, number)

    def _ge(self, segment: Sequence[str], number: int) -> None:
        self._within("GS", "GE", number)
        self._open.pop()
        _equal("GE01", element(segment, 1), self._sets, "transaction sets", number)
        _same("GE02", element(segment, 2), "GS06", self._group, number)

    def _iea(self, segment: Sequence[str], number: int) -> None:
        self._within("ISA", "IEA", number)
        self._open.pop()
        _equal("IEA01", element(segment, 1), self._groups, "functional groups", number)
        _same("IEA02", element(segment, 2), "ISA13", self._interchange, number)

    def _within(self, header: str, what: str, number: int) -> None:
        if not self._open or self._open[-1] != header:
            raise _fault(f"{what} does not stand directly within an open {header}", number)


def _fault(detail: str, number: int) -> FileFault:
    return file_fault("F04", detail, where=f"segment {number}")


def _trailers(opened: Sequence[str]) -> str:
    return ", ".join({"ISA": "IEA", "GS": "GE", "ST": "SE"}[header] for header in reversed(opened))


def _equal(name: str, announced: str, counted: int, things: str, number: int) -> None:
    if not (announced.isascii() and announced.isdigit() and len(announced) <= 10):
        raise _fault(f"{name} is not a count; there are {counted} {things}", number)
    if int(announced) != counted:
        raise _fault(f"{name} announces {int(announced)} {things}, there are {counted}", number)


def _same(name: str, value: str, other: str, expected: str, number: int) -> None:
    if value != expected:
        raise _fault(f"{name} is not the control number in {other}", number)
