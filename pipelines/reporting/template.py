"""A JSON template and tables -> a document: which field stands where under which name is data that a plan can edit.

The template looks as the document will:

- A text that begins with `$` is a field: `"$cin"` is what the row has in the column `cin`, of its own kind (text,
  number, list, day as ISO text, null). A name is looked up in the row, in the rows around it, then in the report.
- A list of one object with the key `$each` is repeated for every row of the table that the key names. With `$by` it is
  repeated for the rows that say the same there as the row around it: one column, or a list of them.
- Everything else is written as it stands; a text that begins with `$$` loses the first of the two.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from schemas.problems import ConfigurationError

Row = Mapping[str, Any]

EACH, BY = "$each", "$by"


@dataclass(frozen=True)
class Tables:
    """What a template can take its fields from."""

    report: Row
    """Fields of the report itself."""
    rows: Mapping[str, Sequence[Row]]
    columns: Mapping[str, Sequence[str]]
    """Columns of each table, also of one without rows."""
    _grouped: dict[tuple[str, tuple[str, ...]], dict[tuple[Any, ...], list[Row]]] = field(default_factory=dict)

    def matching(self, table: str, by: tuple[str, ...], around: Row) -> Sequence[Row]:
        """Return the rows of a table that say the same in the columns `by` as the row around them."""
        if not by:
            return self.rows[table]
        if (table, by) not in self._grouped:
            groups: dict[tuple[Any, ...], list[Row]] = {}
            for row in self.rows[table]:
                groups.setdefault(tuple(row[name] for name in by), []).append(row)
            self._grouped[table, by] = groups
        return self._grouped[table, by].get(tuple(around[name] for name in by), [])


def fill(template: Any, tables: Tables, where: str) -> Any:
    """Return the document; `where` names the template in what is wrong with it.

    Raises
    ------
    ConfigurationError
        When the template asks for what there is not, with every place at once.
    """
    if mistakes := list(_mistakes(template, tables, set(tables.report), "$")):
        raise ConfigurationError(
            "C08", "; ".join(mistakes), where=where, remedy="Correct these places; docs/reports.md lists the fields."
        )
    return _filled(template, tables, tables.report)


def _filled(node: Any, tables: Tables, around: Row) -> Any:
    if isinstance(node, dict):
        return {name: _filled(inner, tables, around) for name, inner in node.items()}
    if isinstance(node, list):
        if not _is_repeated(node):
            return [_filled(inner, tables, around) for inner in node]
        pattern = {name: inner for name, inner in node[0].items() if name not in (EACH, BY)}
        rows = tables.matching(node[0][EACH], _by(node[0]), around)
        return [_filled(pattern, tables, {**around, **row}) for row in rows]
    if isinstance(node, str) and node.startswith("$"):
        return node[1:] if node.startswith("$$") else _plain(around[node[1:]])
    return node


def _mistakes(node: Any, tables: Tables, known: set[str], place: str) -> Iterator[str]:
    if isinstance(node, dict):
        for name, inner in node.items():
            if name in (EACH, BY):
                yield f"{place}: `{name}` belongs into the only object of a list"
            else:
                yield from _mistakes(inner, tables, known, f"{place}.{name}")
    elif isinstance(node, list):
        if _is_repeated(node):
            yield from _mistakes_of_rows(node[0], tables, known, place)
        else:
            for number, inner in enumerate(node):
                yield from _mistakes(inner, tables, known, f"{place}[{number}]")
    elif isinstance(node, str) and node.startswith("$") and not node.startswith("$$") and node[1:] not in known:
        yield f"{place}: there is no field `{node[1:]}`{_meant(node[1:], known)}"


def _mistakes_of_rows(pattern: Mapping[str, Any], tables: Tables, known: set[str], place: str) -> Iterator[str]:
    table = pattern[EACH]
    if not isinstance(table, str) or table not in tables.columns:
        yield f"{place}: there is no table `{table}`{_meant(str(table), tables.columns)}"
        return
    columns = set(tables.columns[table])
    for name in _by(pattern):
        if name not in columns & known:
            yield f"{place}: `{BY}` needs a column of both tables, and `{name}` is none"
    inner = {name: node for name, node in pattern.items() if name not in (EACH, BY)}
    yield from _mistakes(inner, tables, known | columns, f"{place}[]")


def _is_repeated(node: list[Any]) -> bool:
    return len(node) == 1 and isinstance(node[0], dict) and EACH in node[0]


def _by(pattern: Mapping[str, Any]) -> tuple[str, ...]:
    given = pattern.get(BY, [])
    return (given,) if isinstance(given, str) else tuple(map(str, given))


def _meant(name: str, known: Any) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f", did you mean `{close[0]}`?" if close else ""


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
