"""What the tables and columns of the store mean, and which name people: for the data dictionary and for Dagster.

A meaning stands where the table is declared, as the comment behind the column, or in `schemas/meanings.toml` where the
name means the same everywhere. The comment over a table says what its rows are. A comment behind several columns of
one line is about the last of them, and may go on below it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pipelines.warehouse.door import declaration, scratch
from pipelines.warehouse.shape import columns_of
from schemas.meanings import Privacy, vocabulary

_TABLE = re.compile(
    r"((?:^--[^\n]*\n)*)^CREATE TABLE IF NOT EXISTS (\S+) \(([^\n]*|\n.*?\n)\);$", re.MULTILINE | re.DOTALL
)
_COLUMN = re.compile(r"(\w+) +(?:VARCHAR|BIGINT|DATE|BOOLEAN|DOUBLE)\b")


@dataclass(frozen=True)
class Column:
    """A column with its type as the store has it."""

    name: str
    kind: str
    nullable: bool
    meaning: str
    privacy: Privacy


@dataclass(frozen=True)
class Table:
    """A table; `meaning` says what its rows are."""

    name: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def is_about_people(self) -> bool:
        """Whether its rows are health information."""
        return any(column.privacy is Privacy.NAMES for column in self.columns)


@cache
def tables() -> Mapping[str, Table]:
    """Return all tables of the store, as `schema.name`."""
    script, known = declaration(), vocabulary()
    said = {name: (_plain(above), _behind(body)) for above, name, body in _TABLE.findall(script)}
    with scratch() as connection:
        connection.execute(script)
        declared = columns_of(connection, "memory")
    found = {}
    for name, columns in declared.items():
        meaning, behind = said[name]
        about_people = any(column.name in known.anchors for column in columns)
        found[name] = Table(
            name,
            meaning,
            tuple(
                Column(
                    column.name,
                    column.kind,
                    column.nullable,
                    behind.get(column.name) or known.meanings.get(column.name, ""),
                    known.privacy_of(column.name) if about_people else Privacy.NOTHING,
                )
                for column in columns
            ),
        )
    return found


def _behind(body: str) -> dict[str, str]:
    """Return the comments behind columns, by the column."""
    found: dict[str, str] = {}
    last = ""
    for line in body.splitlines():
        code, _, comment = line.partition("--")
        last = names[-1] if (names := _COLUMN.findall(code)) else last
        if comment.strip():
            found[last] = f"{found.get(last, '')} {comment.strip()}".strip()
    return {column: _sentence(comment) for column, comment in found.items()}


def _plain(comment: str) -> str:
    return " ".join(line.removeprefix("--").strip() for line in comment.splitlines())


def _sentence(comment: str) -> str:
    """Begin with a capital what begins with a word."""
    return comment[0].upper() + comment[1:]
