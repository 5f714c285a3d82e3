"""The rows that entries of the audit log tell of, so that they can be entered again: PHI, in a file for each night.

Each entry's rows are one compressed member; its place and hash stand in the log, and thereby in the chain.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping
from io import BytesIO
from itertools import islice
from pathlib import Path

from pipelines.audit.chain import Rows
from pipelines.durable import append_to

Told = dict[str, list[str]]
"""Rows by table, each a JSON object."""


_AT_A_TIME = 1_000
"""Rows held in memory while they are compressed."""


class RowsLost(ValueError):
    """The journal does not hold what the log says of it."""


def folder_of(audit: Path) -> Path:
    """Where the journal lies."""
    return audit / "journal"


class JournalPage:
    """What is to be written behind the end of one night's file, all at once."""

    def __init__(self, audit: Path, business_date: str) -> None:
        self._path = folder_of(audit) / f"{business_date}.gz"
        self._start = self._path.stat().st_size if self._path.exists() else 0
        self._members: list[bytes] = []
        self._size = 0

    def add(self, told: Mapping[str, Iterable[str]]) -> Rows:
        """Put an entry's rows, by table, on the page and return where they will lie."""
        packed = _packed(told)
        rows = Rows(self._path.name, self._start + self._size, len(packed), hashlib.sha256(packed).hexdigest())
        self._members.append(packed)
        self._size += len(packed)
        return rows

    def write(self) -> None:
        """Make the page durable."""
        if self._members:
            append_to(self._path, b"".join(self._members), at=self._start)


def _packed(told: Mapping[str, Iterable[str]]) -> bytes:
    """Compress `Told` as its rows come: those of one night may be millions."""
    buffer = BytesIO()
    with gzip.GzipFile(filename="", fileobj=buffer, mode="wb", compresslevel=6, mtime=0) as out:
        before = "{"
        for table, rows in told.items():
            out.write(f"{before}{json.dumps(table)}:[".encode())
            remaining, before = iter(rows), ""
            while some := list(islice(remaining, _AT_A_TIME)):
                out.write(f"{before}{','.join(map(json.dumps, some))}".encode())
                before = ","
            before = "],"
        out.write(b"]}" if told else b"{}")
    return buffer.getvalue()


def read_rows(audit: Path, rows: Rows) -> Told:
    """Read back the rows of an entry.

    Raises
    ------
    RowsLost
        When the file is gone or holds something else there.
    """
    try:
        with (folder_of(audit) / rows.file).open("rb") as file:
            file.seek(rows.offset)
            packed = file.read(rows.size)
    except OSError:
        raise RowsLost(rows.file) from None
    if hashlib.sha256(packed).hexdigest() != rows.sha256:
        raise RowsLost(rows.file)
    told: Told = json.loads(gzip.decompress(packed))
    return told
