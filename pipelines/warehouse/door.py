"""The only place that opens DuckDB: the live store, the readers' copy, a scratch one. Stations get a `Warehouse`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.audit.record import AuditRecord
from pipelines.checkpoints import Checkpoint, reached
from pipelines.warehouse.facts import facts_ddl
from pipelines.warehouse.lock import run_lock
from pipelines.warehouse.shape import SHAPE, StoreRefused, bring_to_shape, refuse_newer, shape_of, written_later
from pipelines.warehouse.store import MEMORY, Warehouse, telling_no_value
from schemas.problems import ExchangeError

STORAGE_VERSION = "v1.5.0"
"""Pinned, so that an upgrade of the library does not silently write a file that the previous one cannot read."""

STORAGE_NUMBER = 68
"""The same as the head of a file has it."""

_MAGIC = slice(8, 12)
_NUMBER = slice(12, 20)

_TABLES = Path(__file__).with_name("tables")
"""One script for each schema but that of the facts, whose tables are made from the files they keep."""


@contextmanager
def open_warehouse(home: Path, backups: Path | None = None) -> Iterator[Warehouse]:
    """Open the live store under the run lock, creating it on first use, and never where its `backups` lie.

    Raises
    ------
    AnotherRunActive
        When another process has it open.
    StoreRefused
        When a later version of this software wrote it, or the file cannot be read.
    StoreUnfit
        When it is not as it was left: gone, behind its mark, or apart from the audit log beside it.
    """
    with run_lock(home):
        record = AuditRecord(home)
        record.refuse_gone(backups)
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
        with telling_no_value("the store's own tables"):
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


def storage_number(path: Path) -> int | None:
    """Read in which format a store's file is, from its head; `None` where it is no store.

    Not for a process that has the store open: closing any handle of a file takes away its lock on it.
    """
    with path.open("rb") as file:
        head = file.read(20)
    return int.from_bytes(head[_NUMBER], "little") if head[_MAGIC] == b"DUCK" and len(head) == 20 else None


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
        raise ExchangeError(
            "D02", "no night has come to its end yet", where=str(path),
            remedy="Run `ecm-exchange run`: at its end it writes the copy that is read here.",
        )  # fmt: skip
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
    raise StoreRefused(
        "D08",
        f"a copy of the store cannot be opened ({kind})",
        where=path.name,
        remedy="The readers' copy is made anew by `ecm-exchange run`; of backups, use another.",
    )


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
    connection.execute(f"SET memory_limit = '{MEMORY}'")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
