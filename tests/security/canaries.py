"""The invented people by whom a leak is known, and the search for them in anything that was written or printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sample_data.cast import person_of
from sample_data.stories import STORIES

_OTHERS = ("QUILLWORT", "ZEPHYRA", "THISTLEWOOD", "Umbershade", "Quibblefen", "Canary, Yellow")
"""People of the tests' own files."""

_NAMES = {person_of(story).last for story in STORIES} | set(_OTHERS)
_WRITTEN = sorted(_NAMES | {name.upper() for name in _NAMES} | {name.lower() for name in _NAMES})

_CANARY = re.compile(rb"9(?<![0-9A-Za-z]9)[0-9]{7}[BI](?![0-9A-Za-z])|" + "|".join(map(re.escape, _WRITTEN)).encode())
"""A CIN with a letter that is never issued, which every invented person has, or a name of somebody with a story.

Each choice begins with a character of its own, by which the search skips what can be none: stores have megabytes.
"""


def people_in(content: str | bytes) -> int:
    """Count the places at which an invented person shows."""
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    return sum(1 for _ in _CANARY.finditer(raw))


def leaks_below(*folders: Path) -> Iterator[Path]:
    """Yield the files below the folders in whose name or content an invented person shows."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if people_in(str(path.relative_to(folder))) or (path.is_file() and people_in(path.read_bytes())):
                yield path
