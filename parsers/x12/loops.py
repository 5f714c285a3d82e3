"""Follow many members through the loops of the guide at once: step k takes the k-th segment of every member."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parsers.x12.arrays import Codes, Positions
from parsers.x12.guide import MEMBER
from parsers.x12.symbols import Symbols

MAX_STEPS = 2_000
"""Segments of one member. Beyond it the members that are still followed are too few for a step to pay."""


@dataclass(frozen=True)
class Members:
    """Where members stand among the segments: the place of their INS, and how many segments each has."""

    first: Positions
    count: Positions


def places(symbols: Positions, members: Members, known: Symbols) -> Codes:
    """Return the place of every segment: 0 outside of members, beyond `MAX_STEPS` and from one without a place on."""
    found = np.zeros(len(symbols), np.uint8)
    longest_first = np.argsort(-members.count, kind="stable")
    first, count = members.first[longest_first], members.count[longest_first]
    start = known.place(MEMBER)
    found[first] = start
    next_place, width = known.next_place.ravel(), np.int64(len(known.names))
    place = np.full(len(first), start, np.uint8)
    longest = int(count[0]) if len(count) else 0
    going_on = np.searchsorted(-count, -np.arange(min(longest, MAX_STEPS)))
    for step, following in enumerate(going_on[1:], start=1):
        at = first[:following] + step
        place = next_place[place[:following] * width + symbols[at]]
        found[at] = place
    return found
