"""The embedded server's answers: a folder and what is below it, as sFTP requests see it. No sockets here.

Paths are read as if the folder were the root. What a link leads to is served only when it is below the folder too.
"""

from __future__ import annotations

import os
import posixpath
import shutil
from collections.abc import Callable, Iterator
from io import FileIO
from itertools import islice
from pathlib import Path

from pipelines.transfer.protocol import (
    FSYNC,
    LIMITS,
    POSIX_RENAME,
    STATVFS,
    Attributes,
    Fields,
    Kind,
    Open,
    Status,
    text,
    u32,
    u64,
)

Answer = tuple[Kind, bytes]

EXTENSIONS = (LIMITS, POSIX_RENAME, FSYNC, STATVFS)

_CHUNK = 255 * 1024
_NAMES_AT_ONCE = 100

# Not blocking: the open of a pipe would wait for its other end, and the thread with it.
_ALWAYS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Jail:
    """Answers the requests of one session.

    Each method named after a request takes its fields and returns the answer's type and fields; `OSError` becomes a
    status. `extensions` are those the session is told of.
    """

    def __init__(self, home: Path, extensions: tuple[bytes, ...] = EXTENSIONS) -> None:
        self.extensions = extensions
        self._home = home.resolve()
        self._files: dict[bytes, FileIO] = {}
        self._listings: dict[bytes, Iterator[tuple[bytes, Attributes]]] = {}
        self._opened = 0
        self._requests: dict[int, Callable[[Fields], Answer]] = {
            Kind.OPEN: self.open,
            Kind.CLOSE: self.close,
            Kind.READ: self.read,
            Kind.WRITE: self.write,
            Kind.LSTAT: lambda fields: _attributes(self._path(fields, follow=False).lstat()),
            Kind.STAT: lambda fields: _attributes(self._path(fields).stat()),
            Kind.FSTAT: lambda fields: _attributes(os.fstat(self._file(fields).fileno())),
            Kind.OPENDIR: self.opendir,
            Kind.READDIR: self.readdir,
            Kind.REMOVE: self.remove,
            Kind.MKDIR: self.mkdir,
            Kind.REALPATH: self.realpath,
            Kind.RENAME: self.rename,
            Kind.EXTENDED: self.extended,
        }

    def answer(self, kind: int, fields: Fields) -> Answer:
        """Answer one request; every failure is a status."""
        handler = self._requests.get(kind)
        if handler is None:
            return _status(Status.UNSUPPORTED)
        try:
            return handler(fields)
        except FileNotFoundError:
            return _status(Status.NO_SUCH_FILE)
        except PermissionError:
            return _status(Status.PERMISSION_DENIED)
        except KeyError:
            return _status(Status.BAD_MESSAGE)  # no such handle
        except (OSError, ValueError, RuntimeError):  # the latter two: a NUL in a path, links in a circle
            return _status(Status.FAILURE)

    def leave(self) -> None:
        """Close what the session left open."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def open(self, fields: Fields) -> Answer:
        """Open or create a regular file."""
        raw = fields.view()
        wanted = Open(fields.u32())
        path = self._path(Fields(text(bytes(raw))), follow=Open.EXCLUSIVE not in wanted)
        flags = os.O_RDWR if Open.READ | Open.WRITE in wanted else os.O_WRONLY if Open.WRITE in wanted else os.O_RDONLY
        for asked, flag in ((Open.CREATE, os.O_CREAT), (Open.TRUNCATE, os.O_TRUNC), (Open.EXCLUSIVE, os.O_EXCL)):
            flags |= flag if asked in wanted else 0
        mode = fields.attributes().mode
        descriptor = os.open(path, flags | _ALWAYS, 0o666 if mode is None else mode & 0o777)
        if not _seen(os.fstat(descriptor)).is_regular:
            os.close(descriptor)
            raise PermissionError
        file = FileIO(descriptor, "r+" if flags & os.O_RDWR else "w" if flags & os.O_WRONLY else "r")
        handle = self._new_handle()
        self._files[handle] = file
        return Kind.HANDLE, text(handle)

    def close(self, fields: Fields) -> Answer:
        """Close a file or a listing."""
        handle = fields.text()
        if handle in self._listings:
            del self._listings[handle]
        else:
            self._files.pop(handle).close()
        return _status(Status.OK)

    def read(self, fields: Fields) -> Answer:
        """Read at an offset."""
        file = self._file(fields)
        file.seek(fields.u64())
        data = file.read(min(fields.u32(), _CHUNK))
        return (Kind.DATA, text(data)) if data else _status(Status.EOF)

    def write(self, fields: Fields) -> Answer:
        """Write at an offset."""
        file = self._file(fields)
        file.seek(fields.u64())
        data = fields.view()
        while data:
            data = data[file.write(data) :]
        return _status(Status.OK)

    def opendir(self, fields: Fields) -> Answer:
        """Begin a listing, in the order of the names."""
        with os.scandir(self._path(fields)) as entries:
            found = sorted((os.fsencode(entry.name), _seen(entry.stat(follow_symlinks=False))) for entry in entries)
        handle = self._new_handle()
        self._listings[handle] = iter(found)
        return Kind.HANDLE, text(handle)

    def readdir(self, fields: Fields) -> Answer:
        """Go on with a listing."""
        some = list(islice(self._listings[fields.text()], _NAMES_AT_ONCE))
        if not some:
            return _status(Status.EOF)
        return Kind.NAME, u32(len(some)) + b"".join(text(name) + text(name) + seen.pack() for name, seen in some)

    def remove(self, fields: Fields) -> Answer:
        """Remove a file."""
        self._path(fields, follow=False).unlink()
        return _status(Status.OK)

    def mkdir(self, fields: Fields) -> Answer:
        """Make a folder."""
        self._path(fields, follow=False).mkdir()
        return _status(Status.OK)

    def realpath(self, fields: Fields) -> Answer:
        """Return a path as the session sees it."""
        name = _normal(fields.text())
        return Kind.NAME, u32(1) + text(name) + text(name) + Attributes().pack()

    def rename(self, fields: Fields) -> Answer:
        """Rename; an existing target is left alone."""
        old, new = self._path(fields, follow=False), self._path(fields, follow=False)
        if os.path.lexists(new):
            raise FileExistsError
        old.rename(new)
        return _status(Status.OK)

    def extended(self, fields: Fields) -> Answer:
        """Answer an extension's request."""
        name = fields.text()
        if name not in self.extensions:
            return _status(Status.UNSUPPORTED)
        if name == LIMITS:
            return Kind.EXTENDED_REPLY, u64(_CHUNK + 1024) + u64(_CHUNK) + u64(_CHUNK) + u64(0)
        if name == STATVFS:
            return Kind.EXTENDED_REPLY, self.room(self._path(fields))
        if name == FSYNC:
            os.fsync(self._file(fields).fileno())
        else:
            self._path(fields, follow=False).replace(self._path(fields, follow=False))
        return _status(Status.OK)

    def room(self, path: Path) -> bytes:
        """Tell what is left of a file system: eleven numbers, of which the second and the fifth say it in bytes."""
        free = shutil.disk_usage(path).free
        return b"".join(map(u64, (1, 1, 0, free, free, 0, 0, 0, 0, 0, 255)))

    def _file(self, fields: Fields) -> FileIO:
        return self._files[fields.text()]

    def _new_handle(self) -> bytes:
        self._opened += 1
        return b"%d" % self._opened

    def _path(self, fields: Fields, *, follow: bool = True) -> Path:
        """Return the local path, which is below the home even after links; raises `PermissionError` if it is not."""
        parts = [os.fsdecode(part) for part in _normal(fields.text()).split(b"/") if part]
        path = self._home.joinpath(*parts)
        real = path.resolve() if follow or not parts else path.parent.resolve() / path.name
        if not real.is_relative_to(self._home):
            raise PermissionError
        return real


def _normal(raw: bytes) -> bytes:
    """Return an absolute path without `.` and `..`; the root's parent is the root."""
    return posixpath.normpath(b"/" + raw.lstrip(b"/"))


def _status(status: Status) -> Answer:
    return Kind.STATUS, u32(status) + text(status.name.encode()) + text(b"")


def _seen(result: os.stat_result) -> Attributes:
    return Attributes(result.st_size, result.st_uid, result.st_mode, int(result.st_mtime))


def _attributes(result: os.stat_result) -> Answer:
    return Kind.ATTRS, _seen(result).pack()
