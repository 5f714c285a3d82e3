"""File layouts as data: which columns a file has, how senders head them and what each may hold.

A layout is a TOML file that a plan can extend by one of its own; those the project brings lie in `schemas/layouts/`,
and those of files that go out below it (`schemas.outbound`). How the type of a column is checked is written in
`schemas.tabular`, how it is read in `parsers.tabular`. The format is described at `load_layout`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from schemas.kinds import LAID_OUT, LISTS
from schemas.layout_extension import extended
from schemas.layout_file import Keys, Shelf, suggestion

SHELF = Shelf(Path(__file__).with_name("layouts"))

TOGETHER = {"rtf": "otf", "otf": "rtf"}
"""Kinds of which one file may hold both: what a provider reports of its members, and its attempts to reach them."""

DEFAULT_LENGTH = {
    "text": 100, "date": 10, "cin": 9, "npi": 10, "yes_no": 1, "gender": 1, "phone": 60, "zip": 10, "county": 40,
    "code": 40, "integer": 9, "email": 254, "identifier": 50,
}  # fmt: skip
"""Every column type with the greatest number of characters its canonical form may have unless the column says more."""

TYPES = tuple(DEFAULT_LENGTH)
REQUIREMENTS = ("required", "conditional", "optional")
MULTIPLE = ("refuse", "keep")
DELIMITERS = (",", "|", "\t", ";")

RESPONSE_COLUMNS = ("error_code", "error_column", "error_severity", "error_text")
"""What a response appends to the sender's rows; a file that comes back corrected may still have them."""

REFERENCE_COLUMN = "error_reference"
"""The last column that a response appends: which row of which file it was, in the form of `schemas.references`."""

SURPLUS_COLUMN = "surplus_cell"
"""Heading that a response gives to cells beyond the header of a text file; the row is whole when they are empty."""

_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class LayoutColumn:
    """One column of a layout.

    Attributes
    ----------
    name
        Canonical name, as the tables of facts have it.
    headings
        What senders write above it; the name itself always counts too.
    type
        One of `TYPES`.
    required
        `required`, `conditional` (a rule of the file's kind decides) or `optional`.
    codes
        Canonical codes of a `code` column.
    synonyms
        Senders' words for codes: word -> code.
    max_length
        Greatest number of characters of a value.
    multiple
        `refuse` a cell with several values, or `keep` them, joined by `; `.
    """

    name: str
    headings: tuple[str, ...]
    type: str
    required: str
    codes: tuple[str, ...]
    synonyms: Mapping[str, str]
    max_length: int
    multiple: str


@dataclass(frozen=True)
class Layout:
    """A versioned file layout of one kind.

    Attributes
    ----------
    name, version, kind
        Its identity; the kind (one of `schemas.kinds.LAID_OUT`) decides the rules across columns.
    sheets
        Words that a workbook's data sheet is likely to have in its name.
    delimiters
        Delimiters of text files, the likeliest first.
    columns
        In canonical order.
    further
        Layout of a further sheet that a workbook may have; a text file of this layout may be of that one instead.
    """

    name: str
    version: str
    kind: str
    sheets: tuple[str, ...]
    delimiters: tuple[str, ...]
    columns: tuple[LayoutColumn, ...]
    further: Layout | None = None

    @property
    def sheet_layouts(self) -> tuple[Layout, ...]:
        """The layout itself, and that of the further sheet if there is one."""
        return (self,) if self.further is None else (self, self.further)

    @property
    def column_names(self) -> tuple[str, ...]:
        """Canonical names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def required_columns(self) -> frozenset[str]:
        """Names of the columns every file of this layout has."""
        return frozenset(column.name for column in self.columns if column.required == "required")

    @cached_property
    def headings(self) -> Mapping[str, str]:
        """Heading in the form of `heading_key` -> column name."""
        return {heading_key(text): column.name for column in self.columns for text in (column.name, *column.headings)}

    def column_for(self, heading: str) -> str | None:
        """Name the column a heading stands for; a remark in parentheses is set aside when the whole is not known."""
        known = self.headings.get(heading_key(heading))
        if known or "(" not in heading:
            return known
        return self.headings.get(heading_key(re.sub(r"\([^)]*\)", "", heading)))


def heading_key(heading: str) -> str:
    """Reduce a heading to its letters and digits in lower case."""
    return _SIGNS.sub("", heading.casefold())


def available_layouts() -> tuple[str, ...]:
    """Names of the layouts the project brings."""
    return SHELF.names()


@cache
def load_layout(name_or_path: str | Path) -> Layout:
    """Read a layout by the name of one the project brings, or from a TOML file.

    Top level: `name`, `version`, `kind`, optionally `sheets`, `delimiters` and `further_sheet` (the layout of a further
    sheet of the same workbook: a name, or a TOML file beside this one). Then one table `[columns.NAME]` per
    column with, all optional: `headings`, `type` (default `text`), `required` (default `optional`), `codes` and
    `synonyms` (`code` columns), `max_length`, `multiple`. Or `extends` and what differs: `schemas.layout_extension`.

    Raises
    ------
    ConfigurationError
        When there is no such layout or the file says something that is not understood; names file and key.
    """
    layout, further = _layout(*SHELF.document(name_or_path))
    if layout.kind in LISTS:
        _refuse_columns_that_nothing_keeps(layout, Path(name_or_path).name)
    if not further:
        return layout
    place = f"{Path(name_or_path).name}: further_sheet"
    beside = Path(name_or_path).with_name(further) if further.endswith(".toml") else further
    second, third = _layout(*SHELF.document(beside))
    if third:
        raise SHELF.problem("the further sheet's layout names a further one itself", place)
    if TOGETHER.get(layout.kind) != second.kind:
        raise SHELF.problem(f"{second.kind} rows do not come with {layout.kind} rows", place)
    return replace(layout, further=second)


def _refuse_columns_that_nothing_keeps(layout: Layout, file: str) -> None:
    kept = _layout(*SHELF.document(layout.kind))[0].column_names
    for name in layout.column_names:
        if name not in kept:
            raise SHELF.problem(
                f"{layout.kind} rows have no such column{suggestion(name, kept)}", f"{file}: columns.{name}"
            )


def _layout(document: dict[str, Any], file: str) -> tuple[Layout, str]:
    """Make a layout of what its file says, and return what that names as the layout of a further sheet."""
    if "extends" in document:
        document = extended(SHELF, document, file, key_of=heading_key)
    known = ("name", "version", "kind", "sheets", "delimiters", "further_sheet", "columns")
    keys = Keys(SHELF, document, file, "", known)
    further = str(keys.get("further_sheet", str, ""))
    if not re.fullmatch(r"[\w.-]*", further):
        raise keys.problem("further_sheet", "the setting must name a layout, or a file beside this one")
    tables = keys.get("columns", dict, {})
    if not tables:
        raise SHELF.problem("the layout has no columns", f"{file}: columns")
    layout = Layout(
        name=keys.text("name"),
        version=keys.text("version"),
        kind=keys.choice("kind", LAID_OUT),
        sheets=keys.texts("sheets"),
        delimiters=keys.texts("delimiters", DELIMITERS) or DELIMITERS,
        columns=tuple(_column(name, table, file) for name, table in tables.items()),
    )
    seen = {
        heading_key(text): "the answers of this software"
        for text in (*RESPONSE_COLUMNS, REFERENCE_COLUMN, SURPLUS_COLUMN)
    }
    for column in layout.columns:
        for key in {heading_key(text) for text in (column.name, *column.headings)}:
            if not key:
                raise SHELF.problem("a heading has no letters", f"{file}: columns.{column.name}.headings")
            if key in seen:
                message = f"the heading `{key}` belongs to {seen[key]} already"
                raise SHELF.problem(message, f"{file}: columns.{column.name}.headings")
            seen[key] = f"column `{column.name}`"
    return layout, further


def _column(name: str, table: object, file: str) -> LayoutColumn:
    place = f"columns.{name}"
    if not isinstance(table, dict):
        raise SHELF.problem("a column is a table of settings", f"{file}: {place}")
    known = ("headings", "type", "required", "codes", "synonyms", "max_length", "multiple")
    keys = Keys(SHELF, table, file, f"{place}.", known)
    kind = keys.choice("type", TYPES, "text")
    codes = keys.texts("codes")
    synonyms = keys.get("synonyms", dict, {})
    if (kind == "code") != bool(codes):
        raise SHELF.problem("a column of type `code`, and only such a one, lists its codes", f"{file}: {place}.codes")
    for word, code in synonyms.items():
        if code not in codes:
            raise SHELF.problem("the synonym stands for none of the codes", f"{file}: {place}.synonyms.{word}")
    max_length = keys.get("max_length", int, DEFAULT_LENGTH[kind])
    if max_length < 1:
        raise SHELF.problem("the length must be at least 1", f"{file}: {place}.max_length")
    return LayoutColumn(
        name=name,
        headings=keys.texts("headings"),
        type=kind,
        required=keys.choice("required", REQUIREMENTS, "optional"),
        codes=codes,
        synonyms=synonyms,
        max_length=max_length,
        multiple=keys.choice("multiple", MULTIPLE, "keep" if kind in {"text", "phone", "email"} else "refuse"),
    )
