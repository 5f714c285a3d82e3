"""A depot: where homes are kept between nights. The only place that speaks to its file system, whichever it is.

What lies in it: objects under their SHA-256, and small files that say which objects make what. Nothing is ever changed
where it lies. A file has its name only when it is proven to be there whole: it is read back under another name first;
a store of objects, which shows nothing before all of it is there, compares the hash.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self, TypeVar
from urllib.parse import unquote, urlsplit

import fsspec

from pipelines.durable import make_folders, sync_folder
from pipelines.transfer.connection import Endpoint
from pipelines.transfer.pinned import access_of
from schemas.problems import ExchangeError, ExitCode

T = TypeVar("T")
R = TypeVar("R")

PIECE = 1024 * 1024
"""Bytes of an object at most: a larger file is several, and the next checkpoint shares those that did not change."""

_AT_ONCE = 4
"""Objects on their way side by side, each over a connection of its own."""

_ANSWERED_WITHIN = 60.0
"""Seconds."""

_TRIES = 2
"""A connection that was idle for long may have gone meanwhile."""


class DepotFault(ExchangeError):
    """The depot did not do what it has to: nothing that relies on it was done."""

    exit_code = ExitCode.INPUT_OUTPUT


class Depot:
    """One plan's depot, to be closed; over sFTP each thread that uses it has a connection of its own."""

    def __init__(self, url: str, environment: Mapping[str, str], known_hosts: Path | None = None) -> None:
        """Take the secrets from the plan's own environment; nothing is connected to yet."""
        parts = urlsplit(url)
        self.where = url
        self._scheme = parts.scheme
        self._root = f"{parts.netloc}{parts.path}" if parts.scheme == "s3" else unquote(parts.path)
        self._options = _OPTIONS[parts.scheme](url, environment, known_hosts)
        self._of_all = threading.local() if self._scheme == "sftp" else SimpleNamespace()
        self._threads = ThreadPoolExecutor(_AT_ONCE)
        self._there: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)

    def put(self, content: bytes) -> str:
        """Put an object there unless it is known to be, and return its SHA-256."""
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 not in self._there:
            self.write(_place_of(sha256), content)
            self._there.add(sha256)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return an object.

        Raises
        ------
        DepotFault
            S23 when it is not what its name says, or gone; S22 when the depot does not answer.
        """
        content = self.read(_place_of(sha256))
        if hashlib.sha256(content).hexdigest() != sha256:
            raise self.damaged(_place_of(sha256))
        return content

    def know(self, objects: Iterable[str]) -> None:
        """Take it for known that objects are there."""
        self._there.update(objects)

    def write(self, name: str, content: bytes) -> None:
        """Write a file, durably.

        Raises
        ------
        DepotFault
            S22.
        """
        self._tried("be written", lambda files: self._write(files, f"{self._root}/{name}", content))

    def read(self, name: str) -> bytes:
        """Read a file.

        Raises
        ------
        DepotFault
            S23 when it is not there, S22 when the depot does not answer.
        """
        found = self._tried("be read", lambda files: _content(files, f"{self._root}/{name}"))
        if found is None:
            raise self.damaged(name)
        return found

    def names(self, folder: str) -> list[str]:
        """List the names of the files in a folder, in their order; one that is not there has none."""

        def listed(files: Any) -> list[str]:
            try:
                found = files.ls(f"{self._root}/{folder}", detail=False)
            except FileNotFoundError:
                return []
            names = (str(path).rstrip("/").rpartition("/")[2] for path in found)
            return sorted(name for name in names if not name.startswith("."))

        return self._tried("be read", listed)

    def remove(self, names: Iterable[str]) -> None:
        """Remove files; one that is gone already is no fault."""

        def remove(name: str) -> None:
            def gone(files: Any) -> None:
                with suppress(FileNotFoundError):
                    files.rm_file(f"{self._root}/{name}")

            self._tried("be written", gone)

        self.together(remove, names)

    def remove_objects(self, objects: Iterable[str]) -> None:
        """Remove objects."""
        gone = sorted(objects)
        self._there.difference_update(gone)
        self.remove(map(_place_of, gone))

    def objects(self) -> Iterator[str]:
        """List every object, and what a process left of one that was broken off while it wrote it."""

        def listed(files: Any) -> list[str]:
            return [str(path).rpartition("/")[2] for path in files.find(f"{self._root}/objects")]

        yield from self._tried("be read", listed)

    def together(self, do: Callable[[T], R], what: Iterable[T]) -> list[R]:
        """Do something for each, some side by side, and return what became of them in their order."""
        return list(self._threads.map(do, what))

    def damaged(self, name: str) -> DepotFault:
        """Say that something in the depot is not as it was left."""
        return DepotFault(
            "S23", f"{name} of the depot is gone or was changed", where=self.where,
            remedy="Put the depot's files back, or take an earlier checkpoint: see docs/homes.md.",
        )  # fmt: skip

    def _tried(self, what: str, do: Callable[[Any], T]) -> T:
        """Do something over this thread's connection, once more over a new one where it fails."""
        kind = ""
        for _ in range(_TRIES):
            try:
                return do(self._files())
            except ExchangeError:
                raise
            except Exception as failure:  # noqa: BLE001 - libraries of all kinds; what they say may name accounts
                kind = type(failure).__name__
                self._of_all.files = None
        raise DepotFault(
            "S22", f"the depot cannot {what} ({kind})", where=self.where,
            remedy="See that it is reached, has room, and lets this account write. Then run again: it goes on.",
        )  # fmt: skip

    def _files(self) -> Any:
        files = getattr(self._of_all, "files", None)
        if files is None:
            files = fsspec.filesystem(self._scheme, skip_instance_cache=True, **self._options)
            if self._scheme == "sftp":
                files.ftp.get_channel().settimeout(_ANSWERED_WITHIN)
            self._of_all.files = files
        return files

    def _write(self, files: Any, path: str, content: bytes) -> None:
        if self._scheme == "s3":
            checked = base64.b64encode(hashlib.sha256(content).digest()).decode("ascii")
            files.pipe_file(path, content, ChecksumSHA256=checked)
            return
        folder, _, name = path.rpartition("/")
        temporary = f"{folder}/.{name}.{secrets.token_hex(4)}"
        if self._scheme == "file":
            make_folders(Path(folder))
        else:
            files.makedirs(folder, exist_ok=True, mode=0o700)
        try:
            self._write_proven(files, temporary, content)
            files.mv(temporary, path)
        except BaseException:
            with suppress(Exception):
                files.rm_file(temporary)
            raise
        if self._scheme == "file":
            sync_folder(Path(folder))

    def _write_proven(self, files: Any, path: str, content: bytes) -> None:
        with files.open(path, "wb") as file:
            if self._scheme == "sftp":
                files.ftp.chmod(path, 0o600)
                file.set_pipelined(True)
            else:
                Path(path).chmod(0o600)
            file.write(content)
            file.flush()
            if self._scheme == "file":
                os.fsync(file.fileno())
        if _content(files, path) != content:
            raise OSError("not what was written")


def _place_of(name: str) -> str:
    """Say where an object lies, or what a process left that was broken off while it wrote one."""
    return f"objects/{name.lstrip('.')[:2]}/{name}"


def _content(files: Any, path: str) -> bytes | None:
    """Read a file; `None` where there is none."""
    try:
        if files.protocol[0] != "sftp":
            return bytes(files.cat_file(path))
        with files.open(path, "rb") as file:
            file.prefetch()  # else each part is asked for when the last has come
            return bytes(file.read())
    except FileNotFoundError:
        return None


def _of_folder(url: str, environment: Mapping[str, str], known_hosts: Path | None) -> dict[str, Any]:  # noqa: ARG001
    return {}


def _of_bucket(url: str, environment: Mapping[str, str], known_hosts: Path | None) -> dict[str, Any]:  # noqa: ARG001
    """Give the plan's own keys of its bucket; without any the machine's own account is used, never another plan's."""
    region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
    return {
        "use_listings_cache": False,
        "key": environment.get("AWS_ACCESS_KEY_ID"),
        "secret": environment.get("AWS_SECRET_ACCESS_KEY"),
        "token": environment.get("AWS_SESSION_TOKEN"),
        "endpoint_url": environment.get("AWS_ENDPOINT_URL"),
        "client_kwargs": {"region_name": region} if region else {},
        "config_kwargs": {
            "connect_timeout": _ANSWERED_WITHIN / 4, "read_timeout": _ANSWERED_WITHIN, "retries": {"max_attempts": 3},
        },
    }  # fmt: skip


def _of_server(url: str, environment: Mapping[str, str], known_hosts: Path | None) -> dict[str, Any]:
    parts = urlsplit(url)
    key_file = environment.get("ECM_DEPOT_KEY_FILE")
    return access_of(
        Endpoint(
            name=url, host=parts.hostname or "", port=parts.port or 22, username=unquote(parts.username or ""),
            key_file=Path(key_file) if key_file else None, password=environment.get("ECM_DEPOT_PASSWORD"),
            known_hosts=known_hosts,
        )
    )  # fmt: skip


_OPTIONS: dict[str, Callable[[str, Mapping[str, str], Path | None], dict[str, Any]]] = {
    "file": _of_folder,
    "s3": _of_bucket,
    "sftp": _of_server,
}
