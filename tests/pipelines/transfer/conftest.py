"""A partner with an embedded server, and parcels to send it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.transfer.connection import Endpoint
from pipelines.transfer.jail import Jail
from pipelines.transfer.keys import ensure_keypair
from pipelines.transfer.pull import Pulled, RemoteFile, pull
from pipelines.transfer.push import Parcel
from pipelines.transfer.server import EmbeddedServer


@dataclass(frozen=True)
class Partner:
    """An endpoint and the folder its server keeps."""

    endpoint: Endpoint
    home: Path
    server: EmbeddedServer


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    for name in ("host", "client", "stranger"):
        ensure_keypair(folder / name)
    return folder


@pytest.fixture
def open_partner(tmp_path: Path, keys: Path) -> Iterator[Callable[..., Partner]]:
    with ExitStack() as stack:

        def start(jail: Callable[[Path], Jail] = Jail) -> Partner:
            server = stack.enter_context(
                EmbeddedServer(
                    tmp_path / "server", {"partner": "partner"}, keys / "host", keys / "client.pub", jail=jail
                )
            )
            endpoint = Endpoint(
                "partner", "127.0.0.1", server.port, "partner", keys / "client", host_key=server.host_key_line
            )
            home = tmp_path / "server" / "partner"
            for folder in ("inbox", "outbox"):
                (home / folder).mkdir(exist_ok=True)
            return Partner(endpoint, home, server)

        yield start


@pytest.fixture
def partner(open_partner: Callable[..., Partner]) -> Partner:
    return open_partner()


@pytest.fixture
def take(tmp_path: Path) -> Callable[..., Pulled]:
    """Pull everything new from a partner's inbox into `landing`, at once."""

    def pulled(
        partner: Partner,
        pattern: str = "*",
        *,
        is_known: Callable[[RemoteFile], bool] = lambda _: False,
        stable_for: float = 0,
        sleep: Callable[[float], None] = lambda _: None,
        rested: Callable[[RemoteFile], float] = lambda _: 0.0,
        marker: str | None = None,
    ) -> Pulled:
        return pull(
            partner.endpoint,
            "inbox",
            pattern,
            tmp_path / "landing",
            is_known=is_known,
            stable_for=stable_for,
            sleep=sleep,
            rested=rested,
            marker=marker,
        )

    return pulled


@pytest.fixture
def make_parcel(tmp_path: Path) -> Callable[..., Parcel]:
    def make(name: str, content: bytes, *, folder: str = "outbox", group: str = "one") -> Parcel:
        local = tmp_path / "rendered" / folder / name
        local.parent.mkdir(parents=True, exist_ok=True)
        local.write_bytes(content)
        return Parcel(local, folder, name, hashlib.sha256(content).hexdigest(), len(content), group)

    return make
