"""One file, from the outbox into a partner's folder, and the proof that it arrived.

It is written under a fixed temporary name (`.name.part`), made durable where the server offers it, read back, closed,
and only then renamed. So the final name never shows a file that is cut or corrupt, and a retry finds its own leftovers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipelines.checkpoints import Checkpoint, reached
from pipelines.transfer import names, sftp
from pipelines.transfer.codes import TRANSFER_CODES, fault, refusal_code
from pipelines.transfer.protocol import FSYNC, POSIX_RENAME, Open, Refused
from pipelines.transfer.session import Offer, Session, Steps
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

    `group` ties files that belong together, such as a roster and its manifest: see `push`.
    """

    local: Path
    folder: str
    name: str
    sha256: str
    size: int
    group: str


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
        if there.size != parcel.size or not there.is_regular:
            raise fault("T15", parcel.name)
        if (yield from _hash_at(target, parcel.size, offer)) != parcel.sha256:
            raise fault("T15", parcel.name)
        return Outcome.ALREADY_THERE
    temporary = names.join(parcel.folder, f".{parcel.name}.part")
    yield from _write_proven(parcel, temporary, offer)
    reached(Checkpoint.UPLOAD_PROVEN)
    try:
        yield from _rename(temporary, target, offer)
    except (Refused, TransferFault):
        yield from sftp.abandon(None, temporary)
        raise
    reached(Checkpoint.UPLOAD_NAMED)
    arrived = yield from sftp.look(target)
    # Some partners take a file the moment it has its name: not being there any more is no failure.
    if arrived is not None and arrived.size != parcel.size:
        raise fault("T13", parcel.name)
    return Outcome.DELIVERED


def _write_proven(parcel: Parcel, temporary: bytes, offer: Offer) -> Steps[None]:
    """Write the parcel under its temporary name and prove by size and hash that the server has it; or leave nothing."""
    # Removed and made anew rather than cut to nothing: an exclusive open never follows a link that someone put there.
    yield from sftp.abandon(None, temporary)
    flags = Open.READ | Open.WRITE | Open.CREATE | Open.EXCLUSIVE
    handle = yield from sftp.open_file(temporary, flags, _MODE)
    reached(Checkpoint.UPLOAD_OPENED)
    try:
        sent = hashlib.sha256()
        yield from sftp.write(handle, _chunks(parcel.local, offer.write, sent))
        if sent.hexdigest() != parcel.sha256:
            raise fault("T22", parcel.name)
        if FSYNC in offer.extensions:
            yield from sftp.fsync(handle)
        stored = yield from sftp.fstat(handle)
        if stored.size != parcel.size or (yield from _hash(handle, parcel.size, offer)) != parcel.sha256:
            raise fault("T13", parcel.name)
    except (Refused, TransferFault, sftp.EndedEarly, OSError):
        yield from sftp.abandon(handle, temporary)
        raise
    try:
        yield from sftp.close(handle)
    except Refused:
        yield from sftp.abandon(None, temporary)
        raise


def _rename(temporary: bytes, target: bytes, offer: Offer) -> Steps[None]:
    """Give the file its name unless someone took it meanwhile.

    The plain rename comes first, since it does not overwrite. Some file systems cannot do it; then, if the target is
    still free, the extension is used.
    """
    try:
        yield from sftp.rename(temporary, target)
    except Refused:
        if (yield from sftp.look(target)) is not None:
            raise fault("T15", "a file was put there meanwhile") from None
        if POSIX_RENAME not in offer.extensions:
            raise
    else:
        return
    yield from sftp.posix_rename(temporary, target)


def _hash_at(path: bytes, size: int, offer: Offer) -> Steps[str]:
    handle = yield from sftp.open_file(path, Open.READ)
    try:
        digest = yield from _hash(handle, size, offer)
    except (Refused, sftp.EndedEarly):
        yield from sftp.abandon(handle)
        raise
    yield from sftp.close(handle)
    return digest


def _hash(handle: bytes, size: int, offer: Offer) -> Steps[str]:
    received = hashlib.sha256()
    yield from sftp.read(handle, size, offer.read, received.update)
    return received.hexdigest()


def _chunks(local: Path, size: int, sent: hashlib._Hash) -> Iterator[bytes]:
    with local.open("rb") as file:
        while chunk := file.read(size):
            sent.update(chunk)
            yield chunk
            reached(Checkpoint.UPLOAD_BEGUN)
