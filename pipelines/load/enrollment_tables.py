"""The rows of a chunk that go into the facts: its tables without the rejected members, as Arrow."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa

from parsers.x12.reader import EnrollmentChunk


def accepted_tables(chunk: EnrollmentChunk, rejected: pd.Index[int]) -> Iterator[tuple[str, pa.Table]]:
    """Yield each facts table with the rows of `chunk` for it, but those of the `rejected` members.

    The text stays where the reader put it; the rows of coverage and reporting get the CIN of their member.
    """
    members = _arrow(chunk.members).append_column("member_no", pa.array(chunk.members.index.to_numpy()))
    kept = np.ones(len(members), dtype=bool)
    first = int(chunk.members.index[0])
    kept[rejected.to_numpy() - first] = False
    yield "facts.enrollment_members", _of(members, kept)
    for target, part in (
        ("facts.enrollment_coverage", chunk.coverage),
        ("facts.enrollment_reporting", chunk.reporting),
    ):
        place = part["member_no"].to_numpy() - first
        rows = _arrow(part).append_column("cin", members["cin"].take(pa.array(place)))
        yield target, _of(rows, kept[place])


def _arrow(table: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(table, preserve_index=False)


def _of(rows: pa.Table, kept: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> pa.Table:
    return rows if kept.all() else rows.filter(pa.array(kept))
