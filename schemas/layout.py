"""File layouts as data: which columns a file has, how senders head them and what each may hold.

A layout is a TOML file that a plan can copy and edit; those the project brings lie in `schemas/layouts/`. How the type
of a column is checked is written in `schemas.tabular`, how it is read in `parsers.tabular`. The format is described at
`load_layout`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from schemas.problems import ConfigurationError
from schemas.toml_text import parse_toml

LAYOUT_FOLDER = Path(__file__).with_name("layouts")

KINDS = ("mini_mif", "mif", "release_notice", "rtf", "otf")
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
        Its identity; the kind (one of `KINDS`) decides the rules across columns.
    sheets
        Words that a workbook's data sheet is likely to have in its name.
    delimiters
        Delimiters of text files, the likeliest first.
    columns
        In canonical order.
    """

    name: str
    version: str
    kind: str
    sheets: tuple[str, ...]
    delimiters: tuple[str, ...]
    columns: tuple[LayoutColumn, ...]

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
        return known or self.headings.get(heading_key(re.sub(r"\([^)]*\)", "", heading)))


def heading_key(heading: str) -> str:
    """Reduce a heading to its letters and digits in lower case."""
    return "".join(character for character in heading.casefold() if character.isalnum())


def available_layouts() -> tuple[str, ...]:
    """Names of the layouts the project brings."""
    return tuple(sorted(path.stem for path in LAYOUT_FOLDER.glob("*.toml")))


@cache
def load_layout(name_or_path: str | Path) -> Layout:
    """Read a layout by the name of one the project brings, or from a TOML file.

    Top level: `name`, `version`, `kind`, optionally `sheets` and `delimiters`. Then one table `[columns.NAME]` per
    column with, all optional: `headings`, `type` (default `text`), `required` (default `optional`), `codes` and
    `synonyms` (`code` columns), `max_length`, `multiple`.

    Raises
    ------
    ConfigurationError
        When there is no such layout or the file says something that is not understood; names file and key.
    """
    path = Path(name_or_path)
    if path.suffix != ".toml" and path.name == str(name_or_path):
        if path.name not in available_layouts():
            raise _problem(f"there is no layout of this name{_suggestion(path.name, available_layouts())}", path.name)
        path = LAYOUT_FOLDER / f"{path.name}.toml"
    try:
        document = parse_toml(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _problem(f"the layout cannot be opened ({error.strerror})", path.name) from None
    except UnicodeDecodeError:
        raise _problem("the layout is not UTF-8 text", path.name) from None
    except tomllib.TOMLDecodeError as error:
        raise _problem(f"the layout is not valid TOML ({error})", path.name) from None
    return _layout(document, path.name)


def _layout(document: dict[str, Any], file: str) -> Layout:
    keys = _Keys(document, file, "", ("name", "version", "kind", "sheets", "delimiters", "columns"))
    tables = keys.get("columns", dict, {})
    if not tables:
        raise _problem("the layout has no columns", f"{file}: columns")
    layout = Layout(
        name=keys.text("name"),
        version=keys.text("version"),
        kind=keys.choice("kind", KINDS),
        sheets=keys.texts("sheets"),
        delimiters=keys.texts("delimiters", DELIMITERS) or DELIMITERS,
        columns=tuple(_column(name, table, file) for name, table in tables.items()),
    )
    seen = {heading_key(text): "the answers of this software" for text in RESPONSE_COLUMNS}
    for column in layout.columns:
        for key in {heading_key(text) for text in (column.name, *column.headings)}:
            if not key:
                raise _problem("a heading has no letters", f"{file}: columns.{column.name}.headings")
            if key in seen:
                message = f"the heading `{key}` belongs to {seen[key]} already"
                raise _problem(message, f"{file}: columns.{column.name}.headings")
            seen[key] = f"column `{column.name}`"
    return layout


def _column(name: str, table: object, file: str) -> LayoutColumn:
    place = f"columns.{name}"
    if not isinstance(table, dict):
        raise _problem("a column is a table of settings", f"{file}: {place}")
    known = ("headings", "type", "required", "codes", "synonyms", "max_length", "multiple")
    keys = _Keys(table, file, f"{place}.", known)
    kind = keys.choice("type", TYPES, "text")
    codes = keys.texts("codes")
    synonyms = keys.get("synonyms", dict, {})
    if (kind == "code") != bool(codes):
        raise _problem("a column of type `code`, and only such a one, lists its codes", f"{file}: {place}.codes")
    for word, code in synonyms.items():
        if code not in codes:
            raise _problem("the synonym stands for none of the codes", f"{file}: {place}.synonyms.{word}")
    max_length = keys.get("max_length", int, DEFAULT_LENGTH[kind])
    if max_length < 1:
        raise _problem("the length must be at least 1", f"{file}: {place}.max_length")
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


@dataclass(frozen=True)
class _Keys:
    """The settings of one TOML table, fetched with their types checked."""

    table: dict[str, Any]
    file: str
    prefix: str
    known: tuple[str, ...]

    def __post_init__(self) -> None:
        for key in self.table:
            if key not in self.known:
                raise self.problem(key, f"the setting is not known{_suggestion(key, self.known)}")

    def problem(self, key: str, what: str) -> ConfigurationError:
        return _problem(what, f"{self.file}: {self.prefix}{key}")

    def get(self, key: str, kind: type, default: Any) -> Any:
        value = self.table.get(key, default)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.problem(key, f"the setting must be of type {kind.__name__}")
        return value

    def text(self, key: str) -> str:
        value = str(self.get(key, str, ""))
        if not value:
            raise self.problem(key, "the setting is missing")
        return value

    def texts(self, key: str, among: tuple[str, ...] = ()) -> tuple[str, ...]:
        values = self.get(key, list, [])
        if not all(isinstance(value, str) and value and (not among or value in among) for value in values):
            known = f" from {', '.join(map(repr, among))}" if among else ""
            raise self.problem(key, f"the setting must be a list of texts{known}")
        return tuple(values)

    def choice(self, key: str, among: tuple[str, ...], default: str = "") -> str:
        value = self.table.get(key, default)
        if value not in among:
            hint = _suggestion(value, among) if isinstance(value, str) else ""
            raise self.problem(key, f"the setting must be one of {', '.join(among)}{hint}")
        return str(value)


def _suggestion(word: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"; did you mean `{close[0]}`?" if close else ""


def _problem(what: str, where: str) -> ConfigurationError:
    names = ", ".join(available_layouts())
    return ConfigurationError("CONFIG", f"{what}.", where=where, remedy=f"Correct the layout, or use one of: {names}.")
