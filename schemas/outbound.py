"""Layouts of the files that providers get: which columns, in what order, under which headings, and how written.

A layout chooses among the columns of `schemas.assignment` and can name no other: whatever a layout says, nothing else
about a member leaves. The format of the TOML file is described at `load_outbound_layout`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from string import Formatter
from typing import Any

from schemas.assignment import COLUMN_NAMES, DATE_COLUMNS
from schemas.formulas import harmless
from schemas.layout import DELIMITERS
from schemas.layout_file import Keys, Shelf, suggestion

SHELF = Shelf(Path(__file__).parent / "layouts" / "outbound")
DEFAULT = "assignment"

REQUIRED = ("assignment_id", "record_action", "ecm_provider_npi", "cin")
"""Columns that no layout leaves out: which assignment, what to do, for whom and about whom. By them a finished file is
proven to be its provider's, before it leaves."""

ACTIONS = ("ADD", "CHANGE", "TERM", "VOID")
ENDS = ("TERM", "VOID")
"""Those that tell of the end of an assignment."""

SCOPES = ("DELTA", "FULL")

DATE_FORMATS = ("YYYY-MM-DD", "MM/DD/YYYY", "MM-DD-YYYY", "YYYYMMDD", "MMDDYYYY")
QUOTING = ("all", "minimal")
LINE_ENDS: Mapping[str, str] = {"crlf": "\r\n", "lf": "\n"}
SUFFIXES = ("csv", "txt", "dat", "tsv", "psv")

_IN_A_NAME = {"npi": r"(?P<npi>\d{10})", "date": r"(?P<date>\d{8})", "number": r"(?P<number>\d{2,})",
              "scope": rf"(?P<scope>{'|'.join(SCOPES)})"}  # fmt: skip
"""What makes the name of a file its own: with all four, no two files of a provider have the same."""

_IN_A_RECORD = (*_IN_A_NAME, "prefix", "plan", "layout", "version", "rows", *map(str.lower, ACTIONS))

_KEYS = (
    "name", "version", "prefix", "file_name", "delimiter", "quoting", "byte_order_mark", "line_end", "heading",
    "date_format", "header", "trailer", "manifest", "columns",
)  # fmt: skip


@dataclass(frozen=True)
class Occasion:
    """Which file it is: of which plan, for whom, of which night, its number there, and whether a delta or a full."""

    plan: str
    npi: str
    business_date: date
    number: int
    scope: str


@dataclass(frozen=True)
class LaidOutColumn:
    """One column: its name in `schemas.assignment`, what stands above it, and how its dates are written."""

    name: str
    heading: str
    date_format: str = ""

    def written(self, value: str | None) -> str | None:
        """Write a value of the column; dates come as YYYY-MM-DD."""
        return dated(value, self.date_format) if value is not None and self.date_format else value


@dataclass(frozen=True)
class OutboundLayout:
    """A versioned layout of assignment files.

    Attributes
    ----------
    name, version
        Its identity, as the manifest tells it.
    prefix, file_name
        How files are called.
    delimiter, quoting, byte_order_mark, line_end
        How the text is written; `quoting` is one of `QUOTING`, `line_end` one of `LINE_ENDS`.
    heading
        Whether a row of headings stands above the others.
    date_format
        Of records, and of columns that say no other.
    header, trailer
        Fields of the first and the last record, with places such as `{rows}`; empty where there is none.
    manifest
        Whether a manifest goes along.
    columns
        In the order of the file.
    """

    name: str
    version: str
    prefix: str
    file_name: str
    delimiter: str
    quoting: str
    byte_order_mark: bool
    line_end: str
    heading: bool
    date_format: str
    header: tuple[str, ...]
    trailer: tuple[str, ...]
    manifest: bool
    columns: tuple[LaidOutColumn, ...] = field(repr=False)

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns in `schemas.assignment`, in the order of the file."""
        return tuple(column.name for column in self.columns)

    def named(self, occasion: Occasion) -> str:
        """Name a file."""
        return self.file_name.format_map(self._told(occasion, f"{occasion.business_date:%Y%m%d}"))

    def record(self, fields: Sequence[str], occasion: Occasion, actions: Iterable[str | None]) -> list[str]:
        """Fill the header or the trailer of a file whose rows ask for these actions."""
        counts = Counter(actions)
        told = self._told(occasion, dated(occasion.business_date.isoformat(), self.date_format)) | {
            "plan": occasion.plan, "layout": self.name, "version": self.version, "rows": str(counts.total()),
            **{action.lower(): str(counts[action]) for action in ACTIONS},
        }  # fmt: skip
        return [each.format_map(told) for each in fields]

    def provider_and_night(self, name: str) -> tuple[str, str] | None:
        """Tell of the name of a file of this layout, or of one that goes along with it, whose and of which day it is.

        The day is YYYYMMDD, and may be none. Nothing is told of other names.
        """
        found = self._names.match(name)
        return (found["npi"], found["date"]) if found else None

    def _told(self, occasion: Occasion, day: str) -> dict[str, str]:
        return {
            "prefix": self.prefix, "npi": occasion.npi, "date": day, "number": f"{occasion.number:02d}",
            "scope": occasion.scope,
        }  # fmt: skip

    @cached_property
    def _names(self) -> re.Pattern[str]:
        stem = self.file_name.rpartition(".")[0]
        parts = (
            re.escape(text) + ("" if place is None else _IN_A_NAME.get(place, re.escape(self.prefix)))
            for text, place, _, _ in Formatter().parse(stem)
        )
        return re.compile("".join(parts) + r"\.")


def dated(day: str, form: str) -> str:
    """Write a day, given as YYYY-MM-DD, in one of `DATE_FORMATS`."""
    year, month, rest = day.split("-")
    return form.replace("YYYY", year).replace("MM", month).replace("DD", rest)


@cache
def load_outbound_layout(name_or_path: str | Path) -> OutboundLayout:
    """Read a layout by the name of one the project brings, or from a TOML file.

    `name`, `version`, `prefix` and `file_name` must be given. The name of a file ends in one of `SUFFIXES` and has
    `{npi}`, `{date}`, `{number}` and `{scope}` once each, and `{prefix}` where it is wanted. The others, with what
    holds where they are not given: `delimiter` (","), `quoting` ("all"), `byte_order_mark` (true), `line_end` ("crlf"),
    `heading` (true), `date_format` ("YYYY-MM-DD"), `header` and `trailer` (lists of fields; none), `manifest` (true).
    The table `[columns]` has a key for each column in the order of the file: its heading, or a table with `heading` and
    `date_format`. Without it the file has all columns under their own names.

    Raises
    ------
    ConfigurationError
        When there is no such layout or the file says something that is not understood; names file and key.
    """
    return _layout(*SHELF.document(name_or_path))


def _layout(document: dict[str, Any], file: str) -> OutboundLayout:
    keys = Keys(SHELF, document, file, "", _KEYS)
    date_format = keys.choice("date_format", DATE_FORMATS, DATE_FORMATS[0])
    return OutboundLayout(
        name=keys.text("name"),
        version=keys.text("version"),
        prefix=_plain(keys, "prefix", keys.text("prefix")),
        file_name=_file_name(keys),
        delimiter=keys.choice("delimiter", DELIMITERS, DELIMITERS[0]),
        quoting=keys.choice("quoting", QUOTING, QUOTING[0]),
        byte_order_mark=keys.yes_no("byte_order_mark", default=True),
        line_end=LINE_ENDS[keys.choice("line_end", tuple(LINE_ENDS), "crlf")],
        heading=keys.yes_no("heading", default=True),
        date_format=date_format,
        header=_record(keys, "header"),
        trailer=_record(keys, "trailer"),
        manifest=keys.yes_no("manifest", default=True),
        columns=_columns(keys, date_format),
    )


def _file_name(keys: Keys) -> str:
    pattern = keys.text("file_name")
    places = _places(keys, "file_name", [pattern], (*_IN_A_NAME, "prefix"))
    for place in _IN_A_NAME:
        if places.count(place) != 1:
            what = f"the setting must hold {{{place}}} once: two files might have one name, or a file no owner"
            raise keys.problem("file_name", what)
    if pattern.rpartition(".")[2] not in SUFFIXES:
        raise keys.problem("file_name", f"the setting must end in one of {', '.join(f'.{each}' for each in SUFFIXES)}")
    _plain(keys, "file_name", re.sub(r"\{\w+\}", "", pattern))
    return pattern


def _plain(keys: Keys, key: str, text: str) -> str:
    """Return a text that may be part of a file's name everywhere."""
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,60}", text) or keys.table[key].startswith((".", "-")):
        what = "the setting may have at most 60 letters, digits, dots, dashes and underscores, no dot or dash in front"
        raise keys.problem(key, what)
    return text


def _record(keys: Keys, key: str) -> tuple[str, ...]:
    fields = keys.texts(key)
    _places(keys, key, fields, _IN_A_RECORD)
    return fields


def _places(keys: Keys, key: str, texts: Iterable[str], known: tuple[str, ...]) -> list[str]:
    """Name the places in braces of some texts; each must be known and stand as it is."""
    found = []
    for text in texts:
        if not text.isprintable() or harmless(text) != text:
            raise keys.problem(key, "a text has characters that are not printed, or begins like a formula")
        try:
            parsed = list(Formatter().parse(text))
        except ValueError:
            raise keys.problem(key, "a brace is opened and not closed, or closed and not opened") from None
        for _, place, form, conversion in parsed:
            if place is None:
                continue
            if place not in known or form or conversion:
                raise keys.problem(key, f"there is no such place in braces{suggestion(place, known)}")
            found.append(place)
    return found


def _columns(keys: Keys, date_format: str) -> tuple[LaidOutColumn, ...]:
    if "columns" not in keys.table:
        return tuple(_column(keys, name, name, date_format) for name in COLUMN_NAMES)
    columns = tuple(_column(keys, name, said, date_format) for name, said in keys.get("columns", dict, {}).items())
    names, seen = {column.name for column in columns}, dict[str, str]()
    for name in REQUIRED:
        if name not in names:
            what = f"the column `{name}` is missing; no file leaves without {', '.join(REQUIRED)}"
            raise keys.problem("columns", what)
    for column in columns:
        other = seen.setdefault(column.heading.casefold(), column.name)
        if other != column.name:
            raise keys.problem(f"columns.{column.name}", f"column `{other}` has the same heading")
    return columns


def _column(keys: Keys, name: str, said: object, date_format: str) -> LaidOutColumn:
    place = f"columns.{name}"
    if name not in COLUMN_NAMES:
        raise keys.problem(place, f"no file that leaves has such a column{suggestion(name, COLUMN_NAMES)}")
    if not isinstance(said, str | dict):
        raise keys.problem(place, "a column is a heading, or a table of settings")
    table = {"heading": said} if isinstance(said, str) else said
    settings = Keys(keys.shelf, table, keys.file, f"{place}.", ("heading", "date_format"))
    heading = settings.text("heading", name)
    if not heading.isprintable() or harmless(heading) != heading:
        raise settings.problem("heading", "a heading has characters that are not printed, or begins like a formula")
    if name not in DATE_COLUMNS:
        if "date_format" in table:
            raise settings.problem("date_format", "the column holds no dates")
        return LaidOutColumn(name, heading)
    return LaidOutColumn(name, heading, settings.choice("date_format", DATE_FORMATS, date_format))
