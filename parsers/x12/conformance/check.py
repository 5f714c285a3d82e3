"""Judge a file block by block: each by itself, wherever that is done, and then what binds the blocks together."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from parsers.x12.blocks import BlockReader
from parsers.x12.conformance.deviations import Deviation, deviations
from parsers.x12.conformance.envelope import NOT_FINISHED, EnvelopeJudge
from parsers.x12.conformance.members import examine_members
from parsers.x12.delimiters import Delimiters
from parsers.x12.outline import Outline, outline, symbols_of
from schemas.problems import FileFault

_BLOCK = 4 << 20


class Outside(NamedTuple):
    """A segment that belongs to no member, or members that follow each other and need not be looked at again."""

    number: int
    """Place of the segment, or of the first INS, in the block, from 1"""
    text: str
    """Empty for members"""
    segments: int


class Examined(NamedTuple):
    """What is known of a block before those before it are."""

    deviations: pd.DataFrame
    """Those of its members, as `examine_members` gives them"""
    outside: tuple[Outside, ...]
    delimiters: Delimiters


def examine(found: Outline) -> Examined:
    """Examine a block."""
    return Examined(examine_members(found), tuple(_outside(found)), found.tokens.delimiters)


class FileJudge:
    """Takes the blocks of a file in order."""

    def __init__(self) -> None:
        self._envelope = EnvelopeJudge()

    def take(self, before: int, examined: Examined) -> pd.DataFrame:
        """Return the deviations of the members of a block that has `before` segments of the file before it.

        The index is the place of the member's INS in the file.
        """
        for number, text, segments in examined.outside:
            if text:
                self._envelope.segment(text, before + number, examined.delimiters)
            else:
                self._envelope.members(before + number, segments, examined.delimiters)
        table = examined.deviations
        if table.empty:
            return table
        return table.assign(segment_no=table["segment_no"] + before).set_axis(table.index + before)

    def end(self) -> pd.DataFrame:
        """Return the deviations of all that is no member."""
        return deviations(self._envelope.end())


def check_conformance(path: Path) -> pd.DataFrame:
    """Return where an 834 deviates from the guide (`conformance.deviations`), by place; an empty table if nowhere.

    A file that cannot be read to its end has a row of code `FILE:NOT_FINISHED`.
    """
    judge = FileJudge()
    tables = []
    unfinished: list[Deviation] = []
    with path.open("rb") as stream:
        try:
            for block in BlockReader(stream, _BLOCK):
                found = outline(block.tokens, symbols_of(block.tokens))
                tables.append(judge.take(block.tokens.number, examine(found)))
        except FileFault:
            unfinished.append(Deviation(-1, "", "", "", NOT_FINISHED))
    table = pd.concat([*tables, judge.end(), deviations(unfinished)], ignore_index=True)
    return table.drop_duplicates().sort_values(list(table.columns), ignore_index=True)


def _outside(found: Outline) -> list[Outside]:
    tokens = found.tokens
    some = []
    at = 0
    for segment in [*np.flatnonzero(found.owner < 0).tolist(), len(tokens)]:
        if segment > at:
            some.append(Outside(at + 1, "", segment - at))
        if segment < len(tokens):
            some.append(Outside(segment + 1, tokens.segment(segment), 1))
        at = segment + 1
    return some
