"""Raw rows of all sound members of a stretch, taken straight from the bytes, column by column."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from parsers.x12.arrays import TEXT, Column, Mask, Positions, Words
from parsers.x12.columns import Pieces, pieces
from parsers.x12.delimiters import Delimiters
from parsers.x12.outline import Outline
from parsers.x12.packed import unpack
from parsers.x12.slots import Component, FirstOf
from parsers.x12.symbols import key_number
from parsers.x12.tokens import Values


class RawTables(NamedTuple):
    """Raw rows with the columns that `parsers.x12.slots` gives them."""

    members: pa.Table
    coverage: pa.Table
    reporting: pa.Table


def raw_tables(found: Outline, sound: Mask, member_no: int) -> RawTables:
    """Read the rows of the sound members, whose first one, sound or not, has this number; `set_control` is left out."""
    filling, parts = found.filling(sound), pieces(found.tokens)

    def table(name: str, opening: Positions, places: Positions) -> pa.Table:
        raw = found.known.slots.table(name)
        index = np.empty(int(found.row[-1]) + 1, np.int64)
        index[found.row[opening]] = np.arange(len(opening))
        chosen = _slot_columns(found, parts, filling, name, index, len(opening))
        chosen |= _first_columns(found, parts, sound, name, index, len(opening))
        texts = {column: parts.column(at) for column, at in chosen.items()}
        _take_apart(texts, raw.components, found.tokens.delimiters)
        texts["member_no"] = pa.array(found.owner[opening] + member_no)
        texts["segment_no"] = pa.array(places + found.tokens.number + 1)
        return pa.table({column: texts.get(column, pa.nulls(len(opening), TEXT)) for column in raw.columns})

    members = found.members.first[sound]
    coverage = found.opening("HD", sound)
    reporting = found.opening("N1*75", sound)
    categories = found.opening("LX", sound)
    return RawTables(
        table("members", members, members),
        table("coverage", coverage, coverage),
        table("reporting", reporting, categories[np.searchsorted(categories, reporting) - 1]),
    )


def _slot_columns(
    found: Outline, parts: Pieces, filling: Positions, table: str, index: Positions, length: int
) -> dict[str, Positions]:
    """Choose the pieces that the slots name; `filling` are the segments that fill slots, ordered by group."""
    known, tokens = found.known, found.tokens
    bounds = np.searchsorted(found.group[filling], np.arange(len(known.groups) + 1))
    chosen: dict[str, Positions] = {}
    for group, (of_table, elements) in enumerate(known.groups):
        segments = filling[bounds[group] : bounds[group + 1]]
        if of_table != table or not len(segments):
            continue
        mark, count = tokens.first_mark[segments], tokens.count[segments]
        rows, fewest, most = index[found.row[segments]], count.min(), count.max()
        for element, column in elements:
            if element <= most:
                at = mark + element if element <= fewest else np.where(count >= element, mark + element, parts.nothing)
                if len(segments) == length and not known.rivals:  # one in each row, and so in the rows' order
                    chosen[column] = at
                else:
                    chosen.setdefault(column, np.full(length, parts.nothing))[rows] = at
    return chosen


def _first_columns(
    found: Outline, parts: Pieces, sound: Mask, table: str, index: Positions, length: int
) -> dict[str, Positions]:
    """Choose from the segments that may repeat: the first piece for each row that is not empty."""
    given: dict[str, list[tuple[Positions, Positions]]] = defaultdict(list)
    for kind in found.known.repeating:
        if kind.table == table:
            segments = found.standing(kind.place, kind.symbols, sound)
            for elements, firsts in groupby(kind.firsts, lambda first: first.elements):
                pairs = _Pairs(parts, segments, elements)
                for first in firsts:
                    giving, values = (
                        pairs.after(first.after) if first.after else (segments, parts.at(segments, elements[0]))
                    )
                    if first.conditions:
                        holds = _all_hold(parts, giving, first)
                        giving, values = giving[holds], values[holds]
                    given[first.column].append((index[found.row[giving]], values))
    return {column: _first_of_each(parts, length, some) for column, some in given.items()}


class _Pairs:
    """Pairs of qualifier and value that begin at the same elements of some segments."""

    def __init__(self, parts: Pieces, segments: Positions, elements: tuple[int, ...]) -> None:
        self._parts = parts
        self._segments = np.repeat(segments, len(elements))
        self._element = np.tile(np.array(elements), len(segments))

    @cached_property
    def _qualifiers(self) -> tuple[Words, Positions]:
        return _leading(self._parts, self._parts.at(self._segments, self._element))

    def after(self, qualifier: str) -> tuple[Positions, Positions]:
        """Return the pieces after a qualifier, and the segment that each is of."""
        meant = np.flatnonzero(_is_code(self._qualifiers, qualifier))
        segments = self._segments[meant]
        return segments, self._parts.at(segments, self._element[meant] + 1)


def _all_hold(parts: Pieces, segments: Positions, first: FirstOf) -> Mask:
    """Tell which segments hold what the conditions ask for."""
    holds = np.ones(len(segments), np.bool_)
    for element, codes in first.conditions:
        held = _leading(parts, parts.at(segments, element))
        holds &= np.logical_or.reduce([_is_code(held, code) for code in codes])
    return holds


def _leading(parts: Pieces, pieces: Positions) -> tuple[Words, Positions]:
    """Return up to four bytes of each piece as a number, and its length."""
    length = parts.length(pieces)
    return parts.tokens.leading(Values(parts.bounds[pieces, 0], length)), length


def _is_code(pieces: tuple[Words, Positions], code: str) -> Mask:
    """Tell which pieces are a code of at most four letters."""
    leading, length = pieces
    is_code: Mask = (leading == key_number(code)) & (length == len(code))
    return is_code


def _first_of_each(parts: Pieces, rows: int, given: list[tuple[Positions, Positions]]) -> Positions:
    """Choose for each row the first of the pieces given for it that is not empty."""
    of_row, values = (np.concatenate(each) for each in zip(*given, strict=True))
    full = np.flatnonzero(parts.length(values))
    full = full[np.argsort(values[full], kind="stable")] if len(given) > 1 else full
    chosen = np.full(rows, parts.nothing)
    chosen[of_row[full[::-1]]] = values[full[::-1]]  # of several for a row, the last in this order stays
    return chosen


def _take_apart(texts: dict[str, Column], components: tuple[Component, ...], delimiters: Delimiters) -> None:
    """Fill the columns of components: of a repeated element the first counts."""
    most: dict[str, int] = defaultdict(int)
    for element, number, _ in components:
        most[element] = max(most[element], number)
    for element in most.keys() & texts.keys():
        text = texts[element]
        if delimiters.separates_repetitions:
            text = unpack(text, delimiters.repetition, 1)[0]
        parts = unpack(text, delimiters.component, most[element])
        texts |= {column: parts[number - 1] for whole, number, column in components if whole == element}
