"""Find the members that nothing is wrong with.

Sound is a member of which `parsers.x12.rows` would say nothing: whatever may be a finding, or is too unusual to be read
many at once, makes a member unsound, and its segments are read one by one there.
"""

from __future__ import annotations

import numpy as np

from parsers.x12.arrays import Mask, Positions
from parsers.x12.guide import NAME, REPORTING_OPEN
from parsers.x12.outline import Outline
from parsers.x12.rows import LONG_SEGMENT, MAX_MEMBER
from parsers.x12.tokens import Tokens

_DEL = 127


def sound_members(found: Outline) -> Mask:
    """Tell which members are sound."""
    known, tokens, members = found.known, found.tokens, found.members
    last = members.first + members.count - 1
    named = found.place == known.place(NAME)
    names = found.owner[named & ~np.append(False, named[:-1])]
    sound: Mask = (
        (found.place[last] > 0)
        & ~np.isin(found.place[last], [known.place(loop) for loop in REPORTING_OPEN])
        & (np.bincount(names, minlength=len(last)) == 1)
        & (tokens.end[last] + 1 - tokens.start[members.first] <= MAX_MEMBER)
    )
    for blamed in (
        np.flatnonzero(tokens.end - tokens.start > LONG_SEGMENT),
        _segments_at(tokens, _control_characters(tokens)),
        _segments_at(tokens, _undecodable(tokens)),
        _with_blanks_around_the_qualifier(found),
        _with_many_pairs(found, sound),
    ):
        _blame(found, sound, blamed)
    _blame(found, sound, _repeated(found, sound))
    return sound


def _blame(found: Outline, sound: Mask, segments: Positions) -> None:
    owners = found.owner[segments]
    sound[owners[owners >= 0]] = False


def _segments_at(tokens: Tokens, positions: Positions) -> Positions:
    segments: Positions = np.searchsorted(tokens.end, positions)
    return segments


def _control_characters(tokens: Tokens) -> Positions:
    """Return the positions of control characters that are no delimiters."""
    data, marks = tokens.data[: tokens.size], tokens.delimiters
    if (data - np.uint8(ord(" ")) < _DEL - ord(" ")).all():  # smaller numbers wrap around
        return np.empty(0, np.int64)
    some = np.flatnonzero((data < ord(" ")) | (data == _DEL))
    known = np.frombuffer(
        (marks.element + marks.component + marks.repetition + marks.segment).encode("latin-1"), np.uint8
    )
    return some[~np.isin(data[some], known)]


def _undecodable(tokens: Tokens) -> Positions:
    """Return the positions of all bytes beyond ASCII if they are not all UTF-8."""
    if tokens.text.isascii():
        return np.empty(0, np.int64)
    try:
        tokens.text.decode()
    except UnicodeDecodeError:
        return np.flatnonzero(tokens.data > _DEL)
    return np.empty(0, np.int64)


def _with_blanks_around_the_qualifier(found: Outline) -> Positions:
    tokens = found.tokens
    if not tokens.padded:
        return np.empty(0, np.int64)
    some = np.flatnonzero(found.known.is_qualified[found.symbol])
    start, length = tokens.element(some, 1)
    blank = (tokens.data[start] == ord(" ")) | (tokens.data[start + length - 1] == ord(" "))
    blamed: Positions = some[blank & (length > 0)]
    return blamed


def _with_many_pairs(found: Outline, sound: Mask) -> Positions:
    """Return segments with more pairs of qualifier and value than the guide has."""
    blamed = [np.empty(0, np.int64)]
    for kind in found.known.repeating:
        if kind.most is not None:
            some = found.standing(kind.place, kind.symbols, sound)
            blamed.append(some[found.tokens.count[some] > kind.most])
    return np.concatenate(blamed)


def _repeated(found: Outline, sound: Mask) -> Positions:
    """Return segments that fill slots which another segment filled."""
    some = found.filling(sound)
    group, row = found.group[some], found.row[some]
    blamed = [some[1:][(group[1:] == group[:-1]) & (row[1:] == row[:-1])]]
    for rivals in found.known.rivals:
        filling = some[np.isin(group, rivals)]
        _, first, count = np.unique(found.row[filling], return_index=True, return_counts=True)
        blamed.append(filling[first[count > 1]])
    return np.concatenate(blamed)
