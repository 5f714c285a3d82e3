"""The only place that opens DuckDB. Stations get a `Warehouse` and speak SQL through it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from pipelines.audit.record import AuditRecord
from pipelines.checkpoints import Checkpoint, reached
from pipelines.warehouse.facts import facts_ddl
from pipelines.warehouse.lock import run_lock
from pipelines.warehouse.shape import SHAPE, StoreRefused, bring_to_shape, refuse_newer, shape_of, written_later
from schemas.problems import ExchangeError, ExitCode

STORAGE_VERSION = "v1.5.0"
"""Pinned, so that an upgrade of the library does not silently write a file that the previous one cannot read."""

_MEMORY = "2GB"
"""Of what DuckDB holds at a time; beyond it, queries go on in files of the spill folder."""

_LITTLE_MEMORY = "64MB"
"""Enough for rows that only pass through."""

_TABLES = Path(__file__).with_name("tables")
"""One script for each schema but that of the facts, whose tables are made from the files they keep."""


_OF_THE_DISK = dict.fromkeys(
    ("IOException", "FatalException", "InternalException", "SerializationException"),
    "Look at the disk for room and health, and run again; where that does not help, `ecm-exchange restore BACKUP`.",
)
"""What to do, by kind of error, where the file or what it lies on is at fault."""


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
            self.connection.execute(f"SET memory_limit = '{_MEMORY}'")

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
        with _telling_no_value(f"INSERT INTO {target}"):
            # A registered table would be kept in memory until the transaction ends.
            self.connection.from_arrow(rows.select(columns)).insert_into(target)

    def _roll_back(self) -> None:
        # A connection that a full disk killed refuses this too; it commits nothing any more.
        with suppress(duckdb.Error):
            self.connection.execute("ROLLBACK")

    def _execute(
        self, statement: str, parameters: Mapping[str, Any] | None, *, step: str = ""
    ) -> duckdb.DuckDBPyConnection:
        with _telling_no_value(step or _head(statement)):
            return self.connection.execute(statement, parameters)


@contextmanager
def _telling_no_value(place: str) -> Iterator[None]:
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
        "D01", f"the store refused a statement ({kind})", where=place, remedy=_OF_THE_DISK.get(kind, "")
    ) from None


@contextmanager
def open_warehouse(home: Path) -> Iterator[Warehouse]:
    """Open the live store under the run lock, creating it on first use.

    Raises
    ------
    AnotherRunActive
        When another process has it open.
    StoreRefused
        When a later version of this software wrote it, or the file cannot be read.
    StoreUnfit
        When it is not as it was left: behind its mark, or apart from the audit log beside it.
    """
    with run_lock(home):
        record = AuditRecord(home)
        record.refuse_gone()
        with _store(home, record) as warehouse:
            yield warehouse


@contextmanager
def open_as_it_is(home: Path) -> Iterator[Warehouse]:
    """Open the store whatever lies beside it, to look into it or to restore it; the caller holds the run lock."""
    with _store(home, None) as warehouse:
        yield warehouse


@contextmanager
def _store(home: Path, record: AuditRecord | None) -> Iterator[Warehouse]:
    spill = home / "spill"
    shutil.rmtree(spill, ignore_errors=True)  # a killed run leaves plain-text spill files behind
    spill.mkdir(mode=0o700)
    connection = duckdb.connect()
    try:
        _harden(connection, home, spill)
        _attach(connection, home)
        (home / "warehouse.duckdb").chmod(0o600)
        warehouse = Warehouse(connection, home, record.follow if record is not None else None)
        with _telling_no_value("the store's own tables"):
            if record is not None:
                refuse_newer(connection, "warehouse")
                record.refuse_unfit(warehouse)
            bring_to_shape(connection, declaration())
        if record is not None:
            record.begin(warehouse)
        reached(Checkpoint.STORE_OPENED)
        yield warehouse
    finally:
        connection.close()
        if record is not None:
            record.set_mark()
        shutil.rmtree(spill, ignore_errors=True)


def declaration() -> str:
    """Return the statements that create every table of the store where it is missing."""
    scripts = [script.read_text(encoding="utf-8") for script in sorted(_TABLES.glob("*.sql"))]
    return "\n".join((*scripts, facts_ddl()))


@contextmanager
def open_published(home: Path) -> Iterator[Warehouse]:
    """Open the readers' copy that the last run published; no lock is taken.

    Raises
    ------
    ExchangeError
        When no run has published yet, or none of this version.
    """
    path = home / "published.duckdb"
    if not path.exists():
        raise ExchangeError("D02", "no night has been run yet", where=str(home), remedy="Run `ecm-exchange run` first.")
    with open_copy(path) as warehouse:
        _refuse_another_shape(warehouse.connection, path)
        yield Warehouse(warehouse.connection, home)


@contextmanager
def open_copy(path: Path) -> Iterator[Warehouse]:
    """Open a copy of a store that nobody writes to, for reading.

    Raises
    ------
    StoreRefused
        When its file cannot be opened.
    """
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as failure:
        kind = type(failure).__name__
    else:
        try:
            _keep_in_memory(connection)
            yield Warehouse(connection, path.parent)
        finally:
            connection.close()
        return
    raise StoreRefused("D07", f"a copy of the store cannot be opened ({kind})", where=path.name, remedy="Use another.")


def _refuse_another_shape(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    refuse_newer(connection, path.stem)
    if shape_of(connection, path.stem) < SHAPE:
        raise ExchangeError(
            "D05",
            "the readers' copy was published by an earlier version of this software",
            where=path.name,
            remedy="Run `ecm-exchange run` or `ecm-exchange rebuild --apply`: each publishes it anew.",
        )


@contextmanager
def scratch() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a store in memory that is gone with the block: nothing of it reaches a disk, nothing is read from one."""
    connection = duckdb.connect()
    try:
        _keep_in_memory(connection)
        yield connection
    finally:
        connection.close()


def publish(warehouse: Warehouse) -> None:
    """Replace the readers' copy with the present state, all at once."""
    fresh = warehouse.home / "published.duckdb.new"
    copy_store(warehouse, fresh)
    reached(Checkpoint.COPY_MADE)
    fresh.replace(warehouse.home / "published.duckdb")
    reached(Checkpoint.COPY_NAMED)


def copy_store(warehouse: Warehouse, target: Path) -> None:
    """Copy the open store as it is now, over whatever is at `target`.

    The file itself is copied, at the speed of the disk and without a pass through every table. The store is let go of
    for as long: closing any handle of a file would take away the lock that an open store has on it.
    """
    warehouse.run("CHECKPOINT warehouse")
    warehouse.run("USE memory")
    warehouse.run("DETACH warehouse")
    try:
        target.unlink(missing_ok=True)
        target.touch(mode=0o600)
        shutil.copyfile(warehouse.home / "warehouse.duckdb", target)
    finally:
        _attach(warehouse.connection, warehouse.home)


def _attach(connection: duckdb.DuckDBPyConnection, home: Path) -> None:
    place = _quoted(home / "warehouse.duckdb")
    try:
        connection.execute(f"ATTACH '{place}' AS warehouse (STORAGE_VERSION '{STORAGE_VERSION}')")
    except duckdb.InvalidInputException:  # its format is newer than the one that is written here
        raise written_later() from None
    except duckdb.Error as failure:
        kind = type(failure).__name__
    else:
        connection.execute("USE warehouse")
        return
    raise StoreRefused(
        "D07", f"the store's file cannot be opened ({kind})", where="warehouse.duckdb",
        remedy="Look at the disk it lies on; then `ecm-exchange restore BACKUP`.",
    )  # fmt: skip


def _harden(connection: duckdb.DuckDBPyConnection, home: Path, spill: Path) -> None:
    # Rows of a long transaction go to disk as soon as they fill a row group: memory does not grow with the file.
    connection.execute("SET write_buffer_row_group_count = 1")
    connection.execute(f"SET temp_directory = '{_quoted(spill)}'")
    connection.execute(f"SET allowed_directories = ['{_quoted(home)}']")
    _shut_off(connection)
    connection.execute("SET allowed_configs = ['memory_limit']")
    connection.execute("SET lock_configuration = true")


def _keep_in_memory(connection: duckdb.DuckDBPyConnection) -> None:
    """Let nothing of what is asked reach a disk, and read no file but the one that is open."""
    connection.execute("SET temp_directory = ''")
    _shut_off(connection)
    connection.execute("SET lock_configuration = true")


def _shut_off(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    connection.execute("SET enable_external_access = false")
    connection.execute(f"SET memory_limit = '{_MEMORY}'")


def _head(statement: str) -> str:
    """The first words of a statement behind its comments: enough to find it."""
    code = (line for line in statement.splitlines() if line.strip() and not line.startswith("--"))
    return " ".join(" ".join(code).split()[:4])


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
