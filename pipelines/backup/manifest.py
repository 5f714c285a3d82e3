"""What a backup holds: how far the store had come, its rows by table, and every file with size and hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from pipelines.durable import replace_file
from schemas.problems import ExchangeError, ExitCode

NAME = "backup.json"


class BackupRefused(ExchangeError):
    """A backup cannot be made or cannot be used; what stands in the home was not touched."""

    exit_code = ExitCode.INPUT_OUTPUT


@dataclass(frozen=True)
class Kept:
    """A file of a backup, by its path below the home and below the backup."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """All that has to be true of a backup."""

    store: str
    opening: int
    entries: int
    head: str
    """Hash of the last entry of its audit log."""
    business_date: date | None
    """Of the last night that had been begun."""
    rows: Mapping[str, int]
    files: tuple[Kept, ...]

    @property
    def name(self) -> str:
        """Name of the backup's folder: sorts by how far the store had come."""
        night = f"{self.business_date:%Y%m%d}" if self.business_date is not None else "00000000"
        return f"BACKUP_{night}_{self.opening:06d}"


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest into a backup, durably."""
    told = asdict(manifest) | {"business_date": _iso(manifest.business_date)}
    told["check"] = _check(told)
    replace_file(folder / NAME, json.dumps(told, indent=1).encode("ascii") + b"\n")


def read_manifest(folder: Path) -> Manifest:
    """Read a backup's manifest.

    Raises
    ------
    BackupRefused
        B01 when there is none, or it was not written as it is.
    """
    try:
        told = json.loads((folder / NAME).read_bytes())
        check = told.pop("check")
        sound = check == _check(told)
        night = told.pop("business_date")
        files = tuple(Kept(**each) for each in told.pop("files"))
        manifest = Manifest(business_date=date.fromisoformat(night) if night else None, files=files, **told)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        sound = False
    if not sound:
        raise BackupRefused(
            "B01",
            "this is no backup, or its list of files was changed",
            where=str(folder),
            remedy="Name the folder of a backup, BACKUP_..., as `ecm-exchange backup` printed it, or take another one.",
        )
    return manifest


def backups_in(folder: Path) -> list[tuple[Path, Manifest]]:
    """List the backups of a folder that can be read, the newest last."""
    found = []
    for place in sorted(folder.glob("BACKUP_*")):
        try:
            found.append((place, read_manifest(place)))
        except BackupRefused:
            continue
    return found


def sha256_of(path: Path) -> str:
    """Hash a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check(told: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
