"""One file, from a partner's folder into the landing folder: taken only when it was one unchanged file throughout."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.transfer import sftp
from pipelines.transfer.codes import fault, refusal_code
from pipelines.transfer.landing import Arrival, arrival
from pipelines.transfer.protocol import Attributes, Open, Refused
from pipelines.transfer.session import Offer, Steps
from schemas.problems import TransferFault


@dataclass(frozen=True)
class RemoteFile:
    """A file as a folder's listing shows it: its safe name, size in bytes, time of change in seconds since 1970."""

    name: str
    size: int
    modified: int


@dataclass(frozen=True)
class LandedFile:
    """A file that landed, its SHA-256 in hex and where its bytes are."""

    name: str
    size: int
    modified: int
    sha256: str
    path: Path


@dataclass(frozen=True)
class SkippedFile:
    """A file that was left where it is, and the transfer code that says why.

    `name` is a placeholder, `unsafe:` and some hex digits, when the name is not fit to be shown.
    """

    name: str
    code: str


def fetch(
    path: bytes, file: RemoteFile, listed: Attributes, landing: Path, offer: Offer, key: str
) -> Steps[LandedFile | SkippedFile]:
    """Land the file at `path`, which the listing described as `listed`; whatever goes wrong is a `SkippedFile`."""
    try:
        seen = yield from sftp.lstat(path)
        if not seen.is_regular:
            return SkippedFile(file.name, "T19")
        if not seen.agrees_with(listed):
            return SkippedFile(file.name, "T20")
        # Without a time of change there is no telling whether the file is still the same.
        version = f"{file.size}-{file.modified}" if listed.modified is not None else ""
        with arrival(landing, key, version) as incoming:
            yield from _read(path, file, seen, incoming, offer)
            return LandedFile(file.name, file.size, file.modified, incoming.hash.hexdigest(), incoming.settle(landing))
    except Refused as refusal:
        return SkippedFile(file.name, refusal_code(refusal, missing="T12"))
    except TransferFault as problem:
        return SkippedFile(file.name, problem.code)
    except OSError:
        return SkippedFile(file.name, "T21")


def _read(path: bytes, file: RemoteFile, seen: Attributes, incoming: Arrival, offer: Offer) -> Steps[None]:
    """Read a file that must agree with `seen` before, after and at its end; raises `TransferFault` T12 if not."""
    changed = fault("T12", file.name)
    handle = yield from sftp.open_file(path, Open.READ)
    try:
        if not (yield from sftp.fstat(handle)).agrees_with(seen):
            raise changed
        yield from sftp.read(handle, file.size, offer.read, incoming.add, start=incoming.size)
        if incoming.size != file.size or not (yield from sftp.ends_at(handle, file.size)):
            raise changed
        if not (yield from sftp.fstat(handle)).agrees_with(seen):
            raise changed
    except sftp.EndedEarly:
        yield from sftp.abandon(handle)
        raise changed from None
    except (Refused, TransferFault, OSError):
        yield from sftp.abandon(handle)
        raise
    yield from sftp.close(handle)
    if not (yield from sftp.lstat(path)).agrees_with(seen):
        raise changed
