"""Prove a backup: every file is there and as it was, the store opens and holds its rows, its audit log fits."""

from __future__ import annotations

from pathlib import Path

from pipelines.audit.verify import MISFITS, verify
from pipelines.backup.manifest import BackupRefused, Manifest, read_manifest, sha256_of
from pipelines.warehouse import Warehouse
from pipelines.warehouse.door import open_copy


def verify_backup(folder: Path) -> Manifest:
    """Return the manifest of a backup that is as it was made.

    Raises
    ------
    BackupRefused
        B01 to B04: it is none, a file is missing or changed, rows are missing, or its audit log does not fit.
    """
    manifest = read_manifest(folder)
    for kept in manifest.files:
        path = folder / kept.path
        if not path.is_file() or path.stat().st_size != kept.size or sha256_of(path) != kept.sha256:
            raise _damaged("B02", f"{kept.path} is missing or was changed", folder)
    with open_copy(folder / "warehouse.duckdb") as warehouse:
        if rows_by_table(warehouse) != dict(manifest.rows):
            raise _damaged("B03", "the store in it does not hold the rows it should", folder)
        verdict = verify(warehouse, folder)
    if verdict.misfit:
        raise _damaged("B04", f"entry {verdict.first_misfit} of its audit log {MISFITS[verdict.misfit]}", folder)
    return manifest


def rows_by_table(warehouse: Warehouse) -> dict[str, int]:
    """Count the rows of every table of the store."""
    names = warehouse.rows(
        """SELECT schema_name || '.' || table_name FROM duckdb_tables()
           WHERE database_name = 'warehouse' AND NOT temporary ORDER BY ALL"""
    )
    return {name: warehouse.value(f"SELECT count(*) FROM {name}") for (name,) in names}  # noqa: S608 - from the catalogue


def _damaged(code: str, what: str, folder: Path) -> BackupRefused:
    return BackupRefused(
        code, f"the backup is damaged: {what}", where=str(folder), remedy="Use another backup; nothing was changed."
    )
