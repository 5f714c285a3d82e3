"""An entry of the audit log as one line of JSON, bound to the line before it by a hash."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Entry:
    """What happened: a row of `ledger.audit`. Codes, ids, NPIs and hashes; nobody's data."""

    number: int
    """1, 2, 3, ... without a gap."""
    business_date: str
    """ISO 8601."""
    event: str
    subject: str
    detail: str


@dataclass(frozen=True)
class Rows:
    """Where the rows lie that an entry tells of, and what they must be."""

    file: str
    """Name in the journal folder."""
    offset: int
    size: int
    """Bytes as they lie there, compressed."""
    sha256: str
    """Of those bytes."""


@dataclass(frozen=True)
class Link:
    """An entry in its place in the chain."""

    entry: Entry
    rows: Rows | None
    previous: str
    hash: str

    def line(self) -> bytes:
        """Write the link as a line of the log."""
        return json.dumps(_told(self) | {"hash": self.hash}, separators=(",", ":")).encode("ascii") + b"\n"

    @property
    def is_sound(self) -> bool:
        """Whether the hash is that of what is told."""
        return self.hash == _hash(self)


def beginning_of(store: str) -> str:
    """Return what the first link of a store's chain names as its predecessor: the store itself."""
    return hashlib.sha256(f"store {store}".encode()).hexdigest()


def bind(entry: Entry, rows: Rows | None, previous: str) -> Link:
    """Bind an entry to the hash of the link before it."""
    link = Link(entry, rows, previous, "")
    return replace(link, hash=_hash(link))


def read_link(line: bytes) -> Link:
    """Read a line of the log.

    Raises
    ------
    ValueError
        When it is none; whether it is sound, and fits the line before, is another question.
    """
    try:
        told: dict[str, Any] = json.loads(line)
        rows = told.pop("rows", None)
        previous, own = told.pop("previous"), told.pop("hash")
        return Link(Entry(**told), Rows(**rows) if rows is not None else None, previous, own)
    except (TypeError, KeyError, AttributeError) as failure:
        raise ValueError("not a line of an audit log") from failure


def _told(link: Link) -> dict[str, Any]:
    rows = {"rows": asdict(link.rows)} if link.rows is not None else {}
    return asdict(link.entry) | rows | {"previous": link.previous}


def _hash(link: Link) -> str:
    return hashlib.sha256(json.dumps(_told(link), sort_keys=True, separators=(",", ":")).encode()).hexdigest()
