"""What tells of each table whether it is right: a readable query each, in `<schema>/<table>.sql` beside this module.

A query has one row. A column with a whole number is a figure, one with text or a date is said as it is, and a list of
structs is a small table, its first rows being those that need a look first. Counts, codes and names of sources and
providers only: no query may give out a row of a person or the name of a file. The business date is there as
`getvariable('business_date')`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.warehouse import Warehouse
from schemas.kinds import LISTS

Figure = int | str | list[dict[str, Any]]

_HERE = Path(__file__).parent

_LOADED: Mapping[str, tuple[str, ...]] = {
    "facts.enrollment_members": ("834",),
    **{kind.facts: (kind.name,) for kind in LISTS.values()},
    "facts.return_transmissions": ("rtf",),
    "facts.outreach_attempts": ("otf",),
}
"""Tables whose rows come from files of these kinds: of all of them `loaded.sql` tells how their files were taken."""


def figures_of(warehouse: Warehouse, table: str, on: date) -> dict[str, Figure]:
    """Tell of a table, as it stands in the night of `on`, what shows whether it is right; nothing where none is set."""
    query = _HERE.joinpath(*table.split(".")).with_suffix(".sql")
    found: dict[str, Figure] = {}
    if table in _LOADED:
        found |= _ask(warehouse, _HERE / "loaded.sql", on, kinds=list(_LOADED[table]))
    if query.is_file():
        found |= _ask(warehouse, query, on)
    return found


def figures_of_read_files(warehouse: Warehouse, on: date) -> dict[str, Figure]:
    """Tell what became of the files of the night of `on` once all of them were read."""
    return _ask(warehouse, _HERE / "read_files.sql", on)


def _ask(warehouse: Warehouse, query: Path, on: date, **variables: Any) -> dict[str, Figure]:
    for name, value in {"business_date": on, **variables}.items():
        warehouse.run(f"SET VARIABLE {name} = $value", {"value": value})
    (figures,) = warehouse.records(query.read_text(encoding="utf-8"))
    return {name: _plain(figure) for name, figure in figures.items() if figure is not None}


def _plain(figure: Any) -> Figure:
    return figure if isinstance(figure, int | list) else str(figure)
