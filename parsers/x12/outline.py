"""Find the members in a stretch of segments, the loop that each segment stands in and the row that it fills."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parsers.x12.arrays import Codes, Mask, Positions
from parsers.x12.guide import NAME
from parsers.x12.loops import Members, places
from parsers.x12.symbols import symbols
from parsers.x12.tokens import Tokens


@dataclass(frozen=True)
class Outline:
    """What is known of a stretch of segments before a value is read."""

    tokens: Tokens
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
        some = np.flatnonzero((self.symbol == symbols().symbol(name)) & (self.place > 0))
        return some[sound[self.owner[some]]]

    def in_name_loop(self, name: str, sound: Mask) -> Positions:
        """Return the segments of this id in loop 2100A of sound members."""
        known = symbols()
        some = np.flatnonzero((self.place == known.place(NAME)) & (self.symbol == known.symbol(name)))
        return some[sound[self.owner[some]]]


def symbols_of(tokens: Tokens) -> Positions:
    """Return the symbols of the segments; what begins with INS or an envelope's id is that, whatever follows the id."""
    known = symbols()
    first_element = tokens.element(np.arange(len(tokens)), 1)
    found = known.of(tokens.leading(tokens.ids()), tokens.leading(first_element))
    for index in np.flatnonzero(found == 0).tolist():
        name = tokens.name(index)
        if name in known.boundaries:
            found[index] = known.symbol(name)
    return found


def outline(tokens: Tokens, symbol: Positions) -> Outline:
    """Find the members and their loops. A member lasts to the next INS or segment of the envelope."""
    known = symbols()
    boundaries = np.append(np.flatnonzero(known.is_boundary[symbol]), len(symbol))
    is_member = symbol[boundaries[:-1]] == known.symbol("INS")
    members = Members(boundaries[:-1][is_member], np.diff(boundaries)[is_member])
    step = np.zeros(len(symbol) + 1, np.int64)
    step[members.first] = 1
    begun = np.cumsum(step)
    step[members.first + members.count] -= 1
    place = places(symbol, members, known) if tokens.delimiters.usual else np.zeros(len(symbol), np.uint8)
    begins_row = np.isin(symbol, [known.symbol(name) for name in ("INS", "HD", "N1*75")]) & (place > 0)
    group = known.group[place, symbol]
    fills = np.flatnonzero(group)
    return Outline(
        tokens=tokens,
        symbol=symbol,
        members=members,
        owner=np.where(np.cumsum(step) > 0, begun - 1, -1)[:-1],
        place=place,
        group=group,
        fills=fills[np.argsort(group[fills], kind="stable")],
        row=np.cumsum(begins_row) - 1,
    )
