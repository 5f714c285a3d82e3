"""Arrays and columns as this package holds them."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

Positions: TypeAlias = NDArray[np.int64]
Words: TypeAlias = NDArray[np.uint64]
Codes: TypeAlias = NDArray[np.uint8]
Mask: TypeAlias = NDArray[np.bool_]

Column: TypeAlias = Any
"""A `pyarrow.LargeStringArray` or `BooleanArray`. pyarrow's stubs do not know that a plain value may stand for one."""

compute: Any = pyarrow.compute
"""Arrow's functions on columns, untyped for the same reason."""

TEXT = pa.large_string()
"""The type of every text column: what pandas holds its `str` columns in."""

_LARGEST = (32 << 20) - (1 << 16)
"""Bytes, nearly the most that glibc lets this be."""


def keep_memory() -> None:
    """Let what one block's arrays took be used for the next block's: a quarter of the time goes into getting it anew.

    glibc gives memory back when more is free than twice the largest piece that was ever given back by itself. So one
    such piece is taken, which is never touched, and given back. Other C libraries are not harmed by that.
    """
    np.empty(_LARGEST, np.uint8)
