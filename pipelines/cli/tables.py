"""Tables for a person: as wide as the screen and no wider, with nothing cut; a row a line where nothing has to fit.

Where the columns do not fit beside each other, the widest stand below their row instead, so that identifiers and codes
stay whole and sentences are read as sentences. Columns in which nothing stands are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from pipelines.cli.screen import is_bounded, out, styled

_GAP = 2
_NARROWEST = 24
"""Characters to which a column of sentences may be narrowed; below that it is no longer read."""

_INDENT = 4


@dataclass
class _Column:
    name: str
    cells: list[Text]
    is_numeric: bool

    def __post_init__(self) -> None:
        lines = [line for cell in (Text(self.name), *self.cells) for line in cell.plain.split("\n")]
        self.natural = max(map(cell_len, lines))
        longest_word = max((cell_len(word) for line in lines for word in line.split()), default=0)
        self.floor = max(longest_word, min(self.natural, _NARROWEST))
        self.width = self.natural


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, nothing: str = "") -> None:
    """Print rows to stdout as a table, numbers to the right; where there are none, the sentence `nothing`."""
    rows = [tuple(row) for row in rows]
    if not rows:
        out.print(nothing or f"{title}: none.")
        return
    out.print(styled(title, "bold"))
    every = [
        _Column(name, [_cell(row[place]) for row in rows], all(isinstance(row[place], int | float) for row in rows))
        for place, name in enumerate(columns)
    ]
    for line in _lines([column for column in every if any(column.cells)], out.width if is_bounded(out) else None):
        out.print(line, soft_wrap=True)
    out.print()


def print_pairs(title: str, pairs: Iterable[tuple[str, Any]]) -> None:
    """Print names and what stands for each to stdout, a line each; what is empty is left out."""
    out.print(styled(title, "bold"))
    for line in paired([(name, _cell(value)) for name, value in pairs], out.width):
        out.print(line, soft_wrap=True)
    out.print()


def paired(pairs: Sequence[tuple[str, Text]], width: int, indent: int = 0, style: str = "dim") -> Iterator[Text]:
    """Write names in a column, and beside each what is told of it; a name of which nothing is told is left out."""
    told = [(name, value) for name, value in pairs if value]
    longest = max((cell_len(name) for name, _ in told), default=0)
    for name, value in told:
        begin = " " * indent + name.ljust(longest + _GAP)
        for number, line in enumerate(_wrapped(value, max(width - len(begin), _NARROWEST))):
            yield Text.assemble((begin if number == 0 else " " * len(begin), style), line)


def _cell(value: Any) -> Text:
    return value if isinstance(value, Text) else Text("" if value is None else str(value))


def _lines(columns: list[_Column], width: int | None) -> Iterator[Text]:
    beside, below = _placed(columns, width)
    rule = "\u2500" if out.is_terminal else "-"
    yield _line([Text(_aligned(c.name, c), "bold") for c in beside], beside)
    yield Text((" " * _GAP).join(rule * c.width for c in beside))
    for number in range(len(columns[0].cells)):
        if width is None:
            yield _line([Text(", ").join(c.cells[number].split("\n")) for c in beside], beside)
            continue
        wrapped = [list(_wrapped(c.cells[number], c.width)) for c in beside]
        for parts in zip_longest(*wrapped, fillvalue=Text()):
            yield _line(parts, beside)
        yield from _below([(c.name, c.cells[number]) for c in below if c.cells[number]], width)


def _placed(columns: list[_Column], width: int | None) -> tuple[list[_Column], list[_Column]]:
    """Choose which columns stand beside each other and which below their row, and how wide the former are."""
    if width is None:
        for column in columns:
            column.width = max(cell_len(cell.plain.replace("\n", ", ")) for cell in (Text(column.name), *column.cells))
        return columns, []
    beside = list(columns)
    while len(beside) > 1 and sum(c.floor for c in beside) + _GAP * (len(beside) - 1) > width:
        beside.remove(max(beside[1:], key=lambda c: (c.floor, c.natural)))
    room = width - _GAP * (len(beside) - 1) - sum(c.floor for c in beside)
    for column in beside:
        column.width = min(column.floor, width)
    for column in sorted(beside, key=lambda c: c.natural - c.floor):
        more = min(column.natural - column.floor, max(room, 0))
        column.width += more
        room -= more
    return beside, [column for column in columns if column not in beside]


def _below(told: Sequence[tuple[str, Text]], width: int) -> Iterator[Text]:
    """Tell what has no room beside the others under its name, as much on a line as it takes."""
    line = Text()
    for name, cell in told:
        short = Text.assemble((f"{name}  ", "dim"), cell)
        if line and cell_len(line.plain) + 2 * _GAP + cell_len(short.plain) <= width and "\n" not in cell.plain:
            line = Text.assemble(line, " " * 2 * _GAP, short)
            continue
        if line:
            yield line
        *whole, line = paired([(name, cell)], width, _INDENT)
        yield from whole
    if line:
        yield line


def _wrapped(cell: Text, width: int) -> Iterator[Text]:
    """Break a cell between words, and a word only where it is wider than the column; an empty cell is a line."""
    lines = list(cell.wrap(out, max(width, 1), overflow="fold"))
    yield from lines or [Text()]


def _line(parts: Sequence[Text], columns: Sequence[_Column]) -> Text:
    line = Text()
    for part, column in zip(parts, columns, strict=True):
        space = " " * max(column.width - cell_len(part.plain), 0)
        line.append_text(Text(space).append_text(part) if column.is_numeric else part.copy().append(space))
        line.append(" " * _GAP)
    line.rstrip()
    return line


def _aligned(name: str, column: _Column) -> str:
    return name.rjust(column.width) if column.is_numeric else name
