"""Room for the next night, and whether the volume of the home is encrypted, as far as this machine can tell."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.config import ExchangeConfig
from pipelines.doctor.ailment import Ailment, fine, found

_BESIDE = 512 * 1024**2
"""Bytes for what comes and goes in a night, whatever the store."""

_COPIES = 2
"""How many times its size the store needs: the readers' copy beside the old one, and as much to grow and to sort in."""

_FILES = 10_000
"""Files that a night may make at the most, landed and sent."""

_MIB = 1024**2

SYSTEM = Path("/sys/dev/block")
"""Where Linux tells of volumes, by the numbers of their device."""


@dataclass(frozen=True)
class Volume:
    """What is free on the volume of a folder: bytes, and files where the file system counts them."""

    free: int
    files: int | None

    @classmethod
    def of(cls, folder: Path) -> Volume:
        """Ask the system; for what this account may use."""
        told = os.statvfs(folder)
        return cls(told.f_bavail * told.f_frsize, told.f_favail if told.f_files else None)


def examine_disk(config: ExchangeConfig) -> Iterator[Ailment]:
    """Hold what is free where the home and the backups lie against what a night needs."""
    home = config.home
    backups = _that_exists(config.backups)
    together = backups.stat().st_dev == home.stat().st_dev
    store = _size(home / "warehouse.duckdb")
    yield from examine_room("home", home, Volume.of(home), _BESIDE + (_COPIES + together) * store)
    if not together:
        yield from examine_room("backups", backups, Volume.of(backups), _BESIDE + store)
    yield from examine_encryption(home, home.stat().st_dev, SYSTEM)


def examine_room(subject: str, folder: Path, volume: Volume, need: int) -> Iterator[Ailment]:
    """Say whether a volume has room; `need` is in bytes."""
    what = f"{_told(volume.free)} are free, and a night needs up to {_told(need)}"
    if volume.free < need:
        yield found("disk-full", subject, what, folder=folder, missing=_told(need - volume.free))
    elif volume.free < 2 * need:
        yield found("disk-low", subject, what, folder=folder)
    else:
        yield fine("disk", subject, what)
    if volume.files is not None and volume.files < _FILES:
        yield found("inodes-low", subject, f"only {volume.files} more files fit on its volume", folder=folder)


def examine_encryption(home: Path, device: int, system: Path) -> Iterator[Ailment]:
    """Say whether what the home lies on is encrypted here; nothing where the device is none that the system knows."""
    block = system / f"{os.major(device)}:{os.minor(device)}"
    if not block.exists():
        return
    if _is_encrypted(block):
        yield fine("disk", "volume of the home", "encrypted by this machine (dm-crypt)")
    else:
        yield found("volume-not-encrypted", str(home), "this machine does not encrypt the volume that it lies on")


def examine_backup_disk(config: ExchangeConfig) -> Iterator[Ailment]:
    """Say whether one lost disk would take store and backups."""
    folder = _that_exists(config.backups)
    if config.home.exists() and folder.stat().st_dev == config.home.stat().st_dev:
        yield found("backups-same-disk", str(config.backups), "backups lie on the same volume as the store")


def _is_encrypted(block: Path) -> bool:
    kind = block / "dm" / "uuid"
    if kind.is_file() and kind.read_text(encoding="ascii").startswith("CRYPT-"):
        return True
    below = list((block / "slaves").glob("*"))
    # A mirror or a group of volumes is encrypted if all that it consists of is.
    return bool(below) and all(_is_encrypted(each) for each in below)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _that_exists(folder: Path) -> Path:
    """Return the folder, or the nearest above it that is there."""
    while not folder.exists():
        folder = folder.parent
    return folder


def _told(size: int) -> str:
    return f"{size / 1024**3:.1f} GiB" if size >= 1024**3 else f"{size // _MIB} MiB"
