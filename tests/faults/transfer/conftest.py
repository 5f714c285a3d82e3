"""Partners whose servers or lines fail: the embedded server, whose answers a test can change, and a real one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pipelines.transfer.connection import Endpoint
from pipelines.transfer.jail import Jail
from pipelines.transfer.keys import ensure_keypair
from pipelines.transfer.pull import Pulled, pull
from pipelines.transfer.push import Parcel, PushResult, push
from pipelines.transfer.retry import Retry
from pipelines.transfer.server import EmbeddedServer

_NUMBERS = count()


@dataclass
class Partner:
    """A partner, what it has in its folders, and what came of it on our side."""

    endpoint: Endpoint
    home: Path
    ours: Path
    give: Callable[[Path], object] = field(default=lambda path: path)

    def put(self, name: str, content: bytes) -> Path:
        """Leave a file to be pulled."""
        path = self.home / "inbox" / name
        path.write_bytes(content)
        self.give(path)
        return path

    def over(self, port: int, **settings: Any) -> Partner:
        """The same partner at the other end of a line."""
        return replace(self, endpoint=replace(self.endpoint, port=port, **settings))

    def pull(self, *, attempts: int = 1, **settings: Any) -> Pulled:
        arguments = {"is_known": lambda _: False, "stable_for": 0, "sleep": lambda _: None, **settings}
        return pull(self.endpoint, "inbox", "*", self.ours / "landing", retry=Retry(attempts), **arguments)

    def push(self, contents: dict[str, bytes], *, attempts: int = 1) -> list[tuple[str, str]]:
        """Deliver contents by name, each by itself; returns outcome and code of each."""
        parcels = [self.parcel(name, content) for name, content in contents.items()]
        results: tuple[PushResult, ...] = push(self.endpoint, parcels, sleep=lambda _: None, retry=Retry(attempts))
        return [(result.outcome.value, result.code) for result in results]

    def landed(self) -> list[tuple[str, str]]:
        """Every file in the landing folder, finished or not, with the hash of what is in it."""
        files = (path for path in (self.ours / "landing").rglob("*") if path.is_file())
        return sorted((path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files)

    def delivered(self) -> list[tuple[str, str]]:
        """Every file in the partner's folder, temporary ones included, with the hash of what is in it."""
        files = (self.home / "outbox").iterdir()
        return sorted((path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files)

    def parcel(self, name: str, content: bytes) -> Parcel:
        local = self.ours / "rendered" / name
        local.parent.mkdir(parents=True, exist_ok=True)
        local.write_bytes(content)
        return Parcel(local, "outbox", name, hashlib.sha256(content).hexdigest(), len(content), name)


def digests(contents: dict[str, bytes]) -> list[tuple[str, str]]:
    """What a partner's folder must hold of these."""
    return sorted((name, hashlib.sha256(content).hexdigest()) for name, content in contents.items())


def hashes(contents: dict[str, bytes]) -> list[tuple[str, str]]:
    """What the landing folder must hold of these."""
    return sorted((digest, digest) for _, digest in digests(contents))


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    for name in ("host", "client"):
        ensure_keypair(folder / name)
    return folder


@pytest.fixture
def embedded(tmp_path: Path, keys: Path) -> Iterator[Callable[..., Partner]]:
    """Start a partner on the embedded server, with a jail of the test's own."""
    with ExitStack() as stack:

        def start(jail: Callable[[Path], Jail] = Jail) -> Partner:
            root = tmp_path / f"embedded-{next(_NUMBERS)}"
            server = stack.enter_context(
                EmbeddedServer(root, {"partner": "partner"}, keys / "host", keys / "client.pub", jail=jail)
            )
            for folder in ("inbox", "outbox"):
                (root / "partner" / folder).mkdir()
            endpoint = Endpoint(
                "partner", "127.0.0.1", server.port, "partner", keys / "client", host_key=server.host_key_line
            )
            return Partner(endpoint, root / "partner", tmp_path / f"ours-{next(_NUMBERS)}")

        yield start


@pytest.fixture
def openssh(sshd: Any, tmp_path: Path) -> Iterator[Callable[..., Partner]]:
    """Start a partner on an OpenSSH server; one with options or limits of its own is ended with the test."""
    started: list[Any] = []

    def start(*options: str, limits: str = "") -> Partner:
        server = sshd
        if options or limits:
            server = replace(sshd, options=(*sshd.options, *options), limits=limits, running={})
            started.append(server)
        account = f"fault-{os.getpid()}-{next(_NUMBERS)}"
        for folder in ("inbox", "outbox"):
            server.folder(account, folder)
        return Partner(
            server.endpoint(account), server.root / account, tmp_path / f"ours-{next(_NUMBERS)}", server.give
        )

    yield start
    for server in started:
        server.stop()


@pytest.fixture(params=["embedded", "openssh"])
def partner(request: pytest.FixtureRequest) -> Partner:
    """A well partner, on each kind of server in turn."""
    start: Callable[[], Partner] = request.getfixturevalue(request.param)
    return start()
