"""The data dictionary, `docs/dictionary/`: a page for each schema of the store. `tests.docs.generated` writes them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from parsers.x12.profile_files import PROFILE_FOLDER
from pipelines.warehouse.meanings import Column, Table, tables
from schemas.kinds import LISTS
from schemas.layout import load_layout
from tests.docs.uses import uses

FOLDER = Path(__file__).parents[2] / "docs" / "dictionary"

SCHEMAS = {
    "ledger": "What came, what ran, what was answered, and the record of it",
    "facts": "What files and people said: only ever added to",
    "quarantine": "What was not taken as it came",
    "exchange": "What follows from the facts, and can be made anew from them",
    "delivery": "What was prepared for whom, what stands in whose folder, what each was told",
}

_OF_834 = {
    "facts.enrollment_members": "members",
    "facts.enrollment_coverage": "coverage",
    "facts.enrollment_reporting": "reporting",
    "exchange.members": "members",
    "exchange.coverage_months": "coverage",
}
"""Tables whose columns come from an 834, and the part of the profile that says from where."""

_OF_LISTS = {
    **{kind.facts: kind.name for kind in LISTS.values()},
    "facts.return_transmissions": "rtf",
    "facts.outreach_attempts": "otf",
    "exchange.provider_reports": "rtf",
    "exchange.contact_attempts": "otf",
}
"""Tables whose columns come from a list, and its layout."""


def pages() -> Iterator[tuple[Path, str]]:
    """Yield each page of the dictionary with its place."""
    for schema in SCHEMAS:
        yield FOLDER / f"{schema}.md", page(schema)


def index() -> list[tuple[str, str, str, str]]:
    """List every table: its name as a link, what its rows are, how many columns, whether it is about people."""
    return [
        (
            f"[`{name}`]({name.partition('.')[0]}.md#{anchor(name)})",
            table.meaning,
            str(len(table.columns)),
            "yes" if table.is_about_people else "",
        )
        for name, table in tables().items()
    ]


def anchor(name: str) -> str:
    """Return the name by which a heading with a table's name is linked to."""
    return name.replace(".", "")


def page(schema: str) -> str:
    """Write the page of a schema."""
    of_it = [table for name, table in tables().items() if name.startswith(f"{schema}.")]
    text = [
        f"# `{schema}`\n",
        f"{SCHEMAS[schema]}. [How to read this page](README.md), which `python -m tests.docs.generated` writes.\n",
    ]
    for table in of_it:
        text += [f"## {table.name}\n", f"{table.meaning}\n", f"{_used(table.name)}\n", _columns(table)]
    return "\n".join(text)


def _used(name: str) -> str:
    filling = [folder for folder, of in uses().items() if name in of.fills]
    reading = [folder for folder, of in uses().items() if name in of.reads]
    told = f"Written by {_folders(filling)}" if filling else "Written by [`warehouse/`](../../pipelines/warehouse/)"
    return f"{told}; read by {_folders(reading)}." if reading else f"{told}."


def _folders(names: list[str]) -> str:
    return ", ".join(f"[`{name}/`](../../pipelines/{name}/)" for name in names)


def _columns(table: Table) -> str:
    comes = {column.name: _comes_from(table.name, column.name) for column in table.columns}
    header = ["column", "type", "means", *(["comes from"] if any(comes.values()) else [])]
    if table.is_about_people:
        header.append("person")
    lines = [header, ["---"] * len(header)]
    for column in table.columns:
        line = [f"`{column.name}`", _type(column), column.meaning.replace("|", "\\|")]
        if any(comes.values()):
            line.append(comes[column.name])
        lines.append([*line, column.privacy.value] if table.is_about_people else line)
    return "".join(f"|{''.join(f' {cell} |' if cell else ' |' for cell in line)}\n" for line in lines)


def _type(column: Column) -> str:
    kind = {"VARCHAR": "text", "BIGINT": "number", "DOUBLE": "fraction", "BOOLEAN": "yes or no", "DATE": "date"}
    return kind[column.kind] + (", or null" if column.nullable else "")


def _comes_from(table: str, column: str) -> str:
    if table in _OF_834:
        return _place_in_834().get(f"{_OF_834[table]}.{column}", "")
    if table in _OF_LISTS:
        layout = _OF_LISTS[table]
        if column in load_layout(layout).column_names:
            return f"[`{layout}`](../layouts/{layout}.md)"
    return ""


@cache
def _place_in_834() -> Mapping[str, str]:
    """Where the profile of DHCS finds each column of the enrollment tables."""
    document = tomllib.loads((PROFILE_FOLDER / "dhcs.toml").read_text(encoding="utf-8"))
    return {
        f"{part}.{name}": _in_words(said if isinstance(said, list) else [said])
        for part in ("members", "coverage", "reporting")
        for name, said in document[part].items()
    }


def _in_words(places: list[Mapping[str, object]]) -> str:
    told = []
    for place in places:
        if "of" in place:
            told.append(f"`{place['of']}`")
            continue
        slot = f", part {place['slot']}" if "slot" in place else ""
        after = f" behind `{place['after']}`" if "after" in place else ""
        told.append(f"`{place['at']}`{slot}{after}".replace("|", "\\|"))
    return "; else ".join(told)
