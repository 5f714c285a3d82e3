"""Rows of text cells on their way from a file into a table, before anything is known of their meaning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import TypeAlias

import pandas as pd
import pyarrow as pa

Row = tuple[int, list[str]]
"""Line of the text file or row of the sheet, counted from 1, and the cells."""

MAX_COLUMNS = 500
_BATCH = 4_096

_Texts: TypeAlias = "pa.Array[pa.LargeStringScalar]"


@dataclass(frozen=True)
class Head:
    """The first rows of one sheet of a workbook, or of a text file as one delimiter cuts it.

    Attributes
    ----------
    label
        The sheet's name or the delimiter.
    rows
        In order; blank ones may be left out.
    visible
        False for a hidden sheet.
    """

    label: str
    rows: list[Row]
    visible: bool = True


@dataclass(frozen=True)
class Grid:
    """Cells as read.

    Attributes
    ----------
    cells
        One `str` column per position, from 0; a row that is shorter than others is NA there. Index `row`, rising by 1.
    lines
        Line of each row, same index.
    widths
        Number of cells of each row, same index.
    """

    cells: pd.DataFrame
    lines: pd.Series[int]
    widths: pd.Series[int]


def gather(rows: Iterable[Row], *, after: int = 0) -> Grid:
    """Collect rows into a grid, batch by batch, so that Python never holds more than one batch of cells.

    A row without anything but blanks is no row. The first one is numbered as that which follows on `after`.
    """
    lines: list[int] = []
    widths: list[int] = []
    batches: list[list[_Texts]] = []
    filled = ((line, cells) for line, cells in rows if any(cell and not cell.isspace() for cell in cells))
    while batch := list(islice(filled, _BATCH)):
        lines += [line for line, _ in batch]
        widths += [len(cells) for _, cells in batch]
        batches.append([pa.array(column, pa.large_string()) for column in zip_longest(*(cells for _, cells in batch))])
    index = pd.RangeIndex(after + 1, after + len(lines) + 1, name="row")
    positions = range(max(widths, default=0))
    table = pa.Table.from_arrays(
        [_column(batches, position) for position in positions], names=[str(n) for n in positions]
    )
    return Grid(
        table.to_pandas().set_axis(list(positions), axis="columns").set_axis(index).astype("str"),
        pd.Series(lines, index=index, dtype="int64", name="line"),
        pd.Series(widths, index=index, dtype="int64", name="width"),
    )


def _column(batches: list[list[_Texts]], position: int) -> pa.ChunkedArray[pa.LargeStringScalar]:
    chunks = [b[position] if position < len(b) else pa.nulls(len(b[0]), pa.large_string()) for b in batches]
    return pa.chunked_array(chunks)
