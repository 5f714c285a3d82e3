"""A partner on a real OpenSSH server: an inbox, an outbox, and what is ours beside them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from pipelines.transfer.connection import Endpoint
from pipelines.transfer.pull import pull
from pipelines.transfer.push import Parcel, push
from pipelines.transfer.retry import Retry
from tests.openssh import Sshd

_NUMBERS = count(1)


@dataclass(frozen=True)
class Partner:
    """One pair of folders on the server, to be looked at from both sides."""

    sshd: Sshd
    account: str
    inbox: str
    outbox: str
    ours: Path
    """Folder of the landing and of what is to be delivered"""
    endpoint: Endpoint

    @classmethod
    def on(cls, sshd: Sshd, ours: Path, account: str = "") -> Partner:
        """Make folders in an account that all scenes share, or in one of its own."""
        number, account = next(_NUMBERS), account or f"samples-{os.getpid()}"
        endpoint = replace(sshd.endpoint(account), name="clinic")
        inbox, outbox = f"in-{number}", f"out-{number}"
        for folder in (inbox, outbox):
            sshd.folder(account, folder)
        return cls(sshd, account, inbox, outbox, ours, endpoint)

    def on_another(self, *options: str, limits: str = "") -> Partner:
        """The same partner with a server of its own, which is set otherwise; ended by `sshd.stop`."""
        other = replace(self.sshd, options=(*self.sshd.options, *options), limits=limits, running={})
        return Partner.on(other, self.ours, f"{self.account}-{next(_NUMBERS)}")

    def path(self, folder: str, name: str) -> Path:
        return self.sshd.root / self.account / folder / name

    def leave(self, name: str, content: bytes = b"rows\r\n", *, folder: str = "") -> Path:
        """Let the partner put a file where it puts its files."""
        path = self.path(folder or self.inbox, name)
        path.write_bytes(content)
        return self.sshd.give(path)

    def parcel(
        self, name: str = "ROSTER.csv", content: bytes = b"ours\r\n", folder: str = "", group: str = ""
    ) -> Parcel:
        """Make something to deliver."""
        local = self.ours / name
        local.write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        return Parcel(local, folder or self.outbox, name, sha256, len(content), group or name)

    def fetched(self, **settings: Any) -> tuple[str, ...]:
        """Fetch what is in the inbox, once; returns the codes of what was left there."""
        usual: dict[str, Any] = {"is_known": lambda _: False, "stable_for": 0, "sleep": lambda _: None}
        at = {"endpoint": self.endpoint, "folder": self.inbox, "pattern": "*", "landing": self.ours / "landing"}
        return tuple(file.code for file in pull(**(at | usual | {"retry": Retry(1)} | settings)).skipped)

    def delivered(self, *parcels: Parcel, endpoint: Endpoint | None = None) -> tuple[tuple[str, ...], str]:
        """Deliver, once; returns the codes of what failed, and what is said of it."""
        results = push(endpoint or self.endpoint, parcels, sleep=lambda _: None, retry=Retry(1))
        return tuple(each.code for each in results if each.code), _said(each.detail for each in results)


def _said(details: Iterable[str]) -> str:
    return " ".join(filter(None, details))
