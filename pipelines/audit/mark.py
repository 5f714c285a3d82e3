"""The high-water mark beside the store: how far it had come, so that one that went back is not taken for whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.durable import replace_file


@dataclass(frozen=True)
class Mark:
    """How far a store had come when it was last known to be durable."""

    store: str
    """Which store: given to it when it was made."""
    opening: int
    """How often it had been opened: a copy of earlier is behind even if nothing was entered since."""
    entries: int
    """Entries of its audit log."""
    head: str
    """Hash of the last of them."""


class MarkDamaged(ValueError):
    """The mark cannot be read."""


def mark_of(home: Path) -> Path:
    """Where the mark of a home's store lies."""
    return home / "warehouse.mark.json"


def read_mark(home: Path) -> Mark | None:
    """Read the mark; `None` where there is none.

    Raises
    ------
    MarkDamaged
        When what is there was not written as it is.
    """
    try:
        content = mark_of(home).read_bytes()
    except FileNotFoundError:
        return None
    try:
        told = json.loads(content)
        check = told.pop("check")
        mark = Mark(**told)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise MarkDamaged from None
    if check != _check(mark):
        raise MarkDamaged
    return mark


def write_mark(home: Path, mark: Mark) -> None:
    """Replace the mark, durably."""
    told = asdict(mark) | {"check": _check(mark)}
    replace_file(mark_of(home), json.dumps(told, indent=2).encode("ascii") + b"\n")


def _check(mark: Mark) -> str:
    return hashlib.sha256(json.dumps(asdict(mark), sort_keys=True).encode()).hexdigest()
