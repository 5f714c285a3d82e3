"""Find the members in a stretch of segments, the loop that each segment stands in and the row that it fills."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parsers.x12.arrays import Codes, Mask, Positions
from parsers.x12.loops import Members, places
from parsers.x12.symbols import Symbols, symbols
from parsers.x12.tokens import Tokens


@dataclass(frozen=True)
class Outline:
    """What is known of a stretch of segments before a value is read."""

    tokens: Tokens
    known: Symbols
    symbol: Positions
    """Per segment, its `Symbols` number"""
    members: Members
    owner: Positions
    """Per segment, the member it belongs to; -1 for none"""
    place: Codes
    """Per segment, the loop it stands in"""
    group: Codes
    """Per segment, the slots it fills"""
    fills: Positions
    """The segments that fill slots, ordered by group"""
    row: Positions
    """Per segment, the row that its slots fill: INS, HD and N1*75 begin one, counted through the stretch from 0"""

    def filling(self, sound: Mask) -> Positions:
        """Return the segments of sound members that fill slots, ordered by group."""
        return self.fills if sound.all() else self.fills[sound[self.owner[self.fills]]]

    def opening(self, name: str, sound: Mask) -> Positions:
        """Return the segments of this key that begin a row of a sound member."""
        some = np.flatnonzero((self.symbol == self.known.symbol(name)) & (self.place > 0))
        return some if sound.all() else some[sound[self.owner[some]]]

    def standing(self, place: int, kind: Mask, sound: Mask) -> Positions:
        """Return the segments of sound members that stand in a place and are of a kind, a mask of symbols."""
        some = np.flatnonzero(self.place == place)
        some = some[kind[self.symbol[some]]]
        return some if sound.all() else some[sound[self.owner[some]]]


def symbols_of(tokens: Tokens, known: Symbols | None = None) -> Positions:
    """Return the symbols of the segments; what begins with INS or an envelope's id is that, whatever follows the id."""
    known = known or symbols()
    found = known.of(*tokens.heads)
    for index in np.flatnonzero(found == 0).tolist():
        name = tokens.name(index)
        if name in known.boundaries:
            found[index] = known.symbol(name)
    return found


def outline(tokens: Tokens, symbol: Positions, known: Symbols | None = None) -> Outline:
    """Find the members and their loops. A member lasts to the next INS or segment of the envelope."""
    known = known or symbols()
    boundaries = np.append(np.flatnonzero(known.is_boundary[symbol]), len(symbol))
    is_member = symbol[boundaries[:-1]] == known.symbol("INS")
    length = np.diff(boundaries)
    members = Members(boundaries[:-1][is_member], length[is_member])
    of_boundary = np.where(is_member, np.cumsum(is_member) - 1, -1)
    place = places(symbol, members, known) if tokens.delimiters.usual else np.zeros(len(symbol), np.uint8)
    may_begin_row = np.isin(np.arange(len(known.names)), [known.symbol(name) for name in ("INS", "HD", "N1*75")])
    begins_row = may_begin_row[symbol]
    begins_row &= place > 0
    group = known.group.take(place * np.int64(len(known.names)) + symbol)
    fills = np.flatnonzero(group)
    return Outline(
        tokens=tokens,
        known=known,
        symbol=symbol,
        members=members,
        owner=np.repeat(np.append(-1, of_boundary), np.append(boundaries[0], length)),
        place=place,
        group=group,
        fills=fills[np.argsort(group[fills], kind="stable")],
        row=np.cumsum(begins_row) - 1,
    )
