"""The shape of the store: bring the tables of an earlier version to what this one declares, or refuse a later one's.

What was received, decided and delivered is kept as it is: its tables only gain columns. What follows from it is made
anew where its table has changed, and noted in `ledger.remade` until the station that fills it has run again.
"""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

import duckdb

from schemas.problems import ExchangeError, ExitCode

SHAPE = 4
"""Number of the shape declared here; it rises with every change of a table. A store without a number has shape 1."""

_ADD_ONCE = "INSERT INTO {0} SELECT $entry WHERE $entry NOT IN (FROM {0})"

DERIVED = "exchange"
"""The schema whose tables can be made anew from the facts."""


class StoreRefused(ExchangeError):
    """The store cannot be used by this version; nothing in it was changed."""

    exit_code = ExitCode.INPUT_OUTPUT


class Column(NamedTuple):
    """A column as the catalogue has it."""

    name: str
    kind: str
    nullable: bool
    default: str | None


Tables = dict[str, tuple[Column, ...]]
"""Columns in order by table, as `schema.name`."""


def bring_to_shape(connection: duckdb.DuckDBPyConnection, declaration: str) -> None:
    """Make the tables of the attached `warehouse` those of the declaration, all or nothing.

    Raises
    ------
    StoreRefused
        When a later version wrote the store, or a table to be kept cannot come to its declared shape.
    """
    stands = columns_of(connection, "warehouse")
    refuse_newer(connection, "warehouse")
    declared = _declared(connection, declaration)
    connection.execute("BEGIN TRANSACTION")
    try:
        for table in stands:
            if table.startswith(f"{DERIVED}.") and stands[table] != declared.get(table):
                connection.execute(f"DROP TABLE {table}")
            elif table in declared:
                _amend(connection, table, stands[table], declared[table])
        connection.execute(declaration)
        for table in declared if stands else ():
            if table.startswith(f"{DERIVED}.") and stands.get(table) != declared[table]:
                connection.execute(_ADD_ONCE.format("ledger.remade"), {"entry": table})
        connection.execute("DELETE FROM ledger.store WHERE shape <> $shape", {"shape": SHAPE})
        connection.execute(_ADD_ONCE.format("ledger.store"), {"entry": SHAPE})
    except BaseException:
        with suppress(duckdb.Error):  # of a connection that died of the same cause
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def refuse_newer(connection: duckdb.DuckDBPyConnection, database: str) -> None:
    """Refuse a store that a later version of this software wrote."""
    if shape_of(connection, database) > SHAPE:
        raise written_later()


def written_later() -> StoreRefused:
    """Say that a later version of this software wrote the store."""
    return StoreRefused(
        "D03",
        "the store was written by a later version of this software",
        where="warehouse.duckdb",
        remedy="Install that version again, or restore a backup made before it.",
    )


def shape_of(connection: duckdb.DuckDBPyConnection, database: str) -> int:
    """Return the number of the shape that a store has."""
    if "ledger.store" not in columns_of(connection, database):
        return 1
    found = connection.execute(f"SELECT max(shape) FROM {database}.ledger.store").fetchall()  # noqa: S608 - from code
    return found[0][0] or 1


def columns_of(connection: duckdb.DuckDBPyConnection, database: str) -> Tables:
    """Return the columns of all tables of an attached database."""
    found: dict[str, list[Column]] = {}
    for table, *column in connection.execute(
        """SELECT schema_name || '.' || table_name, column_name, data_type, is_nullable, column_default
           FROM duckdb_columns()
           WHERE database_name = $database AND NOT internal
             AND table_oid IN (SELECT table_oid FROM duckdb_tables() WHERE database_name = $database)  -- no views
           ORDER BY schema_name, table_name, column_index""",
        {"database": database},
    ).fetchall():
        found.setdefault(table, []).append(Column(*column))
    return {table: tuple(columns) for table, columns in found.items()}


def _declared(connection: duckdb.DuckDBPyConnection, declaration: str) -> Tables:
    """Read the declaration as the store itself understands it."""
    connection.execute("ATTACH ':memory:' AS declared")
    connection.execute("USE declared")
    try:
        connection.execute(declaration)
        return columns_of(connection, "declared")
    finally:
        connection.execute("USE warehouse")
        connection.execute("DETACH declared")


def _amend(
    connection: duckdb.DuckDBPyConnection, table: str, stands: tuple[Column, ...], declared: tuple[Column, ...]
) -> None:
    """Add the columns that a table to be kept lacks; what it has beyond them stays, and may be missing from now on."""
    known = {column.name: column for column in stands}
    wanted = {column.name: column for column in declared}
    if stands != declared and _is_empty(connection, table):
        connection.execute(f"DROP TABLE {table}")
        return
    lacking = [column for column in declared if column.name not in known]
    for column in lacking:
        if not column.nullable and column.default is None:
            raise _cannot_follow(table, column.name, "is new, and nothing says what it holds in the rows before it")
        default = "" if column.default is None else f" DEFAULT {column.default}"
        connection.execute(f"ALTER TABLE {table} ADD COLUMN {column.name} {column.kind}{default}")
        if not column.nullable:
            connection.execute(f"ALTER TABLE {table} ALTER COLUMN {column.name} SET NOT NULL")
    for name, column in known.items():
        if name in wanted and wanted[name].kind != column.kind:
            raise _cannot_follow(table, name, f"is {column.kind} and should be {wanted[name].kind}")
        if not column.nullable and (name not in wanted or wanted[name].nullable):
            connection.execute(f"ALTER TABLE {table} ALTER COLUMN {name} DROP NOT NULL")


def _is_empty(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return not connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall()  # noqa: S608 - from the catalogue


def _cannot_follow(table: str, column: str, why: str) -> StoreRefused:
    return StoreRefused(
        "D04",
        f"the store comes from another version, and its column {column} {why}",
        where=table,
        remedy="Open it with the version that wrote it, and report this with both versions.",
    )
