"""The bytes of sFTP version 3 (draft-ietf-secsh-filexfer-02): numbers, fields, attributes. No input or output here.

Client and embedded server share it. Names and paths are bytes throughout, since nothing says they are UTF-8.
"""

from __future__ import annotations

import stat
import struct
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import NamedTuple

VERSION = 3

SAFE_CHUNK = 32 * 1024
"""Bytes every server must take or give in one request."""

LARGEST_PACKET = 4 * 1024 * 1024
"""A longer one is garbage, not something to wait for."""

LIMITS = b"limits@openssh.com"
POSIX_RENAME = b"posix-rename@openssh.com"
FSYNC = b"fsync@openssh.com"
STATVFS = b"statvfs@openssh.com"


class Kind(IntEnum):
    """Packet types."""

    INIT = 1
    VERSION = 2
    OPEN = 3
    CLOSE = 4
    READ = 5
    WRITE = 6
    LSTAT = 7
    FSTAT = 8
    OPENDIR = 11
    READDIR = 12
    REMOVE = 13
    MKDIR = 14
    REALPATH = 16
    STAT = 17
    RENAME = 18
    STATUS = 101
    HANDLE = 102
    DATA = 103
    NAME = 104
    ATTRS = 105
    EXTENDED = 200
    EXTENDED_REPLY = 201


class Status(IntEnum):
    """Status codes; `FAILURE` stands for everything the others do not say: no space, quota, exists."""

    OK = 0
    EOF = 1
    NO_SUCH_FILE = 2
    PERMISSION_DENIED = 3
    FAILURE = 4
    BAD_MESSAGE = 5
    UNSUPPORTED = 8


class Open(IntFlag):
    """How a file is opened."""

    READ = 1
    WRITE = 2
    CREATE = 8
    TRUNCATE = 16
    EXCLUSIVE = 32


_SIZE, _OWNER, _MODE, _TIMES, _EXTENDED = 1, 2, 4, 8, 0x80000000


class ProtocolFault(Exception):
    """The other side sent what the protocol does not allow; nothing more can be said to it."""


class Refused(Exception):
    """The server answered a request with a status other than OK. Its words are not kept: they may hold names."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(f"sFTP status {status}")


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a server says of a file; `None` where it says nothing.

    `size` in bytes, `modified` in whole seconds since 1970, `mode` with the file type bits.
    """

    size: int | None = None
    owner: int | None = None
    mode: int | None = None
    modified: int | None = None

    @property
    def is_regular(self) -> bool:
        """Tell whether this is surely a plain file."""
        return self.mode is not None and stat.S_ISREG(self.mode)

    @property
    def is_folder(self) -> bool:
        """Tell whether this is surely a directory."""
        return self.mode is not None and stat.S_ISDIR(self.mode)

    def agrees_with(self, other: Attributes) -> bool:
        """Tell whether both can describe one unchanged file: all that both say is equal, and the size is known."""
        mine, theirs = ((a.size, a.owner, a.mode, a.modified) for a in (self, other))
        return self.size is not None and all(a == b for a, b in zip(mine, theirs, strict=True) if None not in {a, b})

    def pack(self) -> bytes:
        """Encode for a packet."""
        flags, parts = 0, [b""]
        if self.size is not None:
            flags, parts = flags | _SIZE, [*parts, u64(self.size)]
        if self.owner is not None:
            flags, parts = flags | _OWNER, [*parts, u32(self.owner), u32(self.owner)]
        if self.mode is not None:
            flags, parts = flags | _MODE, [*parts, u32(self.mode)]
        if self.modified is not None:
            flags, parts = flags | _TIMES, [*parts, u32(self.modified), u32(self.modified)]
        return u32(flags) + b"".join(parts)


class Request(NamedTuple):
    """One request: its type, its fields after the request id, data that follows them, bytes its answer may bring."""

    kind: Kind
    fields: bytes
    data: bytes = b""
    answer: int = 64


class Reply(NamedTuple):
    """One answer: its type and its fields after the request id."""

    kind: int
    fields: memoryview


def u32(number: int) -> bytes:
    """Encode an unsigned integer in four bytes."""
    return struct.pack(">I", number)


def u64(number: int) -> bytes:
    """Encode an unsigned integer in eight bytes."""
    return struct.pack(">Q", number)


def text(value: bytes) -> bytes:
    """Encode a string: its length, then its bytes."""
    return u32(len(value)) + value


class Fields:
    """Take a packet's fields one by one; a packet that ends too soon is a `ProtocolFault`."""

    def __init__(self, packet: bytes | memoryview) -> None:
        self._rest = memoryview(packet)

    def take(self, count: int) -> memoryview:
        """Take `count` bytes."""
        taken, self._rest = self._rest[:count], self._rest[count:]
        if len(taken) != count:
            raise ProtocolFault
        return taken

    def u32(self) -> int:
        """Take a four-byte integer."""
        return int.from_bytes(self.take(4))

    def u64(self) -> int:
        """Take an eight-byte integer."""
        return int.from_bytes(self.take(8))

    def view(self) -> memoryview:
        """Take a string without copying it."""
        return self.take(self.u32())

    def text(self) -> bytes:
        """Take a string."""
        return bytes(self.view())

    def attributes(self) -> Attributes:
        """Take a file's attributes."""
        flags = self.u32()
        size = self.u64() if flags & _SIZE else None
        owner = self.u32() if flags & _OWNER else None
        if flags & _OWNER:
            self.u32()  # the group: it says nothing about whether a file changed
        mode = self.u32() if flags & _MODE else None
        if flags & _TIMES:
            self.u32()  # the time of access changes with every read
        modified = self.u32() if flags & _TIMES else None
        if flags & _EXTENDED:
            for _ in range(2 * self.u32()):
                self.view()
        return Attributes(size, owner, mode, modified)

    def __bool__(self) -> bool:
        return len(self._rest) > 0


def expect(reply: Reply, kind: Kind) -> Fields:
    """Return the fields of an answer of the kind asked for; a status that is not OK raises `Refused`."""
    fields = Fields(reply.fields)
    if reply.kind == Kind.STATUS:
        status = fields.u32()
        if status != Status.OK:
            raise Refused(status)
    if reply.kind != kind:
        raise ProtocolFault
    return fields
