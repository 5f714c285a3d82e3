"""Drop the blanks around segments and the empty segments, and stop before a segment that nobody can have meant."""

from __future__ import annotations

import numpy as np

from parsers.x12.arrays import Codes, Positions
from parsers.x12.delimiters import BLANK

MAX_SEGMENT = 1_000_000
"""Bytes. No legal segment comes near; what is longer is a file whose delimiters are not what its ISA says."""

_BLANKS = np.isin(np.arange(256), list(BLANK.encode()))
_FEW = 8


def clean(text: bytes, terminator: str) -> tuple[bytes, str]:
    """Return the segments in the text, each with a terminator and nothing between them, and why they end early."""
    mark = terminator.encode()
    if not text.endswith(mark):
        text += mark
    data = np.frombuffer(text, np.uint8)
    end = np.flatnonzero(data == ord(terminator))
    start = np.concatenate(([0], end[:-1] + 1))
    good, fault = _first_fault(text, start, end)
    start, end = start[:good], end[:good]
    if not (_BLANKS[data[start]] | _BLANKS[data[end - 1]] | (start == end)).any():
        return (text[: end[-1] + 1] if good else b"") if fault else text, fault
    begin, stop = _without_blanks(data, start, end)
    full = begin < stop
    step = np.zeros(len(data), np.int8)
    step[begin[full]] = 1
    step[stop[full]] = -1
    kept = np.cumsum(step, dtype=np.int8).view(np.bool_)
    kept[end[full]] = True
    return data[kept].tobytes(), fault


def _first_fault(text: bytes, start: Positions, end: Positions) -> tuple[int, str]:
    """Return how many segments there are before one that is too long or holds NUL bytes, and which it is."""
    good, fault = len(end), ""
    nul = text.find(b"\0")
    if nul >= 0:
        good, fault = int(np.searchsorted(end, nul)), "it holds NUL bytes"
    too_long = np.flatnonzero(end - start > MAX_SEGMENT)
    if len(too_long) and too_long[0] <= good:
        good, fault = int(too_long[0]), f"a segment is longer than {MAX_SEGMENT} characters"
    return good, fault


def _without_blanks(data: Codes, start: Positions, end: Positions) -> tuple[Positions, Positions]:
    """Move the bounds of segments inwards over blanks: step by step, and in one leap where there are many."""
    begin, stop = start.copy(), end.copy()
    for _ in range(_FEW):
        begin += _BLANKS[data[begin]] & (begin < end)
        stop -= _BLANKS[data[stop - 1]] & (stop > begin)
    deep = np.flatnonzero((_BLANKS[data[begin]] & (begin < end)) | (_BLANKS[data[stop - 1]] & (stop > begin)))
    if len(deep):
        solid = np.concatenate(([-1], np.flatnonzero(~_BLANKS[data]), [len(data)]))
        begin[deep] = np.minimum(solid[np.searchsorted(solid, begin[deep])], end[deep])
        stop[deep] = np.maximum(solid[np.searchsorted(solid, stop[deep]) - 1] + 1, begin[deep])
    return begin, stop
