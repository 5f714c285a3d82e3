"""Bring a home into its depot: after each commit what must not be forgotten, and the whole of it at two places.

The whole goes there when the files of a night stand in the outbox, before any of them goes out, and when the home is
let go. In between the audit log says what happened, and the depot has it before anything is done on it. A mark in the
lease makes known what is there, and only the holder can move it: whoever lost the home changes nothing by going on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from pipelines.audit.chain import Link, beginning_of
from pipelines.audit.journal import folder_of as journal_of
from pipelines.audit.journal import read_rows
from pipelines.audit.log import links_after, tail_of
from pipelines.audit.record import audit_of, standing_of
from pipelines.backup.verify import rows_by_table
from pipelines.durable import replace_file
from pipelines.homes.depot import PIECE, Depot
from pipelines.homes.kept import (
    Filed,
    HomeCheckpoint,
    Page,
    Segment,
    cut,
    entries_of,
    file_in_folders,
    files_of,
    read_checkpoint,
    segment_name,
    write_checkpoint,
    write_segment,
)
from pipelines.homes.leases import HighWater
from pipelines.homes.thin import thin_out
from pipelines.transfer import receipts
from pipelines.warehouse.door import copy_store, open_as_it_is, open_copy
from pipelines.warehouse.lock import run_lock

if TYPE_CHECKING:
    from pipelines.warehouse import Warehouse

FOLDERS = ("audit", "landing", "outbox", "reports", "work_lists")
FILES = ("published.duckdb", "alerts.json", "sightings.json", "run.unfinished")
"""What of a home is kept beside its store."""

STORE = "warehouse.duckdb"
NAMED = "named"
_COPY = "copy.json"
_JUST_NOW = 2_000_000_000  # nanoseconds: a file that was written so shortly before may be written again unseen


class Held(Protocol):
    """A lease, as far as a depot needs it."""

    high_water: HighWater
    """How far the depot has come."""

    def refuse_lost(self) -> None:
        """Stop with S11 unless the home is held for certain."""

    def raise_high_water(self, mark: HighWater) -> None:
        """Say how far the depot has come; S11 where the home is another's."""


class Moving:
    """Keeps a home that moves, while this process holds it."""

    def __init__(self, depot: Depot, lease: Held, home: Path) -> None:
        self._depot = depot
        self._lease = lease
        self._home = home
        self._before: Mapping[str, Filed] = {}
        self._read: str | None = None

    def refuse_lost(self) -> None:
        """Stop before anything is done outside, where the home is another's.

        Raises
        ------
        LeaseLost
            S11.
        """
        self._lease.refuse_lost()

    def follow(self, warehouse: Warehouse, links: Sequence[Link]) -> None:
        """Keep what a commit added to the audit log, and what its entries tell of.

        Raises
        ------
        DepotFault
            S22 when the depot does not take it. The commit stands; nothing must be done on it before it is kept.
        LeaseLost
            S11.
        """
        if not links:
            return
        mark = self._lease.high_water
        if not mark.checkpoint or (links[0].entry.number - 1, links[0].previous) != (mark.entries, mark.head):
            self.make_ready(warehouse)  # the log was written anew, as after a restore
        else:
            self._follow(links)

    def catch_up(self) -> None:
        """Keep what the audit log of this copy says beyond the mark: what a killed process had committed last."""
        mark = self._lease.high_water
        if links := links_after(audit_of(self._home), mark.entries):
            self._follow(links)

    def make_ready(self, warehouse: Warehouse) -> None:
        """Keep the whole home, whose store is open."""
        copy = self._home / f"{STORE}.new"
        copy_store(warehouse, copy)
        try:
            self._keep_whole(copy)
        finally:
            copy.unlink()

    def check_in(self) -> None:
        """Keep the whole home, whose store is at rest."""
        with run_lock(self._home):
            if (self._home / f"{STORE}.wal").exists():
                with open_as_it_is(self._home):
                    pass  # what a killed process left beside the store goes into it
            before = self._lease.high_water.checkpoint
            newest = self._keep_whole(self._home / STORE)
        if newest.name != before:
            thin_out(self._depot, newest, self._before.values(), self._lease.refuse_lost)

    def note_named(self, local: Path, sha256: str) -> None:
        """Keep the receipt of a file that got its name in its recipient's folder."""
        path = str(local.relative_to(self._home))
        told = {"path": path, "sha256": sha256}
        self._depot.write(f"{NAMED}/{_number(path)}", json.dumps(told).encode("ascii"))

    def _follow(self, links: Sequence[Link]) -> None:
        mark = self._lease.high_water
        previous = segment_name(mark.entries, mark.head) if self._has_tail(mark) else ""
        segment = Segment(
            previous=previous,
            lines=tuple(link.line().decode("ascii").rstrip("\n") for link in links),
            pages=tuple(self._pages(links)),
            files=tuple(self._filed(path) for path in _files_told_of(self._home, links)),
        )
        write_segment(self._depot, mark.checkpoint, segment)
        last = links[-1]
        self._lease.raise_high_water(HighWater(mark.checkpoint, mark.store, last.entry.number, last.hash))

    def _has_tail(self, mark: HighWater) -> bool:
        """Whether entries follow the checkpoint already."""
        return mark.entries > entries_of(mark.checkpoint)

    def _pages(self, links: Iterable[Link]) -> Iterator[Page]:
        """Put what was added to the journal into the depot."""
        spans: dict[str, tuple[int, int]] = {}
        for rows in (link.rows for link in links if link.rows is not None):
            start, end = spans.get(rows.file, (rows.offset, rows.offset))
            spans[rows.file] = min(start, rows.offset), max(end, rows.offset + rows.size)
        for name, (start, end) in spans.items():
            with (journal_of(audit_of(self._home)) / name).open("rb") as file:
                file.seek(start)
                pieces = self._depot.together(self._depot.put, cut(file.read(end - start)))
            yield Page(name, start, tuple(pieces))

    def _keep_whole(self, store: Path) -> HomeCheckpoint:
        with open_copy(store) as warehouse:
            standing, rows = standing_of(warehouse), rows_by_table(warehouse)
            night = warehouse.value("SELECT max(business_date) FROM ledger.runs")
        assert standing is not None  # noqa: S101 - a store that was opened has begun
        earlier = self._known()
        tail = tail_of(audit_of(self._home))
        head = tail.last.hash if tail is not None else beginning_of(standing.store)
        files = [self._filed(store, STORE)]
        for path in _files_kept(self._home):
            name = str(path.relative_to(self._home))
            known = earlier.get(name)
            files.append(known if known is not None and self._is_as_it_was(path, known) else self._filed(path))
        checkpoint = HomeCheckpoint(
            store=standing.store, opening=standing.opening, entries=standing.entries, head=head,
            business_date=night.isoformat() if night is not None else "", rows=rows,
            folders=file_in_folders(self._depot, files),
        )  # fmt: skip
        write_checkpoint(self._depot, checkpoint)
        self._lease.raise_high_water(HighWater(checkpoint.name, standing.store, standing.entries, head))
        self._remember(checkpoint.name, files)
        self._forget_receipts()
        return checkpoint

    def _known(self) -> Mapping[str, Filed]:
        """Files of the checkpoint that this copy came from, by path; their objects are in the depot."""
        name = checkpoint_of(self._home)
        if name and name != self._read:
            files = files_of(self._depot, read_checkpoint(self._depot, name).folders.values())
            self._remember_files(name, files)
        return self._before if name else {}

    def _remember(self, name: str, files: Iterable[Filed]) -> None:
        set_checkpoint(self._home, name)
        self._remember_files(name, files)

    def _remember_files(self, name: str, files: Iterable[Filed]) -> None:
        self._read, self._before = name, {filed.path: filed for filed in files}
        self._depot.know(piece for filed in self._before.values() for piece in filed.pieces)

    def _is_as_it_was(self, path: Path, known: Filed) -> bool:
        """Tell by size and time, without reading it, that a file was not written since this copy was in the depot."""
        there = path.stat()
        since = (self._home / _COPY).stat().st_mtime_ns - _JUST_NOW
        return there.st_size == known.size and there.st_mtime_ns < since

    def _filed(self, path: Path, name: str = "") -> Filed:
        """Put a file into the depot."""
        pieces, size = list[str](), 0
        with path.open("rb") as file:
            while some := list(_blocks(file, 8)):
                size += sum(map(len, some))
                pieces += self._depot.together(self._depot.put, some)
        return Filed(name or str(path.relative_to(self._home)), size, tuple(pieces or [self._depot.put(b"")]))

    def _forget_receipts(self) -> None:
        """Remove receipts of deliveries that are entered."""
        kept = self._depot.names(NAMED)
        if kept:
            here = {
                _number(str(file.relative_to(self._home)))
                for path in self._home.glob("outbox/*/*/.*")
                if (file := receipts.file_of(path)) is not None
            }
            self._depot.remove(f"{NAMED}/{name}" for name in kept if name not in here)


def bring_receipts(depot: Depot, home: Path) -> None:
    """Put receipts beside the files of a copy, whichever machine they were left by."""
    for told in depot.together(lambda name: json.loads(depot.read(f"{NAMED}/{name}")), depot.names(NAMED)):
        local = home / told["path"]
        if local.parent.is_dir():
            receipts.leave(local, told["sha256"])


def checkpoint_of(home: Path) -> str:
    """Return the name of the checkpoint that a copy was taken from or became; empty where it is none."""
    try:
        return str(json.loads((home / _COPY).read_bytes())["checkpoint"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def set_checkpoint(home: Path, name: str) -> None:
    """Say which checkpoint a copy is, all of which has been written by now."""
    replace_file(home / _COPY, json.dumps({"checkpoint": name}).encode("ascii"))


def _files_kept(home: Path) -> Iterator[Path]:
    """List what is kept beside the store, without files that are on their way."""
    for name in FOLDERS:
        for path in sorted((home / name).rglob("*")):
            if path.is_file() and not path.name.startswith(".") and path.suffix != ".new":
                yield path
    yield from (path for name in FILES if (path := home / name).is_file())


def _files_told_of(home: Path, links: Iterable[Link]) -> Iterator[Path]:
    """List the files that came or were prepared with entries."""
    paths = set[Path]()
    for link in links:
        if link.entry.event not in {"RECEIVED", "PREPARED"} or link.rows is None:
            continue
        told = read_rows(audit_of(home), link.rows)
        paths |= {home / "landing" / row["sha256"][:2] / row["sha256"] for row in _rows(told, "ledger.files")}
        paths |= {home / "outbox" / row["path"] for row in _rows(told, "delivery.outbox")}
    yield from (path for path in sorted(paths) if path.is_file())


def _rows(told: Mapping[str, Sequence[str]], table: str) -> Iterator[Mapping[str, str]]:
    yield from (json.loads(row) for row in told.get(table, ()))


def _blocks(file: BinaryIO, count: int) -> Iterator[bytes]:
    for _ in range(count):
        if not (block := file.read(PIECE)):
            return
        yield block


def _number(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()
