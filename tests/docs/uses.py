"""Which folder of `pipelines/` puts rows into a table of the store, and which reads it, as their code and SQL say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipelines.warehouse.meanings import tables

PIPELINES = Path(__file__).parents[2] / "pipelines"
_NAMED = re.compile(r"\b(?:ledger|facts|exchange|delivery|quarantine)\.[a-z_]+\b")
_WRITES = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM|\.insert\(\s*\"|\"INSERT INTO)\s*$")
_BY_KIND = "load"
"""The folder that names the tables it fills in a list by kind of file."""
_NOT_A_STATION = ("warehouse", "cli", "doctor", "config")


class Uses(NamedTuple):
    """Tables of the store that a folder fills or changes, and those that it reads."""

    fills: frozenset[str]
    reads: frozenset[str]


@cache
def uses() -> Mapping[str, Uses]:
    """Return the tables that each folder uses."""
    folders = sorted(each.parent.name for each in PIPELINES.glob("*/__init__.py"))
    return {folder: _uses(PIPELINES / folder) for folder in folders if folder not in _NOT_A_STATION}


def _uses(folder: Path) -> Uses:
    fills, named = set(), set()
    for path in sorted(folder.rglob("*")):
        if path.suffix not in {".py", ".sql"}:
            continue
        text = path.read_text(encoding="utf-8")
        for found in _NAMED.finditer(text):
            before = text[max(0, found.start() - 40) : found.start()]
            named.add(found[0])
            if _WRITES.search(before) or (
                folder.name == _BY_KIND and found[0].startswith("facts.") and before[-1:] == '"'
            ):
                fills.add(found[0])
    return Uses(frozenset(fills & tables().keys()), frozenset((named - fills) & tables().keys()))
