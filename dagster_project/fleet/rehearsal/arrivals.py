"""What the partners' servers of a rehearsal see: each file that is put in its place, and when to fall silent."""

from __future__ import annotations

import os
import threading
from collections import Counter
from pathlib import Path

from pipelines.transfer.jail import Answer, Jail
from pipelines.transfer.protocol import Fields, text

_SILENT_FOR = 120.0
"""Seconds after which a server speaks again in any case: it must be able to end."""


class Arrivals:
    """The files that one plan's partners were given, each counted as often as it was put in its place.

    From `silent_after` of them on the servers keep their answer back, at the worst moment there is: the file stands
    where it belongs, and whoever sent it does not know. They speak again when they are told to.
    """

    def __init__(self, silent_after: int = 0) -> None:
        self.put: Counter[Path] = Counter()
        self.fell_silent = threading.Event()
        self._silent_after = silent_after
        self._speaks = threading.Event()
        self._turn = threading.Lock()

    def jail(self, account: Path) -> Jail:
        """Answer a session of the account that has this folder."""
        return _Watched(account, self)

    def speak(self) -> None:
        """Give the answers that were kept back, and all later ones at once."""
        self._speaks.set()

    def note(self, path: Path) -> None:
        """Count a file that was put in its place; returns when that may be answered."""
        with self._turn:
            self.put[path] += 1
            is_silent = 0 < self._silent_after <= self.put.total()
        if is_silent:
            self.fell_silent.set()
            self._speaks.wait(_SILENT_FOR)


class _Watched(Jail):
    """Answers as any other, and tells of each file that gets its final name."""

    def __init__(self, home: Path, arrivals: Arrivals) -> None:
        super().__init__(home)
        self._arrivals = arrivals

    def rename(self, fields: Fields) -> Answer:
        old, new = fields.text(), fields.text()
        answer = super().rename(Fields(text(old) + text(new)))
        self._arrivals.note(self._home / os.fsdecode(new).lstrip("/"))
        return answer
