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
from parsers.x12.slots import COMMUNICATION_ELEMENTS, REQUIRED
from parsers.x12.symbols import symbols
from parsers.x12.tokens import Tokens

_DEL = 127


def sound_members(found: Outline) -> Mask:
    """Tell which members are sound."""
    known, tokens, members = symbols(), found.tokens, found.members
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
        _with_many_numbers(found, sound),
    ):
        _blame(found, sound, blamed)
    _blame(found, sound, _repeated(found, sound))
    _blame(found, sound, _without_required(found, sound))
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
    some = np.flatnonzero(symbols().is_qualified[found.symbol])
    start, length = tokens.element(some, 1)
    blank = (tokens.data[start] == ord(" ")) | (tokens.data[start + length - 1] == ord(" "))
    blamed: Positions = some[blank & (length > 0)]
    return blamed


def _with_many_numbers(found: Outline, sound: Mask) -> Positions:
    some = found.in_name_loop("PER", sound)
    return some[found.tokens.count[some] > COMMUNICATION_ELEMENTS[-1] + 1]


def _repeated(found: Outline, sound: Mask) -> Positions:
    """Return segments that fill slots which another segment filled."""
    some = found.filling(sound)
    group, row = found.group[some], found.row[some]
    blamed: Positions = some[1:][(group[1:] == group[:-1]) & (row[1:] == row[:-1])]
    return blamed


def _without_required(found: Outline, sound: Mask) -> Positions:
    """Return HD segments of coverage without a value in a column that must have one."""
    some = found.filling(sound)
    opening = found.opening("HD", sound)
    groups = symbols().groups
    for group, (table, elements) in enumerate(groups):
        for element, column in elements:
            if (table, column) == REQUIRED:
                filling = some[found.group[some] == group]
                values = found.tokens.trimmed(found.tokens.element(filling, element))
                opening = opening[~np.isin(found.row[opening], found.row[filling[values.length > 0]])]
    return opening
