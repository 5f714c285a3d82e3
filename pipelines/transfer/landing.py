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


@dataclass
class Arrival:
    """A file on its way in: what was written so far and its hash."""

    part: Path
    file: BinaryIO
    hash: hashlib._Hash = field(default_factory=hashlib.sha256)

    def add(self, data: memoryview) -> None:
        """Append bytes."""
        self.hash.update(data)
        self.file.write(data)
        reached(Checkpoint.FILE_ARRIVING)

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
            _sync(changed)
        reached(Checkpoint.FILE_LANDED)
        return path


@contextmanager
def arrival(landing: Path, key: str) -> Iterator[Arrival]:
    """Receive a file. `key` tells it from all others, so that what a killed run left is overwritten, not kept.

    Raises `OSError` when the folder cannot be written; a file that did not settle leaves nothing behind.
    """
    landing.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = landing / f".{hashlib.sha256(key.encode()).hexdigest()}.part"
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield Arrival(part, file)
    finally:
        part.unlink(missing_ok=True)


def free_bytes(landing: Path) -> int:
    """Return how many bytes can still be written to the disk of the landing folder, which need not exist yet."""
    there = next(folder for folder in (landing, *landing.parents) if folder.exists())
    return shutil.disk_usage(there).free


def _sync(folder: Path) -> None:
    """Make a rename durable; only POSIX systems let a folder be opened."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
