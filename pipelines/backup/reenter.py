"""Enter again what the audit log tells of and a store that went back does not hold: deliveries, decisions, arrivals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from pipelines.audit.chain import Entry, Link
from pipelines.audit.journal import RowsLost, read_rows
from pipelines.audit.rows_of import KEYS
from pipelines.warehouse import Warehouse

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Reentered:
    """What was entered again."""

    entries: int
    rows: int
    lost: tuple[Entry, ...]
    """Entries whose rows the journal does not hold: what they tell of is known by its id only."""
    nights: tuple[date, ...]
    """Nights of which something was entered, and that are to be run again."""


def reenter(warehouse: Warehouse, audit: Path, links: Sequence[Link]) -> Reentered:
    """Enter entries and their rows, in the order of the log; to be called within a transaction.

    Files that had arrived wait to be loaded again from their landed bytes; where those are gone they are forgotten, and
    pulled again. A night that left an entry counts as broken off.
    """
    if not links:
        return Reentered(0, 0, (), ())
    by_table, lost = _rows(audit, links)
    for table, rows in by_table.items():
        _replace(warehouse, table, rows)
    warehouse.lend("entries_again", pd.DataFrame([vars(link.entry) for link in links]))
    gone = [sha256 for (sha256,) in warehouse.rows("SELECT DISTINCT sha256 FROM ledger.files")
            if not (warehouse.home / "landing" / sha256[:2] / sha256).is_file()]  # fmt: skip
    warehouse.lend("gone", pd.DataFrame({"sha256": gone}, dtype="str"))
    before = warehouse.rows("SELECT business_date FROM ledger.runs")
    warehouse.run_file(_HERE / "reenter.sql")
    nights = warehouse.rows("SELECT DISTINCT business_date FROM ledger.runs ORDER BY business_date")
    return Reentered(
        entries=len(links),
        rows=sum(map(len, by_table.values())),
        lost=tuple(lost),
        nights=tuple(night for (night,) in nights if (night,) not in before),
    )


def _rows(audit: Path, links: Sequence[Link]) -> tuple[dict[str, list[tuple[int, str]]], list[Entry]]:
    """Read the rows that entries tell of, by table, each with its entry's number."""
    by_table: dict[str, list[tuple[int, str]]] = {}
    lost = []
    for link in links:
        if link.rows is None:
            continue
        try:
            told = read_rows(audit, link.rows)
        except RowsLost:
            lost.append(link.entry)
            continue
        for table, rows in told.items():
            by_table.setdefault(table, []).extend((link.entry.number, row) for row in rows)
    return by_table, lost


def _replace(warehouse: Warehouse, table: str, rows: Sequence[tuple[int, str]]) -> None:
    """Put rows into a table; of rows with the same key those of the newest entry stand, instead of what stood there."""
    key = KEYS[table]
    schema, _, name = table.partition(".")
    shape = warehouse.value(
        """SELECT '{' || string_agg(json_quote(column_name) || ':' || json_quote(data_type), ',') || '}'
           FROM duckdb_columns()
           WHERE database_name = 'warehouse' AND schema_name = $schema AND table_name = $name""",
        {"schema": schema, "name": name},
    )
    warehouse.lend("told_again", pd.DataFrame(rows, columns=["entry", "told"]))
    warehouse.run(
        f"""CREATE OR REPLACE TEMP TABLE rows_again AS
            FROM (SELECT entry, unnest(json_transform(told, '{shape}')) FROM told_again)
            QUALIFY entry = max(entry) OVER (PARTITION BY {key})"""  # noqa: S608 - names from the catalogue
    )
    warehouse.run(f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM rows_again)")  # noqa: S608 - as above
    warehouse.run(f"INSERT INTO {table} BY NAME SELECT * EXCLUDE (entry) FROM rows_again")  # noqa: S608 - as above
