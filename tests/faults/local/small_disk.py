"""A disk of its own under a folder, so small that it fills up. Mounting one needs root."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

_PAGE = 4096
_MOUNT, _UMOUNT = (shutil.which(name) or name for name in ("mount", "umount"))


@contextmanager
def small_disk(folder: Path, room: int, *, writable: bool = True) -> Iterator[Callable[[], None]]:
    """Put what is in `folder` onto a disk on which so many bytes are free; yields what mends the disk."""
    if not _can_mount():
        pytest.skip("a small disk cannot be mounted here: that takes root and the right to mount")
    kept = folder.with_name(f"{folder.name}.kept")
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.rename(kept)
    folder.mkdir(mode=0o700)
    used = sum(-(-max(path.stat().st_size, 1) // _PAGE) * _PAGE for path in kept.rglob("*"))
    _mount(f"size={used + room},mode=0700", folder)
    try:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        if not writable:
            _mount("remount,ro", folder)
        yield lambda: _mount("remount,rw,size=1g", folder)
    finally:
        subprocess.run([_UMOUNT, folder], check=True)
        folder.rmdir()
        shutil.rmtree(kept)


def _mount(options: str, folder: Path) -> None:
    subprocess.run([_MOUNT, "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True, capture_output=True)


@cache
def _can_mount() -> bool:
    if os.geteuid() != 0:
        return False
    with TemporaryDirectory() as folder:
        mounted = subprocess.run([_MOUNT, "-t", "tmpfs", "tmpfs", folder], check=False, capture_output=True)
        if mounted.returncode == 0:
            subprocess.run([_UMOUNT, folder], check=True)
    return mounted.returncode == 0
