"""How each provider stands with its outbox as a night is prepared: asked once for all of them, however long it is."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.warehouse import Warehouse

_SCRIPT = Path(__file__).with_name("standing.sql")


@dataclass(frozen=True)
class Standing:
    """One provider's files of before, and of this business date so far."""

    told_tonight: frozenset[str] = frozenset()
    """Scopes of the files that it got, or that wait for it, on this business date."""
    last_sequence: int = 0
    """Highest number among those."""
    previous_name: str | None = None
    """Name of the data file delivered to it before, for the manifest's chain."""
    is_in_doubt: bool = False
    """Whether rows wait for it, so that nobody knows yet what it was told."""
    owes_full: bool = False
    """Whether a full file of an earlier night was dropped or held, and none arrived since."""
    taken_back: frozenset[tuple[str, str]] = frozenset()
    """Name and SHA-256 of files of this business date that were on their way once. Held files never left."""

    def is_due_full(self, *, today: bool) -> bool:
        """Tell whether a full file goes tonight: on its day, and after it as long as that one did not arrive."""
        return (today or self.owes_full) and "FULL" not in self.told_tonight

    def may_have_been_seen(self, name: str, content: bytes) -> bool:
        """Tell whether a file of this name and other content was on its way once, though it was not found there later.

        A provider that took it away would ignore, or mistake, another one of the same name.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        return any(each == name and other != sha256 for each, other in self.taken_back)


def standings(warehouse: Warehouse, on: date) -> Mapping[str, Standing]:
    """Tell by NPI how providers stand in the night of `on`; who never got a file stands as new."""
    found: defaultdict[str, Standing] = defaultdict(Standing)
    for npi, told_tonight, last_sequence, previous_name, is_in_doubt, owes_full, taken_back in warehouse.rows(
        _SCRIPT.read_text(encoding="utf-8"), {"on": on}
    ):
        found[npi] = Standing(
            frozenset(told_tonight), last_sequence, previous_name, is_in_doubt, owes_full, frozenset(taken_back)
        )
    return found
