"""A plan whose partners are accounts of a real server, and what the doctor says of it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.config import ExchangeConfig, Roster, Source, read_config, read_roster
from pipelines.config.providers import Provider
from pipelines.doctor import Ailment
from pipelines.doctor.examine import examine_partners
from sample_data import generate
from sample_data.providers import npi_of
from tests.openssh import AS_ROOT, Sshd

PROVIDER = npi_of("fresno_bridge")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Configuration and roster of the invented plan, without a night."""
    return generate(tmp_path_factory.mktemp("doctor"), members=1, days=1, returns=True).out


@pytest.fixture(scope="session")
def config(sample: Path) -> ExchangeConfig:
    return read_config(sample / "exchange.toml")


@pytest.fixture(scope="session")
def roster(config: ExchangeConfig) -> Roster:
    return Roster(tuple(each for each in read_roster(config.delivery.providers).providers if each.effective_to is None))


@dataclass
class Ward:
    """Sources and providers to be looked at: each in an account of its own unless it is told whose to share.

    `account` names its folder on the server; two wards of a session must not name one alike.
    """

    sshd: Sshd
    config: ExchangeConfig
    roster: Roster
    sources: list[Source] = field(default_factory=list)
    providers: list[Provider] = field(default_factory=list)

    def folder(self, account: str, name: str) -> Path:
        """Make a folder of an account, owned by the one who serves it."""
        self.sshd.endpoint(account)
        path = self.sshd.folder(account, name)
        path.chmod(0o755)
        return path

    def source(self, account: str, name: str = "", **changes: Any) -> Source:
        """Configure a source that reads `in` of an account."""
        told = {"layout": "mini_mif", "kind": "mini_mif", "folder": "in", "pattern": "LIST_*.csv"} | changes
        self.sources.append(Source(**{**self._way(account), "name": name or account.replace("-", "_"), **told}))
        return self.sources[-1]

    def provider(self, account: str, number: int = 0, **changes: Any) -> Provider:
        """Configure a provider of the roster that is sent to `out` of an account."""
        way = {key: value for key, value in self._way(account).items() if key in Provider.model_fields}
        told = {"active": True, "folder": "out"} | way | changes
        self.providers.append(self.roster.providers[number].model_copy(update=told))
        return self.providers[-1]

    def _way(self, account: str) -> dict[str, Any]:
        endpoint = self.sshd.endpoint(account)
        names = ("host", "port", "username", "key_file", "host_key")
        return {name: getattr(endpoint, name) for name in names}

    def examine(self, *, clock: Callable[[], float] = time.time, servers: bool = True) -> list[Ailment]:
        """Look at keys, servers and folders."""
        pins = self.sshd.keys / "known_hosts"
        host_key = " ".join((self.sshd.keys / "host.pub").read_text(encoding="ascii").split()[:2])
        lines = [f"[{each.host}]:{each.port} {host_key}\n" for each in self.providers]
        pins.write_text("".join(lines), encoding="ascii")
        delivery = self.config.delivery.model_copy(update={"known_hosts": pins})
        config = self.config.model_copy(update={"sources": tuple(self.sources), "delivery": delivery, "returns": ()})
        roster = Roster(tuple(self.providers))
        return list(examine_partners(config, roster, clock=clock, servers=servers, told=lambda _: None))


@pytest.fixture
def ward(sshd: Sshd, config: ExchangeConfig, roster: Roster) -> Ward:
    return Ward(sshd, config, roster)


@pytest.fixture
def strict_ward(sshd: Sshd, ward: Ward, request: pytest.FixtureRequest) -> Iterable[Ward]:
    """A ward whose server denies the requests that the test names."""
    strict = replace(sshd, denied=request.param, running={})
    yield replace(ward, sshd=strict)
    strict.stop()


def ills(found: Iterable[Ailment]) -> set[tuple[str, str]]:
    """Name and subject of all that is not fine."""
    return {(each.name, each.subject) for each in found if each.state != "fine"}


def close(folder: Path) -> Path:
    """Let whoever serves a folder read it and not write to it."""
    if AS_ROOT:
        os.chown(folder, 0, 0)
    folder.chmod(0o555)
    return folder
