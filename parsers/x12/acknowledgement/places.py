"""Deviations by their place in the file."""

from __future__ import annotations

import numpy as np
import pandas as pd

from parsers.x12.conformance.deviations import Deviation


class Places:
    """The deviations of a file in the order of its segments, and at one segment in an order of their own."""

    def __init__(self, deviations: pd.DataFrame) -> None:
        columns = list(Deviation._fields)
        self._table = deviations.sort_values(columns, kind="stable", ignore_index=True)[columns]
        self._numbers = self._table["segment_no"].to_numpy()

    def between(self, first: int, last: int) -> list[Deviation]:
        """Return the deviations of the segments from `first` to `last`."""
        begin, end = np.searchsorted(self._numbers, [first, last + 1]).tolist()
        if begin == end:
            return []
        return [Deviation(*row) for row in self._table.iloc[begin:end].itertuples(index=False, name=None)]


def level_codes(found: list[Deviation], level: str) -> list[str]:
    """Return the codes of one level (`ISA`, `GS`, `ST`)."""
    return [code for said, _, code in (each.code.partition(":") for each in found) if said == level]


def element_codes(found: list[Deviation], table: dict[tuple[str, str], str]) -> list[str]:
    """Return what a table makes of the errors in elements of the envelope."""
    errors = [(each.segment_id, each.element[:2]) for each in found if each.code.startswith("ELE:")]
    return [table[error] for error in errors if error in table]
