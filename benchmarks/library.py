"""The folder of files that were made once, by number of members; made anew when what writes them has changed."""

from __future__ import annotations

import hashlib
import shutil
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmarks.processes import ROOT, run

_WRITERS = (*sorted((ROOT / "sample_data").glob("*.py")), Path(__file__).with_name("files.py"))
# Asking `benchmarks.files` for the names would import more than whoever measures should hold.
_NAMES = {"full": "DHCS834-MO-*.dat", "daily": "DHCS834-DA-*.dat"}


@dataclass(frozen=True)
class Library:
    """Files in `folder`."""

    folder: Path

    def full(self, members: int) -> Path:
        """Return the monthly full of this many members."""
        return self._file(members, "full")

    def daily(self, members: int) -> Path:
        """Return the daily file beside it."""
        return self._file(members, "daily")

    def _file(self, members: int, kind: str) -> Path:
        shelf = self._shelf / str(members)
        if not any(shelf.glob(_NAMES[kind])):
            # A child, because this process must stay small; see `benchmarks.processes`.
            run([sys.executable, "-m", "benchmarks.files", shelf, str(members), kind])
        (found,) = shelf.glob(_NAMES[kind])
        return found

    @cached_property
    def _shelf(self) -> Path:
        written_by = hashlib.sha256(b"".join(path.read_bytes() for path in _WRITERS)).hexdigest()[:12]
        shelf = self.folder / written_by
        if not shelf.exists():
            shutil.rmtree(self.folder, ignore_errors=True)
        return shelf
