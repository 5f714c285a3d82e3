"""The landing folder: bytes under their SHA-256, written whole or not at all, readable by nobody else."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pipelines.checkpoints import Checkpoint, reached
from pipelines.durable import sync_folder

KEPT_FROM = 4 * 1024 * 1024
"""Bytes; less than this is sooner read again than kept."""

_KEPT = ".kept"


_CHUNK = 1 << 20


@dataclass
class Arrival:
    """A file on its way in: what was written so far, its hash and its size in bytes."""

    part: Path
    file: BinaryIO
    hash: hashlib._Hash = field(default_factory=hashlib.sha256)
    size: int = 0

    def add(self, data: memoryview) -> None:
        """Append bytes."""
        self.hash.update(data)
        self.file.write(data)
        self.size += len(data)
        reached(Checkpoint.FILE_ARRIVING)

    def go_on(self) -> None:
        """Take up what an earlier connection brought; all of it is hashed anew."""
        while chunk := self.file.read(_CHUNK):
            self.hash.update(chunk)
            self.size += len(chunk)

    def keep(self, kept: Path) -> None:
        """Make what came so far durable and keep it for another connection."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.part.replace(kept)
        sync_folder(kept.parent)

    def settle(self, landing: Path) -> Path:
        """Make the bytes durable under their hash, over an equal file that landed before, and return the path."""
        digest = self.hash.hexdigest()
        self.file.flush()
        os.fsync(self.file.fileno())
        reached(Checkpoint.FILE_WHOLE)
        folder = landing / digest[:2]
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / digest
        self.part.replace(path)
        for changed in (folder, landing):
            sync_folder(changed)
        reached(Checkpoint.FILE_LANDED)
        return path


@contextmanager
def arrival(landing: Path, key: str, version: str = "") -> Iterator[Arrival]:
    """Receive a file. `key` tells it from all others, so that what a killed run left is overwritten, not kept.

    `version` stays the same for as long as the file does. When a large one's conversation is closed, because the
    connection is lost, what came is kept, and the next arrival of the same version begins with it.

    Raises `OSError` when the folder cannot be written; another file that did not settle leaves nothing behind.
    """
    landing.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f".{hashlib.sha256(key.encode()).hexdigest()}"
    part, kept = landing / f"{name}.part", landing / f"{name}.{version}{_KEPT}"
    part.unlink(missing_ok=True)
    for other in landing.glob(f"{name}.*{_KEPT}"):
        if other == kept and version:
            other.replace(part)
        else:
            other.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        with os.fdopen(descriptor, "r+b") as file:
            incoming = Arrival(part, file)
            incoming.go_on()
            try:
                yield incoming
            except GeneratorExit:
                if version and incoming.size >= KEPT_FROM:
                    incoming.keep(kept)
                raise
    finally:
        part.unlink(missing_ok=True)


def forget_kept(landing: Path, before: float) -> None:
    """Remove what was kept of files that nobody went on with since `before`, in seconds since 1970: they are gone."""
    for kept in landing.glob(f".*{_KEPT}"):
        if kept.stat().st_mtime < before:
            kept.unlink()


def free_bytes(landing: Path) -> int:
    """Return how many bytes can still be written to the disk of the landing folder, which need not exist yet."""
    there = next(folder for folder in (landing, *landing.parents) if folder.exists())
    return shutil.disk_usage(there).free
