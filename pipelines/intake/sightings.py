"""Looks at partners' folders, kept from one to the next: since when a file that nobody took was found as it is.

They lie beside the store in a file of their own, so that a look between two nights can note what it saw without waiting
for a run, or making one wait. Losing them costs no more than another wait.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.transfer.pull import RemoteFile

_NAME = "sightings.json"


@dataclass(frozen=True)
class Sightings:
    """Per source, the instant of the first look that found a file as it still was at the last one.

    Instants are seconds since 1970 by our own clock, which is never compared with a partner's.
    """

    since: Mapping[str, Mapping[RemoteFile, float]]

    def rested(self, source: str, file: RemoteFile, now: float) -> float:
        """Seconds for which a file was found the same; none where it was not, or where our clock was set back."""
        return max(0.0, now - self.since.get(source, {}).get(file, now))

    def after(self, source: str, files: Iterable[RemoteFile], now: float) -> Sightings:
        """Return what is known after a look that found these new files at a source."""
        before = self.since.get(source, {})
        return Sightings({**self.since, source: {file: min(before.get(file, now), now) for file in files}})


def read_sightings(home: Path) -> Sightings:
    """Read what earlier looks saw; nothing where there is no such file or it cannot be understood."""
    try:
        kept = json.loads((home / _NAME).read_text(encoding="utf-8"))
        return Sightings(
            {
                source: {
                    RemoteFile(str(name), int(size), int(modified)): float(at) for name, size, modified, at in rows
                }
                for source, rows in kept.items()
            }
        )
    except (OSError, ValueError, TypeError, AttributeError):
        return Sightings({})


def keep_sightings(home: Path, sightings: Sightings) -> None:
    """Keep what was seen for the next look, all at once; not where there is no home yet."""
    if not home.is_dir():
        return
    rows = {
        source: [[file.name, file.size, file.modified, at] for file, at in files.items()]
        for source, files in sightings.since.items()
        if files
    }
    fresh = home / f"{_NAME}.new"
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(rows, file)
    fresh.replace(home / _NAME)
