"""A layout that says only in what it differs from one that the project brings: `extends`.

What later versions of the other say reaches it, so that a plan need not copy a file to know one more heading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from schemas.layout_file import Keys, Shelf

_KNOWN = ("extends", "name", "version", "sheets", "delimiters", "further_sheet", "columns")
_OF_A_COLUMN = ("headings", "type", "required", "codes", "synonyms", "max_length", "multiple")


def extended(shelf: Shelf, own: Mapping[str, Any], file: str, *, key_of: Callable[[str], str]) -> dict[str, Any]:
    """Return what a layout says once the one that it extends is put below it; `key_of` is how headings are compared.

    Its headings and synonyms are known besides those that are there, and go before them: a heading that it gives to one
    column is taken from any other. Every other setting that it names replaces the one that is there. Its name is that
    of its file unless it has one.

    Raises
    ------
    ConfigurationError
        When it extends no layout of the shelf, or speaks of a column or setting that there is not.
    """
    keys = Keys(shelf, dict(own), file, "", _KNOWN)
    base, _ = shelf.document(keys.choice("extends", shelf.names()))
    tables: dict[str, Any] = base["columns"]
    columns = Keys(shelf, keys.get("columns", dict, {}), file, "columns.", tuple(tables))
    settings = {
        name: Keys(shelf, columns.get(name, dict, {}), file, f"columns.{name}.", _OF_A_COLUMN) for name in columns.table
    }
    claimed = {key_of(heading): name for name, column in settings.items() for heading in column.texts("headings")}
    for name in tables:
        if claimed.get(key_of(name), name) != name:
            what = f"`{name}` is the name of another column, by which it is always known"
            raise settings[claimed[key_of(name)]].problem("headings", what)
    merged = {}
    for name, table in tables.items():
        left = [heading for heading in table.get("headings", []) if claimed.get(key_of(heading), name) == name]
        merged[name] = _column({**table, "headings": left}, settings.get(name))
    said = {key: value for key, value in own.items() if key not in {"extends", "columns"}}
    return {**base, "name": Path(file).stem, **said, "columns": merged}


def _column(table: dict[str, Any], own: Keys | None) -> dict[str, Any]:
    if own is None:
        return table
    headings = [*own.texts("headings"), *table["headings"]]
    synonyms = {**table.get("synonyms", {}), **own.get("synonyms", dict, {})}
    return {**table, **own.table, "headings": headings, "synonyms": synonyms}
