"""One run at a time for each home: an operating-system lock that a killed process lets go of by itself.

DuckDB's own file lock is not enough: processes that take turns on one file can lose commits without an outer lock.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.homes.held import refuse_reading
from schemas.problems import AnotherRunActive

_GLANCE = 0.05
"""Seconds; whoever only looks whether a run is active holds the lock for much less."""


@contextmanager
def run_lock(home: Path) -> Iterator[None]:
    """Hold `run.lock` of this home while the block runs.

    Raises
    ------
    AnotherRunActive
        When another process holds it; nothing is waited for but a glance of `is_held`.
    ConfigurationError
        S21 when this is no home, but a copy for readers that came out of a depot.
    """
    refuse_reading(home)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(home / "run.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not (_takes(handle, fcntl.LOCK_EX) or _takes_after_a_glance(handle)):
            holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
            raise AnotherRunActive(
                "L01",
                f"another run is active (process {holder})",
                where=str(home / "run.lock"),
                remedy="Wait for it to end, then type this again; `ecm-exchange status` can be read meanwhile.",
            )
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode("ascii"), 0)
        yield
    finally:
        os.close(handle)


def is_held(home: Path) -> bool:
    """Tell whether a process holds the lock of this home at this moment."""
    try:
        handle = os.open(home / "run.lock", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not _takes(handle, fcntl.LOCK_SH)
    finally:
        os.close(handle)


def _takes(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _takes_after_a_glance(handle: int) -> bool:
    time.sleep(_GLANCE)
    return _takes(handle, fcntl.LOCK_EX)
