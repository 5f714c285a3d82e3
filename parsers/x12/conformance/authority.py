"""pyx12's own word on what columns could not prove: on the elements of a segment, and on the structure of a member.

Its messages carry the values they speak of, so that only places and codes are taken from them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from pyx12.map_walker import walk_tree
from pyx12.segment import Composite, Segment
from pyx12.x12file import X12Base, X12Reader

from parsers.x12.conformance.grammar import Grammar
from parsers.x12.delimiters import Delimiters
from parsers.x12.guide import segment_ids
from parsers.x12.rows import LONG_SEGMENT

logging.getLogger("pyx12").setLevel(logging.CRITICAL + 1)  # its loggers below this one inherit the level

_DATA_ERROR = "SEG:8"
_REPEATING = frozenset({"COB04"})
"""Simple elements that the guide lets repeat; pyx12's map does not tell."""

_SET = "/ISA_LOOP/GS_LOOP/ST_LOOP"
_LEAVING = "SE"
"""The segment that a member is left by. At another INS, pyx12 forgets what a member of an INS alone lacks."""

_NUMBERED = frozenset({"isa_ids", "gs_ids", "st_ids"})
_REMEMBERED = 5_000
"""Answers of a kind that are remembered at a time"""

_LONGEST = 2_000
"""Characters of what is asked about, as far as answers are remembered."""


class Fault(NamedTuple):
    """What is wrong at a segment, counted from the first one asked about, 0."""

    segment: int
    segment_id: str
    loop: str
    code: str


class Structure(NamedTuple):
    """How the segments of a member stand in the guide."""

    nodes: tuple[int, ...]
    """The node of each segment, 0 for one without a place"""
    faults: tuple[Fault, ...]
    """What is missing, misplaced or repeated too often; that of the member's end stands at the segment after it"""


class Lines(X12Reader):  # type: ignore[misc]  # pyx12 has no types
    """pyx12's reader, given segments instead of a file."""

    def __init__(self, lines: Iterable[str], delimiters: Delimiters) -> None:
        X12Base.__init__(self)
        self.raw: Any = lines
        self.seg_term, self.ele_term = delimiters.segment, delimiters.element
        self.subele_term, self.repetition_term = delimiters.component, delimiters.repetition

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, _Numbers() if name in _NUMBERED else value)


class _Numbers(list[str]):
    """Control numbers seen so far. pyx12 looks through all of them for each set; here that is a look into a set."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: set[str] = set()

    def append(self, number: str) -> None:
        self._seen.add(number)

    def __contains__(self, number: object) -> bool:
        return number in self._seen


class Authority:
    """pyx12 for one set of delimiters; what it said of a segment or a shape of a member is remembered."""

    def __init__(self, grammar: Grammar, delimiters: Delimiters) -> None:
        self._grammar = grammar
        self._delimiters = delimiters
        self._of_segments: dict[tuple[int, str], tuple[tuple[str, str], ...]] = {}
        self._of_shapes: dict[str, Structure] = {}

    def elements(self, node: int, text: str) -> tuple[tuple[str, str], ...]:
        """Return `(element, code)` of what is wrong within a segment: `("02", "ELE:8")`, `("", "SEG:8")`."""
        known = self._of_segments.get((node, text))
        if known is None:
            known = element_faults(self._grammar.nodes[node], text, self._delimiters)
            _remember(self._of_segments, (node, text), text, known)
        return known

    def structure(self, texts: Sequence[str]) -> Structure:
        """Walk a member, from its INS on."""
        shape = self._delimiters.segment.join(map(self._shape, texts))
        known = self._of_shapes.get(shape)
        if known is None:
            known = self._walk(texts)
            _remember(self._of_shapes, shape, shape, known)
        return known

    def _shape(self, text: str) -> str:
        """Write what a segment's place in the guide depends on: its id, its first element, and whether it ends well."""
        mark = self._delimiters.element
        name, _, rest = text.partition(mark)
        return f"{name}{mark}{rest.partition(mark)[0]}{mark * (not rest.strip(mark) or rest.endswith(mark))}"

    def _walk(self, texts: Sequence[str]) -> Structure:
        grammar, marks = self._grammar, self._delimiters
        # A member begins with its INS, whatever INS01 holds; that is for the check of its elements.
        _, *rest = texts[0].split(marks.element)
        begin = marks.element.join(["INS", "Y", *rest[1:]])
        reader = Lines([begin, *texts[1:]], marks)
        walker, node = walk_tree({_SET: 1}), grammar.nodes[grammar.first]
        nodes: list[int] = []
        faults: list[Fault] = []
        for number, segment in enumerate(reader):
            if segment.get_seg_id() not in segment_ids():  # which the walker would look for everywhere
                faults.append(_fault(number, segment, node, "1"))
                nodes.append(0)
                continue
            found, _, _, errors = walker.walk_errors(node, segment, number, number, None)
            faults += _faults(errors, number)
            if found is not None:
                node = found
                faults += [_fault(number, segment, node, code) for _, code, *_ in reader.pop_errors()]
            nodes.append(grammar.number(found) if found is not None else 0)
        _, _, _, errors = walker.walk_errors(node, Segment(_LEAVING, "~", "*", ":"), len(texts), len(texts), None)
        faults += _faults(errors, len(texts))
        return Structure(tuple(nodes), tuple(dict.fromkeys(faults)))


def element_faults(node: Any, text: str, delimiters: Delimiters) -> tuple[tuple[str, str], ...]:
    """Return `(element, code)` of what pyx12 finds within a segment of a node of the map."""
    found: dict[tuple[str, str], None] = {}
    for variant in _repetitions(node, text, delimiters):
        segment = Segment(variant, delimiters.segment, delimiters.element, delimiters.component)
        try:
            _, errors = node.is_valid_errors(segment)
        except Exception:  # noqa: BLE001 - pyx12 trips over some composites that have too many components
            found["", _DATA_ERROR] = None
            continue
        for error in errors:
            inside = error.map_node
            found[
                "" if inside is None else position(inside), _DATA_ERROR if inside is None else f"ELE:{error.err_cde}"
            ] = None
    return tuple(found)


def composite_is_sound(node: Any, text: str, delimiters: Delimiters) -> bool:
    """Tell whether pyx12 has nothing to say of a composite, of each repetition where it may repeat."""
    parts = text.split(delimiters.repetition) if node.repeat > 1 and delimiters.separates_repetitions else [text]
    try:
        return all(
            len(composite) <= len(node.children) and node.is_valid_errors(composite)[0]
            for composite in (Composite(part, delimiters.component) for part in parts)
        )
    except Exception:  # noqa: BLE001 - as above
        return False


def position(node: Any) -> str:
    """Write where an element of the map stands in its segment: `02`, or `05-03` for a component."""
    if node.parent.is_composite():
        return f"{node.parent.seq:02d}-{node.seq:02d}"
    return f"{node.seq:02d}"


def _repetitions(node: Any, text: str, delimiters: Delimiters) -> Iterator[str]:
    """Write the segment once for each repetition of an element that may repeat: pyx12 takes them for one value.

    A segment that is too long for any of the guide is written once: its repetitions may be half a million.
    """
    elements = text.split(delimiters.element)
    most = 1
    if delimiters.separates_repetitions and delimiters.repetition in text and len(text) <= LONG_SEGMENT:
        repeated = [
            child.seq
            for child in node.children
            if child.seq < len(elements) and ((child.is_composite() and child.repeat > 1) or child.id in _REPEATING)
        ]
        parts = {number: elements[number].split(delimiters.repetition) for number in repeated}
        most = max((len(some) for some in parts.values()), default=1)
    else:
        parts = {}
    for turn in range(most):
        for number, some in parts.items():
            elements[number] = some[min(turn, len(some) - 1)]
        yield delimiters.element.join(elements)


def _faults(errors: list[Any], number: int) -> Iterator[Fault]:
    for error in errors:
        yield _fault(number, error.seg_data, error.map_node, error.err_cde)


def _fault(number: int, segment: Segment, node: Any, code: str) -> Fault:
    loop = node if node.is_loop() else node.parent
    return Fault(number, segment.get_seg_id() or "", loop.id, f"SEG:{code}")


def _remember(memory: dict[Any, Any], key: Any, text: str, value: Any) -> None:
    if len(memory) >= _REMEMBERED:
        memory.clear()
    if len(text) <= _LONGEST:
        memory[key] = value
