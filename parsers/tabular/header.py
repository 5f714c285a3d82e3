"""Finding the row of headings among title rows, delimiters and sheets, and telling one kind of file from another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from parsers.tabular.grid import Head
from schemas.findings import file_fault
from schemas.layout import (
    REFERENCE_COLUMN,
    RESPONSE_COLUMNS,
    SURPLUS_COLUMN,
    Layout,
    available_layouts,
    heading_key,
    load_layout,
)
from schemas.problems import FileFault

FIRST_ROWS = 30
"""A header stands within so many rows."""

FEWEST = 3
"""So many columns a row must name to be taken for a header: a cell or two of any row may read like a heading."""

_ENOUGH = 0.5
"""Of the required columns, for a file to be of this layout at all: what is missing is said row by row."""

_RESPONSE_KEYS = {heading_key(name) for name in RESPONSE_COLUMNS}
_REFERENCE_KEY = heading_key(REFERENCE_COLUMN)
_SURPLUS_KEY = heading_key(SURPLUS_COLUMN)


@dataclass(frozen=True)
class Header:
    """A row of headings.

    Attributes
    ----------
    line
        Its line or sheet row.
    headings
        As the sender wrote them, by position.
    columns
        The layout's column at each position, `None` where the heading is not known.
    """

    line: int
    headings: tuple[str, ...]
    columns: tuple[str | None, ...]

    @property
    def known(self) -> frozenset[str]:
        """Columns of the layout that are there."""
        return frozenset(column for column in self.columns if column)

    @property
    def own(self) -> tuple[int, ...]:
        """Positions that are the sender's own, not appended by an earlier response."""
        appended = _RESPONSE_KEYS | {_REFERENCE_KEY}
        return tuple(n for n, heading in enumerate(self.headings) if heading_key(heading) not in appended)

    @property
    def surplus(self) -> frozenset[int]:
        """Positions to which a response moved cells that stood beyond the sender's header."""
        return frozenset(n for n, heading in enumerate(self.headings) if heading_key(heading) == _SURPLUS_KEY)

    @property
    def references(self) -> int | None:
        """Position of the references that a response appended."""
        return next((n for n, heading in enumerate(self.headings) if heading_key(heading) == _REFERENCE_KEY), None)

    @property
    def is_answer(self) -> bool:
        """Whether a response appended columns: the references, or all the others."""
        return self.references is not None or {heading_key(heading) for heading in self.headings} >= _RESPONSE_KEYS


def find_header(head: Head, layout: Layout) -> Header | None:
    """Find the row that names the most columns of the layout, the first of them if several do; `None` if none does."""
    best: Header | None = None
    for line, cells in head.rows:
        if line > FIRST_ROWS:
            break
        header = Header(line, tuple(cells), tuple(layout.column_for(cell) for cell in cells))
        if len(header.known) >= min(FEWEST, len(layout.columns)) and len(header.known) > len(
            best.known if best else ()
        ):
            best = header
    return best


def choose(heads: Mapping[int, Head], found: Mapping[int, Header], layout: Layout) -> tuple[int, Header]:
    """Choose the sheet or delimiter that shows this layout best, of those with a header `found`: place and header.

    One that looks like data goes before any other, for a blank form may have more columns than the one that was filled
    in; and a visible one before a hidden one. Between equals: the one with rows below the header, with a name the
    layout hints at, first.

    Raises
    ------
    FileFault
        F03 when there is no header anywhere; F02 when there is one of another kind of file, or when fewer than half of
        the layout's required columns are there.
    """
    if not found:
        _refuse_other_kind(heads.values(), layout, (0.0, 0))
        raise file_fault("F03")

    def merit(n: int) -> tuple[bool, bool, int, bool, bool, int]:
        head, header = heads[n], found[n]
        return (
            _is_data(head, header, layout), head.visible, len(header.known), _has_rows(head, header),
            is_hinted(head, layout), -n,
        )  # fmt: skip

    chosen = max(found, key=merit)
    header = found[chosen]
    share = _share(header, layout)
    _refuse_other_kind([heads[chosen]], layout, (share, len(header.known)))
    if share < _ENOUGH:
        missing = len(layout.required_columns - header.known)
        detail = f"{missing} of {len(layout.required_columns)} required columns are missing"
        raise file_fault("F02", detail, where=f"row {header.line}")
    return chosen, header


def choose_all(heads: Sequence[Head], layout: Layout) -> list[tuple[Layout, int, Header]]:
    """Choose for the layout, and for that of its further sheet if it has one: the layout, its sheet and its header.

    No sheet is chosen twice, and one of the two may be missing. A sheet that shows the one layout better is not read by
    the other: attempts may stand beside the names of members.

    Raises
    ------
    FileFault
        When both are missing; see `choose`.
    """
    shown = [
        (each, {n: header for n, head in enumerate(heads) if (header := find_header(head, each))})
        for each in layout.sheet_layouts
    ]
    found: list[tuple[Layout, int, Header]] = []
    faults: list[FileFault] = []
    for each, headers in shown:
        rivals = [other for other in shown if other[0] is not each]
        left = {
            n: head
            for n, head in enumerate(heads)
            if n not in {place for _, place, _ in found}
            and not any(_is_better(theirs.get(n), other, headers.get(n), each) for other, theirs in rivals)
        }
        try:
            place, header = choose(left, {n: headers[n] for n in left if n in headers}, each)
        except FileFault as fault:
            faults.append(fault)
        else:
            found.append((each, place, header))
    if not found:
        raise faults[0]
    return found


def rows_above(head: Head, header: Header, *, numbered: bool) -> tuple[tuple[str, ...], ...]:
    """Return what stands above the header, blank rows too; they are left out of a head whose rows are `numbered`."""
    above = {line: tuple(cells) for line, cells in head.rows if line < header.line}
    return tuple(above.get(line, ()) for line in (range(1, header.line) if numbered else above))


def is_hinted(head: Head, layout: Layout) -> bool:
    """Tell whether a sheet has a name that the layout hints at."""
    return any(heading_key(hint) in heading_key(head.label) for hint in layout.sheets)


def looks_like_data(head: Head, layout: Layout) -> bool:
    """Tell whether a sheet has a header with most of the required columns, and rows below it."""
    header = find_header(head, layout)
    return header is not None and _is_data(head, header, layout)


def _is_data(head: Head, header: Header, layout: Layout) -> bool:
    return _has_rows(head, header) and _share(header, layout) >= _ENOUGH


def _has_rows(head: Head, header: Header) -> bool:
    return head.rows[-1][0] > header.line


def _is_better(rival: Header | None, other: Layout, own: Header | None, layout: Layout) -> bool:
    """Tell whether a sheet shows more columns of another layout, and no smaller share of those that it requires."""
    if rival is None or own is None:
        return own is None and rival is not None
    share = _share(rival, other)
    return share >= max(_share(own, layout), _ENOUGH) and len(rival.known) > len(own.known)


def _share(header: Header, layout: Layout) -> float:
    required = layout.required_columns
    return len(header.known & required) / len(required) if required else 1.0


def _refuse_other_kind(heads: Iterable[Head], layout: Layout, own: tuple[float, int]) -> None:
    """Raise F02 when another kind shows a greater share of its required columns, and more columns, than `own`."""
    rivals = [
        (_share(header, other), len(header.known), other.kind)
        for other in _own_layouts()
        for head in heads
        if other.kind != layout.kind and (header := find_header(head, other))
    ]
    share, known, kind = max(rivals, default=(0.0, 0, ""))
    if share > own[0] and known > own[1]:
        raise file_fault("F02", f"it looks like a {kind} file")


@cache
def _own_layouts() -> tuple[Layout, ...]:
    return tuple(load_layout(name) for name in available_layouts())
