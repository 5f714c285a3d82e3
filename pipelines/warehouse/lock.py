"""One run at a time for each home: an operating-system lock that a killed process lets go of by itself.

DuckDB's own file lock is not enough: processes that take turns on one file can lose commits without an outer lock.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.problems import AnotherRunActive


@contextmanager
def run_lock(home: Path) -> Iterator[None]:
    """Hold `run.lock` of this home while the block runs.

    Raises
    ------
    AnotherRunActive
        When another process holds it; nothing is waited for.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(home / "run.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
            raise AnotherRunActive(
                "L01",
                f"another run is active (process {holder})",
                where=str(home / "run.lock"),
                remedy="Wait for it to end; reports read published.duckdb meanwhile.",
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode("ascii"), 0)
        yield
    finally:
        os.close(handle)
