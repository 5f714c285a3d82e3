"""An open store as stations see it: transactions, statements, tables in and out, and errors that tell no value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from pipelines.checkpoints import Checkpoint, reached
from schemas.problems import ExchangeError, ExitCode

MEMORY = "2GB"
"""Of what DuckDB holds at a time; beyond it, queries go on in files of the spill folder."""

_LITTLE_MEMORY = "64MB"
"""Enough for rows that only pass through."""

_OF_THE_DISK = dict.fromkeys(
    ("IOException", "FatalException", "InternalException", "SerializationException"),
    "Look at the disk for room and health, and run again; where that does not help, `ecm-exchange restore BACKUP`.",
)
"""What to do, by kind of error, where the file or what it lies on is at fault."""

_ELSE = "Run again. If it comes again, report the place and the kind of error: nothing half-done was kept."


class WarehouseFault(ExchangeError):
    """The store could not do what a station asked; the message names the step and the kind of error, never a value."""

    exit_code = ExitCode.INPUT_OUTPUT


@dataclass(frozen=True)
class Warehouse:
    """An open store."""

    connection: duckdb.DuckDBPyConnection
    home: Path
    record: Callable[[Warehouse], None] | None = None
    """Called after each commit that added to `ledger.audit`, before anything is done on it."""
    _open: list[str] = field(default_factory=list)
    """The transaction that is open; those inside of it are part of it."""
    _noted: list[bool] = field(default_factory=list)
    """Not empty while an entry of `ledger.audit` waits for its commit."""

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Let the block do anything and undo all of it in the end; transactions inside become part of it."""
        self.connection.execute("BEGIN TRANSACTION")
        self._open.append("rehearsal")
        try:
            yield
        finally:
            self._open.pop()
            self._noted.clear()
            self._roll_back()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what the block did, or nothing of it; inside of another one it is part of that."""
        if self._open:
            yield
            return
        self.run("BEGIN TRANSACTION")
        self._open.append("transaction")
        try:
            yield
        except BaseException:
            self._roll_back()
            raise
        else:
            reached(Checkpoint.COMMITTING)
            self.run("COMMIT")
            must_record = bool(self._noted)
            reached(Checkpoint.COMMITTED)
        finally:
            self._open.clear()
            self._noted.clear()
        if must_record and self.record is not None:
            self.record(self)

    def has_noted(self) -> None:
        """Say that the open transaction added to `ledger.audit`."""
        self._noted.append(True)

    @contextmanager
    def little_memory(self) -> Iterator[None]:
        """Leave memory to the block, which puts rows into the store and asks it little."""
        self.connection.execute(f"SET memory_limit = '{_LITTLE_MEMORY}'")
        try:
            yield
        finally:
            self.connection.execute(f"SET memory_limit = '{MEMORY}'")

    def run(self, statement: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Execute one statement, with named parameters (`$name`)."""
        self._execute(statement, parameters)

    def run_file(self, script: Path, **variables: Any) -> None:
        """Execute a script of statements; `variables` are read there by `getvariable('name')`."""
        for name, value in variables.items():
            self._execute(f"SET VARIABLE {name} = $value", {"value": value})
        self._execute(script.read_text(encoding="utf-8"), None, step=script.name)

    def rows(self, query: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self._execute(query, parameters).fetchall()

    def records(self, query: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the rows of a query, each by the names of its columns."""
        found = self._execute(query, parameters)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def columns(self, query: str) -> list[str]:
        """Return the names of the columns of a query, also where it has no row."""
        return [name for name, *_ in self.rows(f"DESCRIBE {query}")]

    def value(self, query: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """Return the first column of the first row."""
        rows = self.rows(query, parameters)
        return rows[0][0] if rows else None

    def table(self, query: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Return the result of a query as a table."""
        return self._execute(query, parameters).df()

    def lend(self, name: str, table: pd.DataFrame) -> None:
        """Put a table into the session under `name`, replacing an earlier one; it is not stored."""
        self.connection.register("lent", table)
        self.connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS SELECT * FROM lent')  # noqa: S608 - from code
        self.connection.unregister("lent")

    def insert(self, target: str, table: pd.DataFrame | pa.Table, **constants: Any) -> None:
        """Append a table to `target`, matching columns by name; `constants` fill further columns."""
        if not len(table):
            return
        rows = table if isinstance(table, pa.Table) else pa.Table.from_pandas(table, preserve_index=False)
        for name, value in constants.items():
            rows = rows.append_column(name, pa.repeat(value, len(rows)))
        columns = self.connection.table(target).columns
        if unknown := set(rows.column_names) - set(columns):
            raise KeyError(f"{target} has no column {', '.join(sorted(unknown))}")
        for name in columns:
            if name not in rows.column_names:
                rows = rows.append_column(name, pa.nulls(len(rows)))
        with telling_no_value(f"INSERT INTO {target}"):
            # A registered table would be kept in memory until the transaction ends.
            self.connection.from_arrow(rows.select(columns)).insert_into(target)

    def _roll_back(self) -> None:
        # A connection that a full disk killed refuses this too; it commits nothing any more.
        with suppress(duckdb.Error):
            self.connection.execute("ROLLBACK")

    def _execute(
        self, statement: str, parameters: Mapping[str, Any] | None, *, step: str = ""
    ) -> duckdb.DuckDBPyConnection:
        with telling_no_value(step or _head(statement)):
            return self.connection.execute(statement, parameters)


@contextmanager
def telling_no_value(place: str) -> Iterator[None]:
    """Turn the store's error into one that names the step and the kind of error."""
    try:
        yield
    except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException):
        raise  # speaks of the statement, which holds no data
    except duckdb.Error as failure:
        kind = type(failure).__name__
    else:
        return
    # `from None`: DuckDB's own message may quote the value it stumbled over.
    raise WarehouseFault(
        "D01", f"the store refused a statement ({kind})", where=place, remedy=_OF_THE_DISK.get(kind, _ELSE)
    ) from None


def _head(statement: str) -> str:
    """The first words of a statement behind its comments: enough to find it."""
    code = (line for line in statement.splitlines() if line.strip() and not line.startswith("--"))
    return " ".join(" ".join(code).split()[:4])
