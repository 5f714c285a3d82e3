"""Where a file deviates from the guide, as a table of places and codes without a value."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import pandas as pd

from parsers.x12.guide import segment_ids


class Deviation(NamedTuple):
    """One place and what is wrong there; the columns of the table, in its order."""

    segment_no: int
    """Place of the segment in the file, the first ISA being 1; -1 when it speaks of the file"""
    segment_id: str
    """Empty when it is not one of the guide"""
    loop: str
    """The guide's loop; empty outside of the transaction set"""
    element: str
    """`02`, or `05-03` for a component; empty when it speaks of the segment"""
    code: str
    """Level (`ISA`, `GS`, `ST`, `SEG`, `ELE`) and X12's error code of that level: `ELE:7`"""


_TYPES = {"segment_no": "int64", **dict.fromkeys(Deviation._fields[1:], "str")}


def deviations(found: Sequence[Deviation], index: Sequence[int] | None = None) -> pd.DataFrame:
    """Make the table of deviations: `segment_no` int64, all others str."""
    if not found:
        return _none()
    table = pd.DataFrame(found, columns=Deviation._fields, index=None if index is None else pd.Index(index))
    table = table.astype(_TYPES)
    table["segment_id"] = table["segment_id"].where(table["segment_id"].isin(list(segment_ids())), "")
    return table


@cache
def _none() -> pd.DataFrame:
    """Return the table of most blocks; made once, because it is asked for with each."""
    return pd.DataFrame([], columns=Deviation._fields, index=pd.Index([], dtype="int64")).astype(_TYPES)
