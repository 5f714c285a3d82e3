"""What each address was told that is not over, kept from one night to the next, so that nothing is told without reason.

It lies beside the store in a file of its own: a look from outside keeps it too, and must not wait for a run. Losing it,
as a restore does, costs no more than being told once more of what stands.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.config.alerts import Kind
from pipelines.durable import replace_file

_NAME = "alerts.json"
_LOCK = "alerts.lock"
_GLANCE = 0.1
"""Seconds between two tries to take the lock."""


@dataclass(frozen=True)
class Thing:
    """Something that was told, the night from which on it stands, and how many of it were told."""

    since: date
    number: int = 0


@dataclass(frozen=True)
class Told:
    """What one address was told of one kind."""

    on: date
    """Night of the last message."""
    things: Mapping[str, Thing]


Memory = Mapping[tuple[str, Kind], Told]
"""By variable of the address and kind."""


@contextmanager
def one_at_a_time(home: Path, seconds: float) -> Iterator[None]:
    """Let one process tell at a time, or what another tells at this moment would be told twice.

    Nobody waits longer than `seconds`, or for a home that is not there: told twice is better than not at all.
    """
    try:
        handle = os.open(home / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        yield
        return
    until = time.monotonic() + seconds
    try:
        while not _takes(handle) and time.monotonic() < until:
            time.sleep(_GLANCE)
        yield
    finally:
        os.close(handle)


def _takes(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def read_memory(home: Path) -> Memory:
    """Read what was told; nothing where there is no such file or it cannot be understood."""
    try:
        kept = json.loads((home / _NAME).read_text(encoding="utf-8"))
        return {(to, kind): _told(told) for to, kinds in kept.items() for kind, told in kinds.items()}
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return {}


def keep_memory(home: Path, memory: Memory) -> None:
    """Keep what was told, all at once."""
    kept: dict[str, dict[str, Any]] = {}
    for (to, kind), told in sorted(memory.items()):
        things = {name: {"since": str(each.since), "number": each.number} for name, each in sorted(told.things.items())}
        kept.setdefault(to, {})[kind] = {"on": str(told.on), "things": things}
    replace_file(home / _NAME, json.dumps(kept, indent=1).encode("ascii") + b"\n")


def _told(kept: Any) -> Told:
    things = {
        str(name): Thing(date.fromisoformat(each["since"]), int(each["number"]))
        for name, each in kept["things"].items()
    }
    return Told(date.fromisoformat(kept["on"]), things)
