"""Workbooks for people: text as text, dates as dates, no formulas. The same rows give the same bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range_abs
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | date | None

FIRST_DAY = date(1900, 3, 1)
"""Spreadsheet programs disagree about earlier days: those are written as text."""

_DAY_0 = date(1899, 12, 30)
"""From here spreadsheet programs count the days that they show as dates."""

_LINE = 15
"""Points that a line of text is high. Programs differ in whether they find out themselves how high a row must be."""

_LONGEST = 32_767
"""Characters that a cell holds; a program calls a workbook damaged that has more in one."""

_HIGHEST = 409
"""Points that a row can be high at most."""

_LONGEST_NAME = 31
"""Units of UTF-16 in a sheet's name."""

_IN_NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")

_CONFIDENTIAL, _PAGES = "&LConfidential: protected health information", "&RPage &P of &N"


class Look(Enum):
    """How a cell stands out. What it means is always said in words too."""

    URGENT = "urgent"
    SOON = "soon"
    OVER = "over"
    CHANGED = "changed"
    GIVEN = "given"


_LOOKS: Mapping[Look, dict[str, Any]] = {
    Look.URGENT: {"bg_color": "#F8CBAD", "font_color": "#6B0000", "bold": True},
    Look.SOON: {"bg_color": "#FFE699", "font_color": "#4A3800"},
    Look.OVER: {"font_color": "#595959", "italic": True},
    Look.CHANGED: {"bg_color": "#DDEBF7", "font_color": "#1F2A44"},
    Look.GIVEN: {"bg_color": "#EDEDED", "font_color": "#333333"},
}
"""Dark letters on a light ground: a contrast of seven to one at least."""

Looks = Mapping[int, Look]
"""Looks of cells of one row, by place."""


@dataclass(frozen=True)
class Choices:
    """What may be filled into cells of a column: one of a list, in the text or as the place of it in the workbook."""

    options: Sequence[str] | str
    is_closed: bool = True
    """Whether nothing else is taken."""


def place_of(sheet: str, place: int, first: int, last: int) -> str:
    """Name the cells of a column, from one row to another (counted from 0), as `Choices` wants them."""
    return f"={sheet}!{xl_range_abs(first, place, last, place)}"


def offer(sheet: Worksheet, place: int, first: int, last: int, choices: Choices) -> None:
    """Let people choose from a list in a column, from one row to another (counted from 0)."""
    source = choices.options if isinstance(choices.options, str) else list(choices.options)
    said = {"error_title": "Not on the list", "error_message": "Please choose from the list, or leave the cell empty."}
    sheet.data_validation(
        first, place, last, place, {"validate": "list", "source": source, "show_error": choices.is_closed, **said}
    )


def ask_for_days(sheet: Worksheet, place: int, first: int, last: int, days: tuple[date, date]) -> None:
    """Take nothing but a day within bounds in a column, from one row to another (counted from 0)."""
    earliest, latest = (datetime.combine(day, time()) for day in days)
    said = {"error_title": "Not a date", "error_message": f"Please write a date of {days[0]:%Y} or later."}
    sheet.data_validation(
        first, place, last, place,
        {"validate": "date", "criteria": "between", "minimum": earliest, "maximum": latest, **said},
    )  # fmt: skip


class _Sheet(Worksheet):  # type: ignore[misc]
    """A sheet whose cells are written as they come.

    The library keeps an object for every cell and turns each into text later. Here that is done once, and what it knows
    of a sheet beyond its cells (widths, filters, panes, printing, lists to choose from) stays the library's. Five times
    as fast, which counts where every provider finds a sheet of all its members each morning.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.dim_rowmin = self.dim_colmin = self.dim_rowmax = self.dim_colmax = 0

    def _write_sheet_data(self) -> None:
        self.fh.write(f"<sheetData>{''.join(self.lines)}</sheetData>")


class Book:
    """A workbook that is being written; its time of creation is the business date.

    Each page that is printed of one that is confidential says so.
    """

    def __init__(self, title: str, business_date: date, *, is_confidential: bool = True) -> None:
        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._buffer, {"in_memory": True})
        self._book.set_properties({"created": datetime.combine(business_date, time()), "title": title})
        self._footer = f"{_CONFIDENTIAL if is_confidential else ''}{_PAGES}"
        self._styles: dict[tuple[str, Look | None, bool], int] = {}
        self._texts: dict[str, str] = {}

    def table(
        self,
        name: str,
        columns: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        *,
        above: Sequence[str] = (),
        widest: int = 38,
        looks: Sequence[Looks] = (),
        wrapped: Collection[int] = (),
        still: int = 0,
        printed: int = 0,
        blanks: Sequence[str] = (),
    ) -> Worksheet:
        """Add a sheet with a filtered table whose headings stay in sight.

        `above` are lines over it, the first one large; no column is wider than `widest` characters. `looks` are those
        of the rows, in their order. The text of `wrapped` columns goes on in further lines; the first `still` columns
        stay in sight with the headings, and the first `printed` are those that are printed; all unless it is said.
        `blanks` says of each column what its empty cells are for (a kind of `_KINDS`), where somebody fills them in.
        """
        sheet = self._sheet(name)
        head = len(above) + 1 if above else 0
        for line, text in enumerate(above):
            self._add(sheet, line, (text,), "text" if line else "title")
        self._fill(sheet, head, columns, rows, widest=widest, looks=looks, wrapped=wrapped, still=still, blanks=blanks)
        sheet.print_area(0, 0, head + len(rows), (printed or len(columns)) - 1)
        return sheet

    def list(
        self,
        name: str,
        above: Sequence[Sequence[Cell]],
        columns: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        *,
        looks: Sequence[Looks],
        wrapped: Collection[int] = (),
        widest: int = 60,
    ) -> None:
        """Add a sheet that is filled like a text file: lines cell by cell `above` the headings, and nothing between.

        Its name may be another program's, which lets more pass: what no name can hold becomes an underscore.
        """
        sheet = self._sheet(name)
        for line, cells in enumerate(above):
            self._add(sheet, line, cells)
        self._fill(sheet, len(above), columns, rows, widest=widest, looks=looks, wrapped=wrapped)

    def page(self, name: str, lines: Sequence[Sequence[Cell]], widths: Sequence[int]) -> None:
        """Add a sheet to be read from above: the first line is its title, one of a single cell heads what follows.

        What does not fit its column goes on over the empty ones beside it.
        """
        sheet = self._sheet(name)
        for line, cells in enumerate(lines):
            self._add(sheet, line, cells, "title" if line == 0 else "section" if len(cells) == 1 else "text")
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        sheet.hide_gridlines(2)

    def close(self) -> bytes:
        """End the workbook and return its bytes."""
        self._book.close()
        return self._buffer.getvalue()

    def _sheet(self, name: str) -> _Sheet:
        taken = {each.casefold() for each in self._book.sheetnames}
        names = (_nameable(name), *(_nameable(f"{number} {name}") for number in range(2, len(taken) + 3)))
        free = next(each for each in names if each.casefold() not in taken)
        sheet: _Sheet = self._book.add_worksheet(free, worksheet_class=_Sheet)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(self._footer)
        return sheet

    def _fill(
        self,
        sheet: _Sheet,
        head: int,
        columns: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        *,
        widest: int,
        looks: Sequence[Looks],
        wrapped: Collection[int],
        still: int = 0,
        blanks: Sequence[str] = (),
    ) -> None:
        """Write headings, which stay in sight, and rows below them, in columns as wide as they need."""
        longest = [max(map(_length, cells)) for cells in zip(*rows, strict=True)] if rows else [0] * len(columns)
        widths = [min(max(len(name) + 2, most) + 2, widest) for name, most in zip(columns, longest, strict=True)]
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width, self._format(blanks[place]) if blanks else None)
        self._add(sheet, head, columns, "heading")
        for line, row in enumerate(rows, start=head + 1):
            high = max((_lines(row[place], widths[place]) for place in wrapped), default=1)
            self._add(sheet, line, row, looks=looks[line - head - 1] if looks else {}, wrapped=wrapped, high=high)
        sheet.freeze_panes(head + 1, still)
        sheet.repeat_rows(head)
        sheet.autofilter(head, 0, head + max(len(rows), 1), len(columns) - 1)

    def _add(
        self,
        sheet: _Sheet,
        line: int,
        cells: Sequence[Cell],
        kind: str = "text",
        *,
        looks: Looks | None = None,
        wrapped: Collection[int] = (),
        high: int = 1,
    ) -> None:
        """Write a row, so many lines high; a cell without anything in it is left out."""
        row, written = line + 1, []
        for place, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            look, wraps = looks.get(place) if looks else None, place in wrapped
            if isinstance(cell, str):
                value = self._texts.get(cell) or self._keep(sheet, cell)
                written.append(f'<c r="{_letters(place)}{row}" s="{self._style(kind, look, wraps)}" t="s">{value}</c>')
            elif isinstance(cell, int | float):
                style = self._style("number", look, wraps)
                written.append(f'<c r="{_letters(place)}{row}" s="{style}"><v>{cell}</v></c>')
            elif cell >= FIRST_DAY:
                style, day = self._style("date", look, wraps), (cell - _DAY_0).days
                written.append(f'<c r="{_letters(place)}{row}" s="{style}"><v>{day}</v></c>')
            else:
                value, style = self._keep(sheet, str(cell)), self._style(kind, look, wraps)
                written.append(f'<c r="{_letters(place)}{row}" s="{style}" t="s">{value}</c>')
        if written:
            sheet.dim_rowmax, sheet.dim_colmax = line, max(sheet.dim_colmax, len(cells) - 1)
            height = f' ht="{min(high * _LINE, _HIGHEST)}" customHeight="1"' if high > 1 else ""
            sheet.lines.append(f'<row r="{row}"{height}>{"".join(written)}</row>')

    def _keep(self, sheet: _Sheet, text: str) -> str:
        """Put a text into the table that all sheets share, and return the reference to it.

        What begins and ends in a tag of its own the library would write as markup: a blank in front makes it a text.
        """
        kept = f" {text}"[:_LONGEST] if text.startswith("<r>") else text[:_LONGEST]
        reference = f"<v>{sheet.str_table._get_shared_string_index(kept)}</v>"  # noqa: SLF001 - as `_Sheet`
        self._texts[text] = reference
        return reference

    def _style(self, kind: str, look: Look | None, wraps: bool) -> int:  # noqa: FBT001 - one of three parts of a key
        key = (kind, look, wraps)
        if key not in self._styles:
            self._styles[key] = self._format(*key)._get_xf_index()  # noqa: SLF001 - as `_Sheet`
        return self._styles[key]

    def _format(self, kind: str, look: Look | None = None, wraps: bool = False) -> Format:  # noqa: FBT001, FBT002
        parts: dict[str, Any] = _KINDS[kind] | (_LOOKS[look] if look else {}) | ({"text_wrap": True} if wraps else {})
        return self._book.add_format({"valign": "top", **parts})


_KINDS: Mapping[str, dict[str, Any]] = {
    "text": {"num_format": "@"},
    "title": {"bold": True, "font_size": 14},
    "section": {"bold": True, "font_color": "#1F4E78", "bottom": 1},
    "heading": {"bold": True, "bg_color": "#1F4E78", "font_color": "#FFFFFF"},
    "number": {"align": "left"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
}
"""What kinds of cells look like. Text is marked as such: typed over, a leading zero stays."""

_LETTERS: list[str] = [xl_col_to_name(place) for place in range(256)]


def _letters(place: int) -> str:
    return _LETTERS[place] if place < len(_LETTERS) else str(xl_col_to_name(place))


def _nameable(name: str) -> str:
    """Make of any text a name that a sheet can have."""
    short = name.encode("utf-16-le")[: 2 * _LONGEST_NAME].decode("utf-16-le", errors="ignore")
    return _IN_NO_NAME.sub("_", short) or "Sheet"


def _length(cell: Cell) -> int:
    """Characters that a cell takes; a date ten, as a number few."""
    if cell is None:
        return 0
    return len(cell) if isinstance(cell, str) else 10


def _lines(cell: Cell, width: int) -> int:
    """Lines that a cell takes in a column of so many characters, with a little to spare for wide letters."""
    return sum(max(1, -(-len(part) // (width - 2))) for part in cell.split("\n")) if isinstance(cell, str) else 1
