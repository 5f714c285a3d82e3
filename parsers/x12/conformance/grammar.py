"""The guide as numbered segments and loops, taken from the map that pyx12 carries, and the way from one to the next.

A node is a segment in its loop (`REF` of 2300); node 0 is none. A symbol is what decides which node a segment is: its
id and, where the guide tells segments of one id apart by their first element, that element. Which node follows which
is pyx12's own walker's word, asked once for each pair of node and symbol that occurs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyx12.map_walker import walk_tree
from pyx12.segment import Segment

from parsers.x12.arrays import Positions, Words
from parsers.x12.guide import children, guide_map
from parsers.x12.lookup import Lookup
from parsers.x12.symbols import key_number

UNLIMITED = 1 << 30
NO_CODE = "~?"
"""Stands for a first element that the guide does not know."""

_DETAIL = "/ISA_LOOP/GS_LOOP/ST_LOOP/DETAIL/2000"
_NO_WAY, _UNKNOWN = 0, -1


@dataclass(frozen=True)
class Loop:
    """A loop below the member: what may stand in it how often."""

    name: str
    children: tuple[Child, ...]
    opening: int
    """The node that opens it"""


@dataclass(frozen=True)
class Child:
    """A segment of a loop, or a loop within it, which is told by the segment that opens it."""

    node: int
    required: bool
    most: int
    position: int
    is_loop: bool


class Grammar:
    """The nodes of a member, 2000 and the loops below it, and of what follows one.

    Attributes
    ----------
    nodes
        pyx12's segment of each node; None for node 0.
    loop_names
        Name of the loop of each node
    loops
        2000 and the loops below it, outermost first
    first
        The node of INS
    symbols
        Symbols of segments by `key_number` of id and first element, and by that of the id alone.
    """

    def __init__(self, guide: Any) -> None:
        member = guide.getnodebypath(_DETAIL)
        self.nodes: list[Any] = [None]
        self.loop_names = [""]
        self.loops: list[Loop] = []
        self._number: dict[int, int] = {}
        self._add_nodes(member)
        self._add_loops(member)
        self.first = self.number(member.get_first_seg())
        self._names = self._symbol_names()
        self.symbols = Lookup(np.array([key_number(name) for name in self._names], np.uint64))
        self._next: NDArray[np.int16] = np.full((len(self.nodes), len(self._names) + 1), _UNKNOWN, np.int16)
        self._next[:, 0] = _NO_WAY
        self._next[0] = _NO_WAY

    def number(self, segment: Any) -> int:
        """Return the node of a segment of the map, 0 for one outside of the member."""
        return self._number.get(id(segment), 0)

    def symbols_of(self, ids: Words, first_elements: Words) -> Positions:
        """Return the symbols of segments by the leading four bytes of their ids and of their first elements."""
        symbols = self.symbols(ids | first_elements << np.uint64(32))
        unknown = np.flatnonzero(symbols == 0)
        symbols[unknown] = self.symbols(ids[unknown])
        return symbols

    def follow(self, nodes: NDArray[np.int16], symbols: Positions) -> NDArray[np.int16]:
        """Return the node that a segment is after a node; 0 where the guide has no place for it."""
        found = self._next[nodes, symbols]
        unknown = np.flatnonzero(found == _UNKNOWN)
        if len(unknown):
            pairs = np.unique(np.stack([nodes[unknown], symbols[unknown]], axis=1), axis=0)
            for node, symbol in pairs.tolist():
                self._next[node, symbol] = self._ask(node, symbol)
            found[unknown] = self._next[nodes[unknown], symbols[unknown]]
        return found

    def _ask(self, node: int, symbol: int) -> int:
        name, _, code = self._names[symbol - 1].partition("*")
        segment = Segment(f"{name}*{code or NO_CODE}*A", "~", "*", ":")
        return self.number(walk_tree().walk_errors(self.nodes[node], segment, 1, 1, None)[0])

    def _add_nodes(self, loop: Any) -> None:
        for child in children(loop):
            if child.is_loop():
                self._add_nodes(child)
            else:
                self._number[id(child)] = len(self.nodes)
                self.nodes.append(child)
                self.loop_names.append(loop.id)

    def _add_loops(self, loop: Any) -> None:
        parts = children(loop)
        self.loops.append(Loop(loop.id, tuple(map(self._child, parts)), self.number(parts[0])))
        for part in parts:
            if part.is_loop():
                self._add_loops(part)

    def _child(self, part: Any) -> Child:
        segment = part.get_first_seg() if part.is_loop() else part
        most = min(part.get_max_repeat(), UNLIMITED)
        return Child(self.number(segment), part.usage == "R", most, part.pos, part.is_loop())

    def _symbol_names(self) -> list[str]:
        names: set[str] = set()
        for node in self.nodes[1:]:
            key = node._resolve_unique_key_field(node.id, with_qual=False)  # noqa: SLF001 - what its is_match goes by
            names.add(node.id)
            if key is not None:
                names |= {f"{node.id}*{code}" for code in key[0].valid_codes}
        return sorted(names)


@cache
def grammar() -> Grammar:
    """Return the grammar of the member; made once for a process."""
    return Grammar(guide_map())
