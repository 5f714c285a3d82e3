"""Files that are there whole after a power cut, or not at all, and that nobody else may read."""

from __future__ import annotations

import os
from pathlib import Path


def replace_file(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file under a temporary name, make it durable, and give it its name in one step."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    _write(fresh, content, os.O_EXCL, mode)
    fresh.replace(path)
    sync_folder(path.parent)


def show_file(path: Path, content: bytes) -> None:
    """Write a file that names no member for whoever may look into its folder; otherwise as `replace_file` does."""
    replace_file(path, content, 0o600 | path.parent.stat().st_mode & 0o044)


def append_to(path: Path, content: bytes, *, at: int) -> None:
    """Write behind the first `at` bytes of a file, whatever stood there, and make it durable; folders are made."""
    is_new = not path.exists()
    make_folders(path.parent)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.truncate(at)
        file.seek(at)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        sync_folder(path.parent)


def make_folders(folder: Path) -> None:
    """Make a folder and those above it that are missing, each for this account alone."""
    if not folder.is_dir():
        make_folders(folder.parent)
        folder.mkdir(mode=0o700)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; only POSIX systems let a folder be opened."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write(path: Path, content: bytes, flags: int, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | flags, 0o600), "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
