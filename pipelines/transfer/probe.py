"""Proof that a folder on a partner's server can be written to as a night does it, without anything left behind.

A few bytes are written under a name of the pattern that every upload has on its way (`.name.part`), read back, renamed
within that pattern, and removed: who watches the folder must pass over such names anyway. The name is always the same,
so that what a server would not let us remove is there once and no more, and is taken away by the next look that can.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pipelines.transfer import names, sftp
from pipelines.transfer.codes import refusal_code
from pipelines.transfer.protocol import POSIX_RENAME, STATVFS, Open, Refused
from pipelines.transfer.session import Offer, Steps
from pipelines.transfer.together import in_one_breath

PROBE = ".ECM_EXCHANGE_DOCTOR.part"
_RENAMED = ".ECM_EXCHANGE_DOCTOR.renamed.part"
_CONTENT = b"A test of ecm-exchange whether it can write here. Remove this file: it tells nothing.\n"
_MODE = 0o640
_MARK = re.compile(rb"\.ECM_EXCHANGE_DOCTOR\.(\d{1,9})\.part")

Step = Literal["", "create", "write", "rename", "remove"]


@dataclass(frozen=True)
class Probed:
    """What came of a probe.

    Attributes
    ----------
    step
        At which it ended; empty when all went well.
    code
        Of the transfer codes, for that step.
    left
        Name of what could not be removed, or empty.
    server_time
        When the server says that the probe was written, in whole seconds since 1970.
    before, after
        When the folder was changed last, as the server says before and after; `None` where it says nothing.
    """

    step: Step = ""
    code: str = ""
    left: str = ""
    server_time: int | None = None
    before: int | None = None
    after: int | None = None


def probe(folder: str, offer: Offer, into: str | None = None) -> Steps[Probed]:
    """Write, read back, rename and remove a probe in a folder; with `into`, it is renamed into that folder."""
    paths = [names.join(folder, PROBE), names.join(folder if into is None else into, _RENAMED)]
    before = yield from _changed(folder)
    if left := (yield from _cleared(paths)):
        return Probed("remove", "T11", left, before=before)
    step: Step = "create"
    code, server_time = "", None
    try:
        handle = yield from sftp.open_file(paths[0], Open.READ | Open.WRITE | Open.CREATE | Open.EXCLUSIVE, _MODE)
        step = "write"
        server_time = yield from _written(handle, paths[0])
        step = "rename"
        yield from _rename(paths, offer)
        step = ""
    except Refused as refusal:
        code = refusal_code(refusal, missing="T10")
        if step in ("create", "write") and code == "T14" and (yield from _is_full(folder, offer)):
            code = "T25"
    except sftp.EndedEarly:
        code = "T13"
    if left := (yield from _cleared(paths)):
        step, code = step or "remove", code or "T11"
    return Probed(step, code, left, server_time, before, (yield from _changed(folder)))


def put_mark(folder: str, number: int) -> Steps[bool]:
    """Let an empty file lie in a folder, by which it is known elsewhere; returns whether it does."""
    try:
        handle = yield from sftp.open_file(_mark(folder, number), Open.WRITE | Open.CREATE | Open.EXCLUSIVE, _MODE)
        yield from sftp.close(handle)
    except Refused:
        return False
    return True


def is_mark(name: bytes) -> bool:
    """Tell whether a file is a mark, which a look that was killed may have left."""
    return _MARK.fullmatch(name) is not None


def take_marks(folder: str) -> Steps[frozenset[int]]:
    """Remove the marks that are seen in a folder, and return their numbers; none where it cannot be listed."""
    try:
        listing = yield from sftp.listing(folder.encode())
    except Refused:
        return frozenset()
    found = frozenset(int(number[1]) for name, _ in listing if (number := _MARK.fullmatch(name)))
    for mark in found:
        yield from sftp.abandon(None, _mark(folder, mark))
    return found


def _mark(folder: str, number: int) -> bytes:
    return names.join(folder, f".ECM_EXCHANGE_DOCTOR.{number}.part")


def _written(handle: sftp.Handle, path: bytes) -> Steps[int | None]:
    read = bytearray()
    try:
        _, seen, whole = yield from in_one_breath(
            sftp.write(handle, [_CONTENT]), sftp.fstat(handle), sftp.read(handle, len(_CONTENT), 1024, read.extend)
        )
        yield from sftp.close(handle)
    except (Refused, sftp.EndedEarly):
        yield from sftp.abandon(handle, path)
        raise
    if not whole or bytes(read) != _CONTENT:
        raise sftp.EndedEarly
    return seen.modified or None


def _rename(paths: list[bytes], offer: Offer) -> Steps[None]:
    refusal = yield from sftp.refusal_of(sftp.rename(*paths))
    if refusal is None:
        return
    if POSIX_RENAME not in offer.extensions:
        raise refusal
    yield from sftp.posix_rename(*paths)


def _cleared(paths: list[bytes]) -> Steps[str]:
    """Remove what lies there of a probe, and return the name of what stays, or nothing."""
    for path in paths:
        try:
            if (yield from sftp.look(path)) is None:
                continue
            yield from sftp.abandon(None, path)
            if (yield from sftp.look(path)) is not None:
                return path.rpartition(b"/")[2].decode()
        except Refused:
            continue
    return ""


def _changed(folder: str) -> Steps[int | None]:
    try:
        return (yield from sftp.lstat(names.join(folder, "."))).modified
    except Refused:
        return None


def _is_full(folder: str, offer: Offer) -> Steps[bool]:
    if STATVFS not in offer.extensions:
        return False
    try:
        return (yield from sftp.room(names.join(folder, "."))) < len(_CONTENT)
    except Refused:
        return False
