"""Judge the members of a stretch: columns prove what is right, pyx12 says what is wrong with the rest."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from parsers.x12.arrays import Mask, Positions
from parsers.x12.conformance.authority import Authority
from parsers.x12.conformance.deviations import Deviation, deviations
from parsers.x12.conformance.grammar import Grammar, grammar
from parsers.x12.conformance.values import Grid, SegmentProof
from parsers.x12.conformance.walk import Nodes, keeps_structure, walk
from parsers.x12.delimiters import Delimiters
from parsers.x12.outline import Outline
from parsers.x12.tokens import Tokens

_FIRST_SAFE, _LAST_SAFE = ord(" "), ord("~")


def examine_members(found: Outline) -> pd.DataFrame:
    """Return the deviations of all members of a stretch (`conformance.deviations`).

    Segments are counted within the stretch, from 1. The index is the place of the member's INS.
    """
    members = found.members
    if not len(members.first):
        return deviations([], [])
    return _judge(found.tokens.delimiters).examine(found)


class _Judge:
    """What is known of members written with one set of delimiters."""

    def __init__(self, guide: Grammar, delimiters: Delimiters) -> None:
        self._guide = guide
        self._delimiters = delimiters
        self._authority = Authority(guide, delimiters)
        self._proofs = {node: SegmentProof(segment, delimiters) for node, segment in enumerate(guide.nodes) if node}

    def examine(self, found: Outline) -> pd.DataFrame:
        tokens, members = found.tokens, found.members
        nodes = np.zeros(len(tokens), np.int16)
        sound = np.zeros(len(members.first), np.bool_)
        if self._delimiters.usual:
            nodes = walk(tokens, members, self._guide)
            sound = keeps_structure(tokens, nodes, members, found.owner, self._guide)
        faults: list[tuple[int, Deviation]] = []
        for member in np.flatnonzero(~sound).tolist():
            faults += [(member, fault) for fault in self._structure(found, member, nodes)]
        for segment in self._not_proved(tokens, nodes).tolist():
            member = int(found.owner[segment])
            faults += [(member, fault) for fault in self._elements(tokens, nodes, segment)]
        faults.sort()
        first = members.first + 1
        return deviations([fault for _, fault in faults], [int(first[member]) for member, _ in faults])

    def _structure(self, found: Outline, member: int, nodes: Nodes) -> list[Deviation]:
        """Let pyx12 walk a member, and enter the nodes that it finds."""
        first, count = int(found.members.first[member]), int(found.members.count[member])
        structure = self._authority.structure([found.tokens.segment(first + step) for step in range(count)])
        nodes[first : first + count] = structure.nodes
        return [
            Deviation(first + 1 + fault.segment, fault.segment_id, fault.loop, "", fault.code)
            for fault in structure.faults
        ]

    def _not_proved(self, tokens: Tokens, nodes: Nodes) -> Positions:
        """Return the segments in which an element may be wrong."""
        suspicious = _suspicious(tokens)
        separators = self._separators(tokens)
        by_node = np.argsort(nodes, kind="stable")
        bounds = np.cumsum(np.bincount(nodes, minlength=len(self._guide.nodes)))
        for node, proof in self._proofs.items():
            rows = by_node[bounds[node - 1] : bounds[node]]
            if len(rows):
                wide = tokens.count[rows] > proof.most_elements
                suspicious[rows[wide]] = True
                rows = rows[~wide]
            if len(rows):
                suspicious[rows] |= ~proof.holds(Grid(tokens, rows), separators[rows])
        doubtful: Positions = np.flatnonzero(suspicious & (nodes > 0))
        return doubtful

    def _separators(self, tokens: Tokens) -> Positions:
        """Count the component separators in each segment."""
        if not self._delimiters.usual:
            return np.full(len(tokens), -1)
        places = np.flatnonzero(tokens.data[: tokens.size] == ord(self._delimiters.component))
        return np.bincount(np.searchsorted(tokens.end, places), minlength=len(tokens))

    def _elements(self, tokens: Tokens, nodes: Nodes, segment: int) -> list[Deviation]:
        node = int(nodes[segment])
        name, loop = self._guide.nodes[node].id, self._guide.loop_names[node]
        return [
            Deviation(segment + 1, name, loop, element, code)
            for element, code in self._authority.elements(node, tokens.segment(segment))
        ]


def _suspicious(tokens: Tokens) -> Mask:
    """Tell which segments hold a character that no value may hold, or a value with a blank at its end."""
    suspicious = np.zeros(len(tokens), np.bool_)
    data, marks = tokens.data[: tokens.size], tokens.delimiters
    strange = np.flatnonzero((data < _FIRST_SAFE) | (data > _LAST_SAFE))
    separators = (marks.element + marks.component + marks.segment).encode("latin-1")
    strange = strange[~np.isin(data[strange], np.frombuffer(separators, np.uint8))]
    suspicious[np.searchsorted(tokens.end, strange)] = True
    blank = tokens.marks[tokens.data[tokens.marks - 1] == ord(" ")]
    suspicious[np.searchsorted(tokens.end, blank)] = True
    return suspicious


@lru_cache(maxsize=8)  # a file may declare others in each of its interchanges
def _judge(delimiters: Delimiters) -> _Judge:
    return _Judge(grammar(), delimiters)
