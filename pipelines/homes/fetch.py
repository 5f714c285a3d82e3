"""Take something out of a depot without holding the home: what was published last, or a checkpoint as a backup."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pipelines.audit.mark import Mark, mark_of, write_mark
from pipelines.backup.manifest import Kept, Manifest, sha256_of, write_manifest
from pipelines.backup.take import BESIDE
from pipelines.backup.verify import verify_backup
from pipelines.config import ExchangeConfig
from pipelines.durable import make_folders, sync_folder
from pipelines.homes.brought import depot_of
from pipelines.homes.check_in import STORE, checkpoint_of, set_checkpoint
from pipelines.homes.check_out import make_fresh, place_files
from pipelines.homes.depot import Depot
from pipelines.homes.kept import HomeCheckpoint, checkpoints_in, files_of, read_checkpoint
from schemas.problems import ConfigurationError

_PUBLISHED = ("published.duckdb", "run.unfinished")
"""What whoever reads a home needs."""


def fetch_published(depot: Depot, into: Path) -> None:
    """Bring what a plan published last into a folder, if that is not there; what is the same there is not fetched.

    What looks from outside keep in that folder stays.
    """
    make_folders(into)
    newest = next(reversed(checkpoints_in(depot)), "")
    with _one_at_a_time(into):
        if newest != checkpoint_of(into):
            _fetch_published(depot, newest, into)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Let processes that want the same fetch it once."""
    handle = os.open(folder / ".fetching", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _fetch_published(depot: Depot, newest: str, into: Path) -> None:
    fresh = make_fresh(into)
    lists = [read_checkpoint(depot, newest).folders["."]]
    place_files(depot, [filed for filed in files_of(depot, lists) if filed.path in _PUBLISHED], fresh, into)
    for name in _PUBLISHED:
        if (fresh / name).exists():
            (fresh / name).replace(into / name)
        else:
            (into / name).unlink(missing_ok=True)
    fresh.rmdir()
    set_checkpoint(into, newest)


def fetch_backup(config: ExchangeConfig, name: str | None, to: Path, *, secrets: Mapping[str, str]) -> Path:
    """Make a backup below `to` of a checkpoint in the depot, the newest unless named, prove it, and return its folder.

    Raises
    ------
    ConfigurationError
        S28 when the depot has no such checkpoint.
    BackupRefused
        When what came is not what it should be.
    """
    make_folders(to)
    fresh = make_fresh(to / "BACKUP")
    with depot_of(config, secrets) as depot:
        checkpoint = _checkpoint(depot, name)
        whole = files_of(depot, checkpoint.folders.values())
        files = [filed for filed in whole if filed.path == STORE or filed.path.partition("/")[0] in BESIDE]
        place_files(depot, files, fresh, fresh)
    write_mark(fresh, Mark(checkpoint.store, checkpoint.opening, checkpoint.entries, checkpoint.head))
    kept = [
        Kept(path, (fresh / path).stat().st_size, sha256_of(fresh / path))
        for path in sorted([*(filed.path for filed in files), mark_of(fresh).name])
    ]
    head = checkpoint.head if checkpoint.entries else ""
    manifest = Manifest(
        checkpoint.store, checkpoint.opening, checkpoint.entries, head, checkpoint.night, checkpoint.rows, tuple(kept)
    )
    write_manifest(fresh, manifest)
    verify_backup(fresh)
    place = to / manifest.name
    shutil.rmtree(place, ignore_errors=True)
    fresh.replace(place)
    sync_folder(to)
    return place


def _checkpoint(depot: Depot, name: str | None) -> HomeCheckpoint:
    names = checkpoints_in(depot)
    if not names or (name is not None and name not in names):
        raise ConfigurationError(
            "S28", f"the depot has no such checkpoint; it has {len(names)}", where=depot.where,
            remedy=f"Name one of these: {', '.join(reversed(names))}." if names else "See `ecm-exchange fleet begin`.",
        )  # fmt: skip
    return read_checkpoint(depot, name or names[-1])
