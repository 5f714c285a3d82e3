"""Columns of text taken straight from the bytes of a file, without an object per value."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from parsers.x12.arrays import TEXT, Column, Positions, Words
from parsers.x12.tokens import Tokens, Values

_INLINE = 12
_FIRST_BYTES = np.array([(1 << 8 * min(length, 4)) - 1 for length in range(_INLINE + 1)], np.uint64)
_LATER_BYTES = np.array([(1 << 8 * max(length - 4, 0)) - 1 for length in range(_INLINE + 1)], np.uint64)
_HALF = np.uint64(32)


def text_column(tokens: Tokens, length: int, rows: Positions, values: Values) -> Column:
    """Make a column of `length` rows with the values, which are UTF-8, each in its row; empty ones are missing."""
    views = np.zeros((length, 2), np.uint64)
    views[rows] = _views(tokens, values)
    valid = views[:, 0] > 0
    buffers: list[pa.Buffer | None] = [
        pa.py_buffer(np.packbits(valid, bitorder="little").data),
        pa.py_buffer(views.data),
        pa.py_buffer(tokens.text),
    ]
    return pa.Array.from_buffers(pa.string_view(), length, buffers).cast(TEXT)


def _views(tokens: Tokens, values: Values) -> Words:
    """Write the values as Arrow's string views.

    A view has 16 bytes: the length in four; then the text, if it has at most twelve bytes, or its first four bytes, the
    number of the buffer (0) and the position in it, in four bytes each.
    """
    start, length = values
    short = np.minimum(length, _INLINE)
    views = np.empty((len(start), 2), np.uint64)
    views[:, 0] = (tokens.words[start] & _FIRST_BYTES[short]) << _HALF | length.astype(np.uint64)
    views[:, 1] = np.where(
        length <= _INLINE, tokens.words[start + 4] & _LATER_BYTES[short], start.astype(np.uint64) << _HALF
    )
    return views
