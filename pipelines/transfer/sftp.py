"""What can be asked of an sFTP server, each as a conversation that checks every answer.

All raise `Refused` when the server says no. Reading and writing keep many requests in flight; what a short answer left
out is asked for again, and an end of file before the promised size is an error, never a quiet stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipelines.transfer.protocol import (
    FSYNC,
    POSIX_RENAME,
    STATVFS,
    Attributes,
    Kind,
    Open,
    ProtocolFault,
    Refused,
    Reply,
    Request,
    Status,
    expect,
    text,
    u32,
    u64,
)
from pipelines.transfer.session import Exchange, Steps, ask

_LISTING_ANSWER = 64 * 1024  # what one READDIR may bring; bounds how many are asked ahead


class EndedEarly(Exception):
    """The file ended before the size it was said to have."""


@dataclass
class Handle:
    """An open file or folder on the server.

    Attributes
    ----------
    name
        What the server calls it.
    closing
        Whether its close was asked for. From then on the server may give the name to another file.
    """

    name: bytes
    closing: bool = False


def lstat(path: bytes) -> Steps[Attributes]:
    """Return what the server says of a path, without following a link."""
    return expect((yield from ask(Request(Kind.LSTAT, text(path)))), Kind.ATTRS).attributes()


def look(path: bytes) -> Steps[Attributes | None]:
    """Return what the server says of a path, `None` when there is nothing (or no such folder)."""
    try:
        return (yield from lstat(path))
    except Refused as refusal:
        if refusal.status == Status.NO_SUCH_FILE:
            return None
        raise


def fstat(handle: Handle) -> Steps[Attributes]:
    """Return what the server says of an open file."""
    return expect((yield from ask(Request(Kind.FSTAT, text(handle.name)))), Kind.ATTRS).attributes()


def open_file(path: bytes, flags: Open, mode: int | None = None) -> Steps[Handle]:
    """Open a file and return its handle; `mode` is for one that is created."""
    fields = text(path) + u32(flags) + Attributes(mode=mode).pack()
    return Handle(expect((yield from ask(Request(Kind.OPEN, fields))), Kind.HANDLE).text())


def close(handle: Handle) -> Steps[None]:
    """Close a handle. A server may only now find that there was no space: a failing close is a failed write."""

    def requests() -> Iterator[Request]:
        handle.closing = True
        yield Request(Kind.CLOSE, text(handle.name))

    yield Exchange(requests(), _expect_ok)


def abandon(handle: Handle | None, path: bytes | None = None) -> Steps[None]:
    """Close a handle and remove a file as far as the server lets us; for what failed already.

    A handle whose close was asked for is left alone: its name may be that of another conversation's file by now.
    """
    if handle is not None and not handle.closing:
        yield from ask(Request(Kind.CLOSE, text(handle.name)))
    if path is not None:
        yield from ask(Request(Kind.REMOVE, text(path)))


def fsync(handle: Handle) -> Steps[None]:
    """Have the server write an open file to its disk; needs the extension."""
    expect((yield from ask(Request(Kind.EXTENDED, text(FSYNC) + text(handle.name)))), Kind.STATUS)


def rename(old: bytes, new: bytes) -> Steps[None]:
    """Rename a file. OpenSSH, and servers that follow version 3, refuse when the target exists."""
    expect((yield from ask(Request(Kind.RENAME, text(old) + text(new)))), Kind.STATUS)


def posix_rename(old: bytes, new: bytes) -> Steps[None]:
    """Rename a file over what may be there; needs the extension."""
    expect((yield from ask(Request(Kind.EXTENDED, text(POSIX_RENAME) + text(old) + text(new)))), Kind.STATUS)


def refusal_of(steps: Steps[None]) -> Steps[Refused | None]:
    """Ask, and return the server's no rather than raise it."""
    try:
        yield from steps
    except Refused as refusal:
        return refusal
    return None


def listing(folder: bytes) -> Steps[list[tuple[bytes, Attributes]]]:
    """Return the raw names in a folder and what the listing says of each."""
    found: list[tuple[bytes, Attributes]] = []
    yield from scan(folder, lambda name, seen: found.append((name, seen)))
    return found


def scan(folder: bytes, deliver: Callable[[bytes, Attributes], object]) -> Steps[None]:
    """Deliver the raw names in a folder and what the listing says of each, as they come; none is kept."""
    path = folder or b"."
    handle = Handle(expect((yield from ask(Request(Kind.OPENDIR, text(path)))), Kind.HANDLE).text())
    ended = False

    def requests() -> Iterator[Request]:
        while not ended:
            yield Request(Kind.READDIR, text(handle.name), answer=_LISTING_ANSWER)

    def take(_: Request, reply: Reply) -> None:
        nonlocal ended
        try:
            fields = expect(reply, Kind.NAME)
        except Refused as refusal:
            ended = True
            if refusal.status != Status.EOF:
                raise
            return
        for _entry in range(fields.u32()):
            name = fields.text()
            fields.view()  # the line a person would see; every server words it differently
            seen = fields.attributes()
            if name not in {b".", b".."}:
                deliver(name, seen)

    try:
        yield Exchange(requests(), take)
    except Refused:
        yield from abandon(handle)
        raise
    yield from close(handle)


def read(
    handle: Handle, size: int, chunk: int, deliver: Callable[[memoryview], object], *, start: int = 0
) -> Steps[bool]:
    """Deliver the first `size` bytes of an open file in order, from `start` on, asking for `chunk` bytes at a time.

    Returns whether it was all of them: a close that was asked for in the same breath leaves no way to ask for what a
    short answer left out. Raises `EndedEarly` when there are fewer; what `deliver` raises comes through.
    """
    step = chunk
    whole = True

    def ask_for(offset: int, count: int) -> Request:
        return Request(Kind.READ, text(handle.name) + u64(offset) + u32(count), answer=count)

    def requests() -> Iterator[Request]:
        offset = start
        while offset < size:
            count = min(step, size - offset)
            yield ask_for(offset, count)
            offset += count

    def take(request: Request, reply: Reply) -> Request | None:
        nonlocal step, whole
        data = _data(request, reply)
        if whole:
            deliver(data)
        missing = request.answer - len(data)
        whole = whole and not (missing and handle.closing)
        if not missing or not whole:
            return None
        step = min(step, len(data))  # the server gives no more at once: stop asking for it
        offset = int.from_bytes(request.fields[-12:-4]) + len(data)
        return ask_for(offset, missing)

    yield Exchange(requests(), take)
    return whole


def _data(request: Request, reply: Reply) -> memoryview:
    try:
        data = expect(reply, Kind.DATA).view()
    except Refused as refusal:
        if refusal.status == Status.EOF:
            raise EndedEarly from None
        raise
    if not 0 < len(data) <= request.answer:
        raise ProtocolFault
    return data


def room(folder: bytes) -> Steps[int]:
    """Return how many bytes can still be written below a folder, as its file system sees it; needs the extension."""
    fields = expect((yield from ask(Request(Kind.EXTENDED, text(STATVFS) + text(folder)))), Kind.EXTENDED_REPLY)
    _, fragment, _, _, available, *_ = (fields.u64() for _ in range(11))
    return fragment * available


def ends_at(handle: Handle, size: int) -> Steps[bool]:
    """Tell whether nothing follows the first `size` bytes of an open file."""
    fields = text(handle.name) + u64(size) + u32(1)
    try:
        expect((yield from ask(Request(Kind.READ, fields))), Kind.DATA)
    except Refused as refusal:
        if refusal.status == Status.EOF:
            return True
        raise
    return False


def write(handle: Handle, chunks: Iterable[bytes]) -> Steps[None]:
    """Write `chunks` one after another from the start of an open file; every answer is looked at."""

    def requests() -> Iterator[Request]:
        offset = 0
        for chunk in chunks:
            yield Request(Kind.WRITE, text(handle.name) + u64(offset) + u32(len(chunk)), chunk)
            offset += len(chunk)

    yield Exchange(requests(), _expect_ok)


def _expect_ok(_: Request, reply: Reply) -> None:
    expect(reply, Kind.STATUS)
