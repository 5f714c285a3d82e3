"""Holds a plan's home, in a process that a test may stop, kill or leave without a database.

Whenever it may go on, it locks a file, the witness, which a process that is stopped keeps locked and a dead one does
not: two holders at a time would meet there. It writes a line into the file `told` for each turn, and `MET` where it met
another.
"""

from __future__ import annotations

import fcntl
import os
import random
import time
from pathlib import Path

from pipelines.homes.lease import LeaseLost, take_lease


def work(database: str, plan: str, seconds: float, folder: Path, turns: int) -> None:
    """Take the home so many times, for a while each; for ever when it is once."""
    chance = random.Random(os.getpid())  # noqa: S311 - no secret
    for _ in range(turns):
        with take_lease(database, plan, "holder", seconds=seconds, patience=60, look_again=0.02) as lease:
            handle = os.open(folder / "witness", os.O_RDWR | os.O_CREAT)
            try:
                lease.refuse_lost()
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _tell(folder, f"{plan} {lease.token}")
                until = time.monotonic() + (chance.uniform(0, seconds) if turns > 1 else 3600)
                while time.monotonic() < until:
                    lease.refuse_lost()
                    time.sleep(0.01)
            except LeaseLost:
                _tell(folder, "lost")
            except BlockingIOError:
                _tell(folder, "MET")
            finally:
                os.close(handle)


def _tell(folder: Path, line: str) -> None:
    handle = os.open(folder / "told", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(handle, f"{line}\n".encode())
    os.close(handle)
