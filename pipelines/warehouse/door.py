"""The only place that opens DuckDB. Stations get a `Warehouse` and speak SQL through it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from pipelines.warehouse.facts import facts_ddl
from pipelines.warehouse.lock import run_lock
from schemas.problems import ExchangeError, ExitCode

STORAGE_VERSION = "v1.5.0"
"""Pinned, so that an upgrade of the library does not silently write a file that the previous one cannot read."""

_TABLES = Path(__file__).with_name("tables.sql")


class WarehouseFault(ExchangeError):
    """The store could not do what a station asked; the message names the step and the kind of error, never a value."""

    exit_code = ExitCode.INPUT_OUTPUT


@dataclass(frozen=True)
class Warehouse:
    """An open store."""

    connection: duckdb.DuckDBPyConnection
    home: Path
    _rehearsing: list[bool] = field(default_factory=list)

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Let the block do anything and undo all of it in the end; transactions inside become part of it."""
        self.connection.execute("BEGIN TRANSACTION")
        self._rehearsing.append(True)
        try:
            yield
        finally:
            self._rehearsing.pop()
            self.connection.execute("ROLLBACK")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what the block did, or nothing of it."""
        if self._rehearsing:
            yield
            return
        self.connection.execute("BEGIN TRANSACTION")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

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

    def insert(self, target: str, table: pd.DataFrame, **constants: Any) -> None:
        """Append a table to `target`, matching columns by name; `constants` fill further columns."""
        if table.empty:
            return
        fixed = "".join(f", ${name} AS {name}" for name in constants)
        self.connection.register("incoming", table)
        try:
            self._execute(f"INSERT INTO {target} BY NAME SELECT *{fixed} FROM incoming", constants or None)  # noqa: S608 - names come from code
        finally:
            self.connection.unregister("incoming")

    def _execute(
        self, statement: str, parameters: Mapping[str, Any] | None, *, step: str = ""
    ) -> duckdb.DuckDBPyConnection:
        try:
            return self.connection.execute(statement, parameters)
        except (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException):
            raise  # speaks of the statement, which holds no data
        except duckdb.Error as failure:
            kind, place = type(failure).__name__, step or _head(statement)
        # `from None`: DuckDB's own message may quote the value it stumbled over.
        raise WarehouseFault("D01", f"the store refused a statement ({kind})", where=place) from None


@contextmanager
def open_warehouse(home: Path) -> Iterator[Warehouse]:
    """Open the live store under the run lock, creating it on first use.

    Raises
    ------
    AnotherRunActive
        When another process has it open.
    """
    with run_lock(home):
        spill = home / "spill"
        shutil.rmtree(spill, ignore_errors=True)  # a killed run leaves plain-text spill files behind
        spill.mkdir(mode=0o700)
        connection = duckdb.connect()
        try:
            _harden(connection, home, spill)
            connection.execute(
                f"ATTACH '{_quoted(home / 'warehouse.duckdb')}' AS warehouse (STORAGE_VERSION '{STORAGE_VERSION}')"
            )
            (home / "warehouse.duckdb").chmod(0o600)
            connection.execute("USE warehouse")
            connection.execute(_TABLES.read_text(encoding="utf-8"))
            connection.execute(facts_ddl())
            yield Warehouse(connection, home)
        finally:
            connection.close()
            shutil.rmtree(spill, ignore_errors=True)


@contextmanager
def open_published(home: Path) -> Iterator[Warehouse]:
    """Open the readers' copy that the last run published; no lock is taken.

    Raises
    ------
    ExchangeError
        When no run has published yet.
    """
    path = home / "published.duckdb"
    if not path.exists():
        raise ExchangeError("D02", "no night has been run yet", where=str(home), remedy="Run `ecm-exchange run` first.")
    connection = duckdb.connect(str(path), read_only=True)
    try:
        yield Warehouse(connection, home)
    finally:
        connection.close()


def publish(warehouse: Warehouse) -> None:
    """Replace the readers' copy with the present state, all at once."""
    fresh = warehouse.home / "published.duckdb.new"
    fresh.unlink(missing_ok=True)
    warehouse.run(f"ATTACH '{_quoted(fresh)}' AS published (STORAGE_VERSION '{STORAGE_VERSION}')")
    warehouse.run("COPY FROM DATABASE warehouse TO published")
    warehouse.run("DETACH published")
    fresh.chmod(0o600)
    fresh.replace(warehouse.home / "published.duckdb")


def _harden(connection: duckdb.DuckDBPyConnection, home: Path, spill: Path) -> None:
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    connection.execute(f"SET temp_directory = '{_quoted(spill)}'")
    connection.execute(f"SET allowed_directories = ['{_quoted(home)}']")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _head(statement: str) -> str:
    """The first words of a statement behind its comments: enough to find it."""
    code = (line for line in statement.splitlines() if line.strip() and not line.startswith("--"))
    return " ".join(" ".join(code).split()[:4])


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
