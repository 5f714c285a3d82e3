"""Columns of text taken straight from the bytes of a file, without an object or even a pass for each value.

A text is a row of pieces, the ids and elements, with a mark between each two. The positions where pieces and marks
begin are just what Arrow keeps of a column of strings: the whole text is one such column without a byte moved, and a
column of a table is a choice of its rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parsers.x12.arrays import TEXT, Column, Positions
from parsers.x12.clean import without_blanks
from parsers.x12.tokens import SPACE, Tokens


@dataclass(frozen=True)
class Pieces:
    """The ids and elements of a text, which is UTF-8 where they are taken from, without spaces around them.

    Pieces are counted as the marks that they end with. One more, `nothing`, stands for what is absent.
    """

    tokens: Tokens
    bounds: NDArray[np.int32]
    """Per piece, `nothing` included, the positions where it begins and ends"""
    text: Column
    """Pieces and the marks after them by turns; marks and empty pieces are missing."""

    @property
    def nothing(self) -> int:
        """The piece that is absent."""
        return len(self.bounds) - 1

    def at(self, segments: Positions, position: int | Positions) -> Positions:
        """Return the pieces that are the elements of some segments at a position, which may differ among them."""
        present = self.tokens.count[segments] >= position
        return np.where(present, self.tokens.first_mark[segments] + position, self.nothing)

    def length(self, pieces: Positions) -> Positions:
        """Return how many bytes each piece has."""
        start, end = self.bounds[pieces].T
        length: Positions = (end - start).astype(np.int64)
        return length

    def column(self, pieces: Positions) -> Column:
        """Make a column of the pieces; empty and absent ones are missing."""
        return self.text.take(pa.array(2 * pieces)).cast(TEXT)


def pieces(tokens: Tokens) -> Pieces:
    """Find the pieces of a text."""
    bounds = np.empty((len(tokens.marks) + 1, 2), np.int32)
    bounds[0, 0] = 0
    np.add(tokens.marks, 1, out=bounds[1:, 0], casting="same_kind")
    bounds[:-1, 1] = tokens.marks
    bounds[-1] = tokens.size
    if tokens.padded:
        bounds[:, 0], bounds[:, 1] = without_blanks(tokens.data, bounds[:, 0], bounds[:, 1], SPACE)
    valid = np.zeros(bounds.shape, np.bool_)
    np.less(bounds[:, 0], bounds[:, 1], out=valid[:, 0])
    buffers: list[pa.Buffer | None] = [
        pa.py_buffer(np.packbits(valid.ravel(), bitorder="little").data),
        pa.py_buffer(bounds.data),
        pa.py_buffer(tokens.text),
    ]
    return Pieces(tokens, bounds, pa.Array.from_buffers(pa.string(), bounds.size - 1, buffers))
