"""Bring a home from its depot to this machine: proven byte for byte, and up to all that its audit log says.

The copy that is here already stays when it is the one that the mark speaks of. Else a new one is made beside it, of the
old one's bytes where these are the same, and takes its place in one step: what is broken off is begun anew.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import BinaryIO

from pipelines.audit.chain import beginning_of
from pipelines.audit.journal import folder_of as journal_of
from pipelines.audit.log import extend, hash_at, tail_of
from pipelines.audit.mark import Mark, write_mark
from pipelines.audit.record import audit_of
from pipelines.backup.put_back import restore
from pipelines.durable import append_to, make_folders, sync_folder
from pipelines.homes.check_in import STORE, bring_receipts, checkpoint_of, set_checkpoint
from pipelines.homes.depot import PIECE, Depot
from pipelines.homes.kept import Filed, HomeCheckpoint, Segment, files_of, read_checkpoint, read_tail
from pipelines.homes.leases import HighWater

_TOGETHER = 16
"""Pieces of a file that are held in memory at a time."""


def check_out(depot: Depot, mark: HighWater, home: Path) -> bool:
    """Let `home` be the home that a mark speaks of; tell whether anything was fetched for it.

    Raises
    ------
    DepotFault
        S23 when the depot does not hold what the mark says, or not as it was left; S22 when it does not answer. The
        copy that was here stays then.
    """
    is_here = is_current(home, mark)
    if not is_here:
        fresh = make_fresh(home)
        _fetch(depot, mark, fresh, home)
        put_in_place(fresh, home)
    bring_receipts(depot, home)
    return not is_here


def is_current(home: Path, mark: HighWater) -> bool:
    """Tell whether a copy is the one that a mark speaks of; it may be ahead by what was committed and not kept yet."""
    if checkpoint_of(home) != mark.checkpoint or not (home / STORE).is_file():
        return False
    head = hash_at(audit_of(home), mark.entries) if mark.entries else beginning_of(mark.store)
    return head == mark.head


def _fetch(depot: Depot, mark: HighWater, fresh: Path, old: Path) -> None:
    checkpoint = read_checkpoint(depot, mark.checkpoint)
    tail = read_tail(depot, checkpoint, mark.entries, mark.head)
    files = {filed.path: filed for filed in files_of(depot, checkpoint.folders.values())}
    files |= {filed.path: filed for segment in tail for filed in segment.files}
    place_files(depot, files.values(), fresh, old)
    _add_tail(depot, tail, fresh)
    _prove(depot, checkpoint, mark, fresh)
    if tail:
        _bring_up(depot, tail, fresh)
    set_checkpoint(fresh, checkpoint.name)
    os.sync()


def make_fresh(home: Path) -> Path:
    """Make the folder beside a copy in which the next one comes to be."""
    fresh = home.with_name(f".{home.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)  # what a killed one left
    make_folders(fresh)
    return fresh


def place_files(depot: Depot, files: Iterable[Filed], into: Path, old: Path) -> None:
    """Write files below a folder, of the bytes that lie at the same place below another where these are the same."""

    def whole(filed: Filed) -> None:
        there = old / filed.path
        if filed.path.startswith(("landing/", "outbox/")) and _is(there, filed):
            make_folders((into / filed.path).parent)
            os.link(there, into / filed.path)  # these are never written to, only replaced
        else:
            _write(depot, filed, into / filed.path, there)

    small = [filed for filed in files if len(filed.pieces) == 1]
    for folder in sorted({(into / filed.path).parent for filed in files}):
        make_folders(folder)
    depot.together(whole, small)
    for filed in files:
        if len(filed.pieces) > 1:
            _write_large(depot, filed, into / filed.path, old / filed.path)


def _is(path: Path, filed: Filed) -> bool:
    """Tell whether a small file is the one that is filed."""
    try:
        return path.stat().st_size == filed.size and _hash(path.read_bytes()) == filed.pieces[0]
    except OSError:
        return False


def _write(depot: Depot, filed: Filed, target: Path, there: Path) -> None:
    content = there.read_bytes() if _is(there, filed) else depot.get(filed.pieces[0])
    with _private(target) as file:
        file.write(content)


def _write_large(depot: Depot, filed: Filed, target: Path, there: Path) -> None:
    """Write a file piece by piece, each taken from the old copy where it is the same there."""

    def piece(numbered: tuple[int, str]) -> bytes:
        number, sha256 = numbered
        content = _read_at(there, number * PIECE)
        return content if _hash(content) == sha256 else depot.get(sha256)

    numbered = list(enumerate(filed.pieces))
    with _private(target) as file:
        for start in range(0, len(numbered), _TOGETHER):
            for content in depot.together(piece, numbered[start : start + _TOGETHER]):
                file.write(content)


def _read_at(path: Path, offset: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(PIECE)
    except OSError:
        return b""


def _add_tail(depot: Depot, tail: Iterable[Segment], home: Path) -> None:
    """Add to audit log and journal what followed the checkpoint."""
    audit = audit_of(home)
    for segment in tail:
        for page in segment.pages:
            append_to(journal_of(audit) / page.file, b"".join(map(depot.get, page.pieces)), at=page.offset)
        extend(audit, tail_of(audit), segment.links)


def _prove(depot: Depot, checkpoint: HomeCheckpoint, mark: HighWater, home: Path) -> None:
    """Refuse a copy whose log does not end where the mark stands; and let the mark beside the store say so."""
    head = hash_at(audit_of(home), mark.entries) if mark.entries else beginning_of(mark.store)
    if (checkpoint.store, head) != (mark.store, mark.head) or not (home / STORE).is_file():
        raise depot.damaged(f"checkpoints/{checkpoint.name}.json")
    write_mark(home, Mark(mark.store, checkpoint.opening, mark.entries, mark.head))


def _bring_up(depot: Depot, tail: list[Segment], home: Path) -> None:
    """Enter again what followed the checkpoint, as after the loss of a disk; all of it must be there."""
    done = restore(home, None, date.fromisoformat(tail[-1].links[-1].entry.business_date))
    if done.may_have_forgotten:
        raise depot.damaged("the tail of the audit log")


def put_in_place(fresh: Path, home: Path) -> None:
    """Let a copy take the place of the one before it."""
    old = home.with_name(f".{home.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if home.exists():
        home.replace(old)
    fresh.replace(home)
    sync_folder(home.parent)
    shutil.rmtree(old, ignore_errors=True)


def _private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
