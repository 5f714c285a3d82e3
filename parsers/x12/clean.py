"""Drop the blanks around segments and the empty segments, and stop before a segment that nobody can have meant."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from parsers.x12.arrays import Codes, Mask, Positions
from parsers.x12.delimiters import BLANK

MAX_SEGMENT = 1_000_000
"""Bytes. No legal segment comes near; what is longer is a file whose delimiters are not what its ISA says."""

Bounds = TypeVar("Bounds", NDArray[np.int64], NDArray[np.int32])

_FEW = 8


def bytes_of(characters: str) -> Mask:
    """Return a table that tells of each byte whether it is one of the characters."""
    return np.isin(np.arange(256), list(characters.encode()))


_BLANKS = bytes_of(BLANK)


def cleaned(text: bytes, start: Positions, end: Positions) -> bytes:
    """Return the segments, each with its terminator and nothing between them: the text itself if it is no more.

    `start` and `end` are the positions between which the segments stand, blanks included.
    """
    data = np.frombuffer(text, np.uint8)
    if not ((data[start] <= ord(" ")).any() or (data[end - 1] <= ord(" ")).any() or (start == end).any()):
        whole = int(end[-1]) + 1 if len(end) else 0
        return text if whole == len(text) else text[:whole]
    begin, stop = without_blanks(data, start, end, _BLANKS)
    full = begin < stop
    step = np.zeros(len(data), np.int8)
    step[begin[full]] = 1
    step[stop[full]] = -1
    kept = np.cumsum(step, dtype=np.int8).view(np.bool_)
    kept[end[full]] = True
    return data[kept].tobytes()


def first_fault(text: bytes, start: Positions, end: Positions) -> tuple[int, str]:
    """Return how many segments there are before one that is too long or holds NUL bytes, and which it is."""
    good, fault = len(end), ""
    nul = text.find(b"\0")
    if nul >= 0:
        good, fault = int(np.searchsorted(end, nul)), "it holds NUL bytes"
    too_long = np.flatnonzero(end - start > MAX_SEGMENT)
    if len(too_long) and too_long[0] <= good:
        good, fault = int(too_long[0]), f"a segment is longer than {MAX_SEGMENT} characters"
    return good, fault


def without_blanks(data: Codes, start: Bounds, end: Bounds, blanks: Mask) -> tuple[Bounds, Bounds]:
    """Move bounds inwards over blanks (`bytes_of` them): step by step, and in one leap where there are many."""
    begin, stop = start.copy(), end.copy()
    some = np.flatnonzero((blanks[data[start]] | blanks[data[end - 1]]) & (start < end))
    for _ in range(_FEW):
        if not len(some):
            return begin, stop
        at, until = begin[some], stop[some]
        at += blanks[data[at]]
        until -= blanks[data[until - 1]] & (until > at)
        begin[some], stop[some] = at, until
        some = some[(at < until) & (blanks[data[at]] | blanks[data[until - 1]])]
    solid = np.concatenate(([-1], np.flatnonzero(~blanks[data]), [len(data)]))
    begin[some] = np.minimum(solid[np.searchsorted(solid, begin[some])], stop[some])
    stop[some] = np.maximum(solid[np.searchsorted(solid, stop[some]) - 1] + 1, begin[some])
    return begin, stop
