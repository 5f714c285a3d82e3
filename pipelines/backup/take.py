"""Make a backup: the store at rest, its audit log and mark, what came and what went; proven before it gets its name."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipelines.audit.chain import beginning_of
from pipelines.audit.log import tail_of
from pipelines.audit.mark import Mark, mark_of, write_mark
from pipelines.audit.record import audit_of, standing_of
from pipelines.backup.manifest import Kept, Manifest, backups_in, sha256_of, write_manifest
from pipelines.backup.verify import rows_by_table, verify_backup
from pipelines.durable import make_folders, sync_folder
from pipelines.warehouse import Warehouse
from pipelines.warehouse.door import copy_store

BESIDE = ("audit", "landing", "outbox")
"""Folders of the home that are kept with the store: what came, what went, and the record of it."""


def back_up(warehouse: Warehouse, to: Path) -> tuple[Path, Manifest]:
    """Copy the home of an open store into a new folder below `to`, verify the copy, and return it with its manifest.

    A file that an earlier backup there holds unchanged is not copied again: both share it.

    Raises
    ------
    BackupRefused
        When what was copied is not what it should be.
    OSError
        When it cannot be written; nothing under a backup's name is left then.
    """
    home = warehouse.home
    make_folders(to)
    fresh = to / ".BACKUP.new"
    shutil.rmtree(fresh, ignore_errors=True)  # what a killed one left
    fresh.mkdir(mode=0o700)
    earlier = _held_by_the_last(to)
    rows = rows_by_table(warehouse)
    night = warehouse.value("SELECT max(business_date) FROM ledger.runs")
    standing, tail = standing_of(warehouse), tail_of(audit_of(home))
    assert standing is not None  # noqa: S101 - a store that is open has begun
    copy_store(warehouse, fresh / "warehouse.duckdb")
    head = tail.last.hash if tail is not None else ""
    write_mark(fresh, Mark(standing.store, standing.opening, standing.entries, head or beginning_of(standing.store)))
    kept = [_kept(fresh, fresh / "warehouse.duckdb"), _kept(fresh, mark_of(fresh))]
    kept += [_keep(home, fresh, path, earlier) for path in _files_of(home)]
    manifest = Manifest(
        store=standing.store, opening=standing.opening, entries=standing.entries, head=head, business_date=night,
        rows=rows, files=tuple(sorted(kept, key=lambda each: each.path)),
    )  # fmt: skip
    write_manifest(fresh, manifest)
    _sync(fresh)
    verify_backup(fresh)
    place = to / manifest.name
    shutil.rmtree(place, ignore_errors=True)
    fresh.replace(place)
    sync_folder(to)
    return place, manifest


def _files_of(home: Path) -> Iterator[Path]:
    """List what is kept beside the store; names that begin with a dot are of files on their way."""
    for name in BESIDE:
        yield from sorted(p for p in (home / name).rglob("*") if p.is_file() and not p.name.startswith("."))


def _held_by_the_last(to: Path) -> Mapping[str, tuple[Path, Kept]]:
    found = backups_in(to)
    if not found:
        return {}
    place, manifest = found[-1]
    return {kept.path: (place / kept.path, kept) for kept in manifest.files}


def _keep(home: Path, fresh: Path, path: Path, earlier: Mapping[str, tuple[Path, Kept]]) -> Kept:
    """Copy a file, or share it with the last backup where that holds the same."""
    name = str(path.relative_to(home))
    target = fresh / name
    make_folders(target.parent)
    sha256 = sha256_of(path)
    there, kept = earlier.get(name, (None, None))
    if there is not None and kept is not None and kept.sha256 == sha256 and there.is_file():
        os.link(there, target)
        return kept
    target.touch(mode=0o600)
    shutil.copyfile(path, target)
    return Kept(name, target.stat().st_size, sha256)


def _kept(fresh: Path, path: Path) -> Kept:
    return Kept(str(path.relative_to(fresh)), path.stat().st_size, sha256_of(path))


def _sync(fresh: Path) -> None:
    """Make everything below a folder durable."""
    for path in sorted(fresh.rglob("*")):
        if path.is_dir():
            sync_folder(path)
        else:
            with path.open("rb") as file:
                os.fsync(file.fileno())
    sync_folder(fresh)
