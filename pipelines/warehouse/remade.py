"""Derived tables that a new version of the store emptied, until the stations that fill them have run again."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.warehouse.store import Warehouse
from schemas.problems import ExchangeError


def is_remade(warehouse: Warehouse, tables: Iterable[str]) -> bool:
    """Tell whether any of these tables was emptied and not filled since."""
    return bool(_waiting(warehouse, tables))


def settle_remade(warehouse: Warehouse, tables: Iterable[str]) -> None:
    """Note that these tables have been filled."""
    warehouse.run("DELETE FROM ledger.remade WHERE list_contains($tables, name)", {"tables": list(tables)})


def refuse_remade(warehouse: Warehouse, tables: Iterable[str]) -> None:
    """Stop before a step that reads these tables, while one of them is empty only because the store has a new shape.

    Whoever read it would take everybody for gone.
    """
    if waiting := _waiting(warehouse, tables):
        raise ExchangeError(
            "D06",
            f"a new version made {len(waiting)} derived tables anew, and they have not been filled yet",
            where=", ".join(waiting),
            remedy="Run the whole night (`ecm-exchange run`) or `ecm-exchange rebuild --apply`.",
        )


def _waiting(warehouse: Warehouse, tables: Iterable[str]) -> list[str]:
    found = warehouse.rows(
        "SELECT name FROM ledger.remade WHERE list_contains($tables, name) ORDER BY name", {"tables": list(tables)}
    )
    return [name for (name,) in found]
