"""One file, from the outbox into a partner's folder, and the proof that it arrived.

It is written under a fixed temporary name (`.name.part`), made durable where the server offers it, read back, closed,
and only then renamed. So the final name never shows a file that is cut or corrupt, and a retry finds its own leftovers.
A small file takes four round trips: a look at the target, the open, everything up to the close, the rename with a look.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pipelines.checkpoints import Checkpoint, reached
from pipelines.homes.held import STAYS, Keeper
from pipelines.transfer import names, receipts, sftp
from pipelines.transfer.codes import TRANSFER_CODES, fault, refusal_code
from pipelines.transfer.protocol import FSYNC, POSIX_RENAME, Attributes, Open, Refused, Status
from pipelines.transfer.session import Offer, Session, Steps
from pipelines.transfer.together import in_one_breath, nothing
from schemas.problems import TransferFault

_MODE = 0o640


class Outcome(StrEnum):
    """How a delivery ended."""

    DELIVERED = "DELIVERED"
    ALREADY_THERE = "ALREADY_THERE"  # with the same bytes
    FAILED = "FAILED"


@dataclass(frozen=True)
class Parcel:
    """A file to deliver: where it is, where it goes, and what it must be (SHA-256 in hex, size in bytes).

    `group` ties files that belong together, such as a roster and its manifest: see `push`. `keeper` is asked before the
    file gets its name, and told after it.
    """

    local: Path
    folder: str
    name: str
    sha256: str
    size: int
    group: str
    keeper: Keeper = field(default=STAYS, compare=False, repr=False)


@dataclass(frozen=True)
class PushResult:
    """How the delivery of a parcel ended; a failed one carries a transfer code and what it means."""

    parcel: Parcel
    outcome: Outcome
    code: str = ""
    detail: str = ""


def remote_sha256(session: Session, folder: str, name: str) -> str | None:
    """Return the SHA-256 of a file on the server, read back as a whole; `None` when there is none.

    Raises `TransferFault` T11, T12, T14 or T19.
    """
    where = f"{session.where}: {folder}/{name}"
    path = names.join(folder, name)
    try:
        there = session.run(sftp.look(path))
        if there is None:
            return None
        if not there.is_regular or there.size is None:
            raise fault("T19", where)
        return session.run(_hash_at(path, there.size, session.offer))
    except Refused as refusal:
        raise fault(refusal_code(refusal, missing="T12"), where) from None
    except sftp.EndedEarly:
        raise fault("T12", where) from None


def remove_part(session: Session, folder: str, name: str) -> None:
    """Remove what an earlier attempt to deliver a file left under its temporary name, if there is anything."""
    session.run(sftp.abandon(None, _temporary(folder, name)))


def deliver(parcel: Parcel, offer: Offer) -> Steps[PushResult]:
    """Deliver one parcel; whatever goes wrong is a `FAILED` result."""
    try:
        return PushResult(parcel, (yield from _deliver(parcel, offer)))
    except Refused as refusal:
        code = refusal_code(refusal, missing="T10")
    except TransferFault as problem:
        code = problem.code
    except sftp.EndedEarly:
        code = "T13"
    except OSError:
        code = "T22"
    return PushResult(parcel, Outcome.FAILED, code, TRANSFER_CODES[code].meaning)


def _deliver(parcel: Parcel, offer: Offer) -> Steps[Outcome]:
    if not names.is_safe(parcel.name):
        raise fault("T17", parcel.folder)
    target = names.join(parcel.folder, parcel.name)
    there = yield from sftp.look(target)
    if there is not None:
        yield from _require_same(parcel, target, there, offer)
        return Outcome.ALREADY_THERE
    if receipts.has(parcel.local, parcel.sha256):
        return Outcome.ALREADY_THERE  # it was, and its recipient has taken it
    temporary = _temporary(parcel.folder, parcel.name)
    yield from _write_proven(parcel, temporary, offer)
    reached(Checkpoint.UPLOAD_PROVEN)
    try:
        return (yield from _rename(parcel, temporary, target, offer))
    except (Refused, TransferFault, sftp.EndedEarly):
        yield from sftp.abandon(None, temporary)
        raise


def _require_same(parcel: Parcel, target: bytes, there: Attributes, offer: Offer) -> Steps[None]:
    """Raise `TransferFault` T15 unless what is there is the parcel, byte for byte."""
    if there.size != parcel.size or not there.is_regular:
        raise fault("T15", parcel.name)
    if (yield from _hash_at(target, parcel.size, offer)) != parcel.sha256:
        raise fault("T15", parcel.name)


def _temporary(folder: str, name: str) -> bytes:
    return names.join(folder, f".{name}.part")


def _write_proven(parcel: Parcel, temporary: bytes, offer: Offer) -> Steps[None]:
    """Write the parcel under its temporary name and prove by size and hash that the server has it; or leave nothing.

    All of it is asked in one breath; and with it the close of a file that a single read brings back. What short answers
    leave out of a longer one must be asked for while it is open.
    """
    handle = yield from _open_new(temporary)
    reached(Checkpoint.UPLOAD_OPENED)
    is_short = parcel.size <= offer.read
    received = hashlib.sha256()
    try:
        _, _, stored, is_whole, _ = yield from in_one_breath(
            sftp.write(handle, _chunks(parcel, offer.write)),
            sftp.fsync(handle) if FSYNC in offer.extensions else nothing(),
            sftp.fstat(handle),
            sftp.read(handle, parcel.size, offer.read, received.update),
            sftp.close(handle) if is_short else nothing(),
        )
        digest = received.hexdigest() if is_whole else (yield from _hash_at(temporary, parcel.size, offer))
        if stored.size != parcel.size or digest != parcel.sha256:
            raise fault("T13", parcel.name)
        if not is_short:
            yield from sftp.close(handle)
    except (Refused, TransferFault, sftp.EndedEarly, OSError):
        yield from sftp.abandon(handle, temporary)
        raise


def _open_new(temporary: bytes) -> Steps[sftp.Handle]:
    """Open the temporary file exclusively, which never follows a link that someone put there.

    What is in the way, most often what an upload left that was cut off, is removed and not cut to nothing.
    """
    flags = Open.READ | Open.WRITE | Open.CREATE | Open.EXCLUSIVE
    try:
        return (yield from sftp.open_file(temporary, flags, _MODE))
    except Refused as refusal:
        if refusal.status == Status.NO_SUCH_FILE:
            raise
    yield from sftp.abandon(None, temporary)
    return (yield from sftp.open_file(temporary, flags, _MODE))


def _rename(parcel: Parcel, temporary: bytes, target: bytes, offer: Offer) -> Steps[Outcome]:
    """Give the file its name unless someone took it meanwhile, and see that it is there.

    The plain rename comes first, since it does not overwrite. Some file systems cannot do it; then, if the target is
    still free, the extension is used.
    """
    parcel.keeper.refuse_lost()
    refusal, there = yield from in_one_breath(sftp.refusal_of(sftp.rename(temporary, target)), sftp.look(target))
    if refusal is not None and there is not None:
        # Someone put it there meanwhile: the session before this one, if its last answer was lost.
        yield from _require_same(parcel, target, there, offer)
        yield from sftp.abandon(None, temporary)
        return Outcome.ALREADY_THERE
    if refusal is not None:
        if POSIX_RENAME not in offer.extensions:
            raise refusal
        _, there = yield from in_one_breath(sftp.posix_rename(temporary, target), sftp.look(target))
    reached(Checkpoint.UPLOAD_NAMED)
    # Some partners take a file the moment it has its name: not being there any more is no failure.
    if there is not None and there.size != parcel.size:
        raise fault("T13", parcel.name)
    receipts.leave(parcel.local, parcel.sha256)
    parcel.keeper.note_named(parcel.local, parcel.sha256)
    reached(Checkpoint.UPLOAD_NOTED)
    return Outcome.DELIVERED


def _hash_at(path: bytes, size: int, offer: Offer) -> Steps[str]:
    received = hashlib.sha256()
    handle = yield from sftp.open_file(path, Open.READ)
    try:
        yield from sftp.read(handle, size, offer.read, received.update)
    except (Refused, sftp.EndedEarly):
        yield from sftp.abandon(handle)
        raise
    yield from sftp.close(handle)
    return received.hexdigest()


def _chunks(parcel: Parcel, size: int) -> Iterator[bytes]:
    """Read the local file; raises `TransferFault` T22 at its end when it was not the one announced."""
    sent = hashlib.sha256()
    with parcel.local.open("rb") as file:
        while chunk := file.read(size):
            sent.update(chunk)
            yield chunk
            reached(Checkpoint.UPLOAD_BEGUN)
    if sent.hexdigest() != parcel.sha256:
        raise fault("T22", parcel.name)
