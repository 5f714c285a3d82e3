"""What was encrypted before: the same content for the same key stays the same file, though encryption never is alike.

A night that was broken off and runs again finds its own messages here, in the outbox, and sends no others; a replay
compares with what a provider got.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date

from pipelines.pgp import PublicKey, Sealed, seal
from pipelines.warehouse import Warehouse


@dataclass(frozen=True)
class Vault:
    """The encrypted documents of one business date."""

    on: date
    _known: dict[tuple[str, str, str], Sealed] = field(default_factory=dict, repr=False)
    """By name, SHA-256 of the content, and fingerprint of the key (blank where any key will do)."""
    _any_key: bool = False

    def seal(self, name: str, content: bytes, key: PublicKey) -> Sealed:
        """Encrypt a document, or return it as it was encrypted before.

        Raises
        ------
        KeyUnusable
            When it has to be encrypted and the key cannot be used on this date.
        """
        place = name, hashlib.sha256(content).hexdigest(), "" if self._any_key else key.fingerprint
        return self._known.get(place) or seal(content, key, self.on)


def open_vault(warehouse: Warehouse, on: date, *, any_key: bool = False) -> Vault:
    """Read what the outbox has of a business date; a message that is not what it was does not count.

    With `any_key` a document is known whatever key it was for: for a look at a night on which another was used.
    """
    known = {}
    for name, content_sha256, key, path, sha256 in warehouse.rows(
        """SELECT name, content_sha256, pgp_key, path, sha256 FROM delivery.outbox
           WHERE business_date = $on AND pgp_key IS NOT NULL ORDER BY outbox_id""",
        {"on": on},
    ):
        local = warehouse.home / "outbox" / path
        if local.is_file() and hashlib.sha256(content := local.read_bytes()).hexdigest() == sha256:
            known[name, content_sha256, "" if any_key else key] = Sealed(content, key)
    return Vault(on, known, any_key)
