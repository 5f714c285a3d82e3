"""The sample exchange, run night by night over real servers, and ways to read what everybody found afterwards."""

from __future__ import annotations

import csv
import hashlib
import io
import logging
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli.liaison_acts import follow_liaison
from pipelines.config import ExchangeConfig, Roster, read_config, read_roster
from pipelines.nightly import Night, StationResult, run_night
from pipelines.transfer.keys import ensure_keypair, known_hosts_line
from pipelines.transfer.server import EmbeddedServer
from pipelines.warehouse import open_published, open_warehouse
from sample_data import SampleExchange, generate

MEMBERS = 163
LISTENING = "logs are being collected"


def no_wait(_: float) -> None:
    """Files are complete before a night begins."""


@dataclass(frozen=True)
class Delivered:
    """One file in a provider's folder."""

    npi: str
    business_date: date
    number: int
    scope: str
    path: Path

    @property
    def content(self) -> bytes:
        return self.path.read_bytes()

    def rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.content.decode("utf-8-sig"), newline="")))


@dataclass
class Nights:
    """An exchange whose nights were run."""

    exchange: SampleExchange
    served: Path
    config: ExchangeConfig
    roster: Roster
    problems: dict[date, list[str]] = field(default_factory=dict)
    results: dict[date, list[StationResult]] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    def run(self, on: date) -> None:
        """Run one night on what its partners' servers show."""
        with open_warehouse(self.config.home) as warehouse:
            follow_liaison(warehouse, self.roster, self.exchange.liaison_acts(on), on)
            night = Night(warehouse, self.config, self.roster, on, sleep=no_wait)
            self.results[on] = list(run_night(night))
            self.problems[on] = night.problems

    def ask(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        with open_published(self.config.home) as warehouse:
            return warehouse.rows(query, parameters)

    def delivered(self, kind: str = ".csv") -> list[Delivered]:
        """List what stands in providers' folders by name: oldest first for each provider."""
        found = []
        for provider in self.roster.providers:
            for path in sorted(self.folder_of(provider.username).glob(f"ECM_ASSIGNMENT_*{kind}")):
                _, _, npi, day, number, scope = path.name.partition(".")[0].split("_")
                found.append(Delivered(npi, date.fromisoformat(day), int(number), scope, path))
        return found

    def folder_of(self, username: str) -> Path:
        return self.served / username / "assignments"

    def everything_served(self) -> dict[str, tuple[str, int]]:
        """Hash and time of change of every file on the servers."""
        return {
            str(path.relative_to(self.served)): (
                hashlib.sha256(path.read_bytes()).hexdigest(),
                path.stat().st_mtime_ns,
            )
            for path in sorted(self.served.rglob("*"))
            if path.is_file()
        }


def partners_leave_files(exchange: SampleExchange, served: Path, on: date) -> None:
    for account in sorted(exchange.servers(on).iterdir()):
        shutil.copytree(account, served / account.name, dirs_exist_ok=True)


@contextmanager
def listening_to_logs(into: list[str]) -> Iterator[None]:
    """Collect whatever any library logs, at every level."""

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            into.append(self.format(record))

    root, collector = logging.getLogger(), Collector(logging.DEBUG)
    before = root.level
    root.addHandler(collector)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(before)
        root.removeHandler(collector)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    """Run the whole sample exchange over the embedded server, which stays up."""
    out = tmp_path_factory.mktemp("exchange")
    port = free_port()
    exchange = generate(out, members=MEMBERS, port=port, proposals=True)
    plan_key, host_key = out / "keys/plan_ed25519", out / "keys/host_ed25519"
    ensure_keypair(plan_key)
    line = known_hosts_line("127.0.0.1", port, ensure_keypair(host_key))
    (out / "keys/known_hosts").write_text(line + "\n", encoding="ascii")
    config = read_config(out / "exchange.toml")
    ran = Nights(exchange, out / "sftp", config, read_roster(config.delivery.providers))
    accounts = {source.username: (source.folder, source.responses or source.folder) for source in config.sources}
    accounts |= {provider.username: (provider.folder, provider.folder) for provider in ran.roster.providers}
    for account, folders in accounts.items():
        for folder in folders:
            (ran.served / account / folder.strip("/")).mkdir(parents=True, exist_ok=True)
    names = dict(zip(accounts, accounts, strict=True))
    with (
        EmbeddedServer(ran.served, names, host_key, plan_key.with_suffix(".pub"), port=port),
        listening_to_logs(ran.log),
    ):
        logging.getLogger("nights").debug(LISTENING)
        for on in exchange.dates:
            partners_leave_files(exchange, ran.served, on)
            ran.run(on)
        yield ran
