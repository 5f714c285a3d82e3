"""Raw rows of all sound members of a stretch, taken straight from the bytes, column by column."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from parsers.x12.arrays import TEXT, Column, Mask, Positions, compute
from parsers.x12.columns import text_column
from parsers.x12.delimiters import Delimiters
from parsers.x12.outline import Outline
from parsers.x12.packed import unpack
from parsers.x12.slots import (
    COMMUNICATION,
    COMMUNICATION_ELEMENTS,
    LANGUAGE,
    MEMBER_TEXT,
    RAW_COVERAGE_COLUMNS,
    RAW_MEMBER_COLUMNS,
    RAW_REPORTING_COLUMNS,
)
from parsers.x12.symbols import key_number, symbols
from parsers.x12.tokens import Values


class RawTables(NamedTuple):
    """Raw rows with the columns that `parsers.x12.slots` gives them."""

    members: pa.Table
    coverage: pa.Table
    reporting: pa.Table


def raw_tables(found: Outline, sound: Mask, set_controls: Column, member_no: int) -> RawTables:
    """Read the rows of the sound members.

    `set_controls` gives the ST02 of each member, sound or not, and `member_no` is the number of the first.
    """
    filling = found.filling(sound)

    def table(name: str, columns: tuple[str, ...], opening: Positions, places: Positions) -> pa.Table:
        texts = _slot_columns(found, filling, name, opening)
        if name == "members":
            texts |= _described_columns(found, sound, opening)
            _resolve(texts, found.tokens.delimiters)
            texts[MEMBER_TEXT] = _loops(found, sound)
            texts["set_control"] = set_controls.filter(pa.array(sound))
        texts["member_no"] = pa.array(found.owner[opening] + member_no)
        texts["segment_no"] = pa.array(places + found.tokens.number + 1)
        return pa.table({column: texts.get(column, pa.nulls(len(opening), TEXT)) for column in columns})

    members = found.members.first[sound]
    coverage = found.opening("HD", sound)
    reporting = found.opening("N1*75", sound)
    categories = found.opening("LX", sound)
    return RawTables(
        table("members", (*RAW_MEMBER_COLUMNS, MEMBER_TEXT), members, members),
        table("coverage", RAW_COVERAGE_COLUMNS, coverage, coverage),
        table("reporting", RAW_REPORTING_COLUMNS, reporting, categories[np.searchsorted(categories, reporting) - 1]),
    )


def _slot_columns(found: Outline, filling: Positions, table: str, opening: Positions) -> dict[str, Column]:
    """Read what the slots name; `filling` are the segments that fill slots, ordered by group."""
    known, tokens = symbols(), found.tokens
    index = np.empty(int(found.row[-1]) + 1, np.int64)
    index[found.row[opening]] = np.arange(len(opening))
    bounds = np.searchsorted(found.group[filling], np.arange(len(known.groups) + 1))
    parts: dict[str, list[tuple[Positions, Values]]] = defaultdict(list)
    for group, (of_table, elements) in enumerate(known.groups):
        segments = filling[bounds[group] : bounds[group + 1]]
        if of_table == table and len(segments):
            rows = index[found.row[segments]]
            for element, column in elements:
                parts[column].append((rows, tokens.trimmed(tokens.element(segments, element))))
    return {
        column: text_column(
            tokens,
            len(opening),
            np.concatenate([rows for rows, _ in some]),
            Values(np.concatenate([values.start for _, values in some]), np.concatenate([v.length for _, v in some])),
        )
        for column, some in parts.items()
    }


def _described_columns(found: Outline, sound: Mask, members: Positions) -> dict[str, Column]:
    """Read the segments of 2100A that may repeat, or of which an element says what the next one holds."""
    tokens = found.tokens
    index = np.cumsum(sound) - 1
    language = found.in_name_loop("LUI", sound)
    values = tokens.trimmed(tokens.element(language, 2))
    columns = {LANGUAGE: _first_of_each(found, len(members), index[found.owner[language]], values)}

    numbers = found.in_name_loop("PER", sound)
    pairs = np.repeat(numbers, len(COMMUNICATION_ELEMENTS))
    element = np.tile(np.array(COMMUNICATION_ELEMENTS), len(numbers))
    qualifiers = tokens.trimmed(tokens.element(pairs, element))
    values = tokens.trimmed(tokens.element(pairs, element + 1))
    kinds = tokens.leading(qualifiers)
    for qualifier, column in COMMUNICATION.items():
        some = (kinds == key_number(qualifier)) & (qualifiers.length == len(qualifier))
        chosen = Values(values.start[some], values.length[some])
        columns[column] = _first_of_each(found, len(members), index[found.owner[pairs[some]]], chosen)
    return columns


def _first_of_each(found: Outline, length: int, rows: Positions, values: Values) -> Column:
    """Make a column of the first value for each row that is not empty."""
    present = np.flatnonzero(values.length)
    chosen, first = np.unique(rows[present], return_index=True)
    at = present[first]
    return text_column(found.tokens, length, chosen, Values(values.start[at], values.length[at]))


def _resolve(members: dict[str, Column], delimiters: Delimiters) -> None:
    """Take what counts of composites: INS06-1, and of the first DMG05 the code or the CDC code."""
    if "medicare_status" in members:
        members["medicare_status"] = unpack(members["medicare_status"], delimiters.component, 1)[0]
    if "race" in members:
        race = members["race"]
        if delimiters.separates_repetitions:
            race = unpack(race, delimiters.repetition, 1)[0]
        code, kind, coded = unpack(race, delimiters.component, 3)
        members["race"] = compute.coalesce(code, compute.if_else(compute.equal(kind, "RET"), coded, None))


def _loops(found: Outline, sound: Mask) -> Column:
    """Return the whole text of each member."""
    tokens, first, count = found.tokens, found.members.first[sound], found.members.count[sound]
    begin = tokens.start[first]
    texts = Values(begin, tokens.end[first + count - 1] + 1 - begin)
    return text_column(tokens, len(first), np.arange(len(first)), texts)
