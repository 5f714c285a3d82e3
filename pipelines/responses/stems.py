"""Name what answers a file after that file."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePosixPath

from pipelines.warehouse import Warehouse

_LONGEST = 170
"""Bytes; servers and this software refuse longer names."""


def free_stem(warehouse: Warehouse, source: str, name: str, endings: Collection[str]) -> str:
    """Return the stem of a file's name; a number tells it from the answers to other files with the same stem.

    A stem is free when none of the `endings` (`.response.json`) was used with it.
    """
    stem = PurePosixPath(name).stem.encode()[:_LONGEST].decode(errors="ignore")
    taken = {
        other
        for (other,) in warehouse.rows(
            "SELECT name FROM delivery.outbox WHERE recipient_kind = 'SOURCE' AND recipient = $source",
            {"source": source},
        )
    }
    numbered = (stem, *(f"{stem}.{number}" for number in range(2, len(taken) + 3)))
    return next(free for free in numbered if not any(f"{free}{ending}" in taken for ending in endings))
