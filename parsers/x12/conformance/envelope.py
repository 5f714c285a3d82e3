"""Let pyx12 judge what is not a member: interchanges, groups, sets and what stands before the first INS of a set.

The steps are those of pyx12's own validation of a file. They are taken here one by one, because the members between
header and trailer are judged elsewhere, and because pyx12 reads on with the first interchange's delimiters, drops what
it finds in the segments of the envelope, and trips over some files.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pyx12.map_walker import walk_tree
from pyx12.segment import Segment

from parsers.x12.conformance.authority import Lines, element_faults
from parsers.x12.conformance.deviations import Deviation
from parsers.x12.control import GUIDE
from parsers.x12.delimiters import Delimiters
from parsers.x12.guide import control_map, guide_map

NOT_FINISHED = "FILE:NOT_FINISHED"
"""The judgement ended before the file did: what follows in it cannot be related to the guide."""

_ISA, _GS = "/ISA_LOOP/ISA", "/ISA_LOOP/GS_LOOP/GS"
_MEMBER = "/ISA_LOOP/GS_LOOP/ST_LOOP/DETAIL/2000"
_LEVELS = {"isa": "ISA", "gs": "GS", "st": "ST"}
_TRAILERS = {"IEA": "isa", "GE": "gs", "SE": "st"}
_REMEMBERED = 1_000
"""Segments; those of a header are much the same in every set."""

_SEPARATORS = {("ISA", element, "ELE:6") for element in ("11", "16")}
"""pyx12 objects to separators that are control characters; they may be."""

_NOT_SUPPORTED = "2"


class EnvelopeJudge:
    """Takes the segments of a file in order, members only by how many segments they have."""

    def __init__(self) -> None:
        self.found: list[Deviation] = []
        self._reader = Lines((), Delimiters("*", ":", "^", "~"))
        self._walker = walk_tree()
        self._map: Any = control_map()
        self._node: Any = self._map.getnodebypath(_ISA)
        self._cursor = (0, "", "")
        self._of_elements = lru_cache(_REMEMBERED)(element_faults)
        self._levels: dict[str, _Level] = {}
        self._finished = False

    def segment(self, text: str, number: int, delimiters: Delimiters) -> None:
        """Take a segment that belongs to no member; `number` is its place in the file, from 1."""
        if not self._finished:
            try:
                self._take(text, number, delimiters)
            except Exception:  # noqa: BLE001 - pyx12 raises whatever a damaged envelope makes it trip over
                self._stop()

    def members(self, first_number: int, segments: int, delimiters: Delimiters) -> None:
        """Take members that follow each other: the number of the first INS, and how many segments they have."""
        if self._finished:
            return
        marks = delimiters.element
        before = self._reader.seg_count
        self.segment(marks.join(("INS", "Y", "18")), first_number, delimiters)
        self._reader.seg_count = before + segments
        if self._map is not guide_map():
            return  # before any functional group there is no place that a member could leave
        # The members are judged elsewhere: to pyx12 they are complete.
        member = self._map.getnodebypath(_MEMBER)
        self._node = member.get_first_seg()
        for position in member.pos_map.values():
            for child in position:
                if child.usage == "R":
                    self._walker.counter.setCount(child.x12path, 1)

    def end(self) -> list[Deviation]:
        """Take the end of the file and return all that was found."""
        if not self._finished:
            if not self._levels:
                self.found.append(Deviation(-1, "", "", "", NOT_FINISHED))
            self._reader.cleanup()
            self._report()
        for level in self._levels.values():
            self.found += level.deviations()
        return sorted(set(self.found))

    def _take(self, text: str, number: int, delimiters: Delimiters) -> None:
        reader = self._reader
        reader.seg_term, reader.ele_term = delimiters.segment, delimiters.element
        reader.subele_term, reader.cur_line = delimiters.component, number - 1
        reader.raw = (text,)
        pending = reader.pop_errors()
        segment = next(iter(reader))
        reader.err_list[:0] = pending
        name = segment.get_seg_id() or ""
        node = self._place(segment, name, number)
        if node is None:
            return
        self._node = node
        if name in ("ISA", "GS", "ST"):
            self._open(name.lower(), number)
        self._cursor = (number, name, _loop_name(node))
        self._report()
        if name in _TRAILERS:
            self._levels[_TRAILERS[name]].closed = number
        if name != "INS":
            for element, code in self._of_elements(node, text, delimiters):
                if (name, element, code) not in _SEPARATORS:
                    self.found.append(Deviation(*self._cursor, element, code))

    def _place(self, segment: Segment, name: str, number: int) -> Any:
        """Return where in the map the segment stands, None for nowhere."""
        if name == "ISA":
            self._map = control_map()
            self._walker.forceWalkCounterToLoopStart("/ISA_LOOP", _ISA)
            return self._map.getnodebypath(_ISA)
        if name == "GS":
            self._walker.forceWalkCounterToLoopStart("/ISA_LOOP/GS_LOOP", _GS)
            self._map = guide_map()
            node = self._map.getnodebypath(_GS)
            if segment.get_value("GS08") != GUIDE or segment.get_value("GS01") != "BE":
                self.found.append(Deviation(number, name, _loop_name(node), "", f"GS:{_NOT_SUPPORTED}"))
                self._stop()
            return node
        found, _, _, errors = self._walker.walk_errors(self._node, segment, self._reader.get_seg_count(), number, None)
        for error in errors:
            self._cursor = (number, error.seg_data.get_seg_id(), _loop_name(error.map_node))
            self.found.append(Deviation(*self._cursor, "", f"SEG:{error.err_cde}"))
        return found

    def _open(self, level: str, number: int) -> None:
        before = self._levels.pop(level, None)
        if before is not None:
            self.found += before.deviations()
        self._levels[level] = _Level(_LEVELS[level], number)

    def _report(self) -> None:
        """Enter what pyx12's reader found, which it holds back until a segment has a place."""
        for kind, code, *_ in self._reader.pop_errors():
            if kind == "seg":
                self.found.append(Deviation(*self._cursor, "", f"SEG:{code}"))
            elif kind in self._levels:
                self._levels[kind].codes.append(code)

    def _stop(self) -> None:
        self._finished = True
        self.found.append(Deviation(-1, "", "", "", NOT_FINISHED))


class _Level:
    """An interchange, group or set, and the codes of what is wrong with it as a whole."""

    def __init__(self, name: str, opened: int) -> None:
        self.name = name
        self.opened = opened
        self.closed = 0
        self.codes: list[str] = []

    def deviations(self) -> Iterator[Deviation]:
        """Place the codes where the level ends, as pyx12 does; where it begins when it has no end."""
        for code in self.codes:
            yield Deviation(self.closed or self.opened, self.name, "", "", f"{self.name}:{code}")


def _loop_name(node: Any) -> str:
    return str(node.id if node.is_loop() else node.parent.id)
