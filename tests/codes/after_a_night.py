"""A small plan after its first night: what scenes begin with that need a home, a store, or files that were delivered.

Two sources, two providers and some eighty invented members. The night is a real one, over a server that is gone
by then; every scene gets a copy of its own.
"""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.config import ExchangeConfig, Roster, read_config, read_roster
from pipelines.nightly import Night, run_night
from pipelines.transfer.keys import ensure_keypair, known_hosts_line
from pipelines.transfer.server import EmbeddedServer
from pipelines.warehouse import open_warehouse
from sample_data import generate
from sample_data.providers import npi_of

FIRST, SECOND = date(2026, 10, 28), date(2026, 10, 29)
MEMBER, ANOTHER = "90425544I", "90549001B"
"""Two of the members, with the first provider."""
CLINIC, HOUSE = npi_of("fresno_all"), npi_of("two_counties")
_SOURCES = {"dhcs", "probation"}


def no_wait(_: float) -> None:
    """Nothing has to rest or to recover."""


@dataclass(frozen=True)
class Plan:
    """The plan in its folder."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "exchange.toml"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def config(self) -> ExchangeConfig:
        return read_config(self.file)

    @property
    def roster(self) -> Roster:
        return read_roster(self.config.delivery.providers)

    def write(self, name: str, old: str, new: str) -> None:
        """Put another text into one of the files that a person edits."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} does not say {old}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def run(self, statement: str, **parameters: Any) -> None:
        """Let something stand otherwise in the store."""
        with open_warehouse(self.home) as warehouse:
            warehouse.run(statement, parameters)

    @contextmanager
    def night(self, on: date) -> Iterator[Night]:
        """Open the store for a night that waits for nothing."""
        with open_warehouse(self.home) as warehouse:
            yield Night(warehouse, self.config, self.roster, on, sleep=no_wait)

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Let the partners' server be up."""
        keys, users = self.folder / "keys", (*self.config.sources, *self.roster.providers)
        accounts = {each.username: each.username for each in users}
        port, authorized = self.config.sources[0].port, keys / "plan_ed25519.pub"
        with EmbeddedServer(self.folder / "sftp", accounts, keys / "host_ed25519", authorized, port=port):
            yield


def live_through_a_night(folder: Path) -> Plan:
    """Make the plan and run its first night."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    exchange = generate(folder, members=1, days=1, start=FIRST, port=port)
    keys, served, plan = folder / "keys", folder / "sftp", Plan(folder)
    ensure_keypair(keys / "plan_ed25519")
    line = known_hosts_line("127.0.0.1", port, ensure_keypair(keys / "host_ed25519"))
    (keys / "known_hosts").write_text(line + "\n", encoding="ascii")
    _keep_few(plan)
    for source in plan.config.sources:
        for place in ("outgoing", "responses"):
            (served / source.username / place).mkdir(parents=True)
        shutil.copytree(exchange.servers(FIRST) / source.username, served / source.username, dirs_exist_ok=True)
    for provider in plan.roster.providers:
        (served / provider.username / provider.folder.strip("/")).mkdir(parents=True)
    with plan.serving(), plan.night(FIRST) as night:
        list(run_night(night))
    return plan


def _keep_few(plan: Plan) -> None:
    sections = plan.file.read_text(encoding="utf-8").split("\n\n")
    kept = [each for each in sections if not each.startswith("[[sources]]") or each.split('"')[1] in _SOURCES]
    plan.file.write_text("\n\n".join(kept), encoding="utf-8")
    table = plan.folder / "providers.csv"
    heading, *lines = table.read_text(encoding="utf-8").splitlines()
    kept = [heading, *(line for line in lines if line.partition(",")[0] in (CLINIC, HOUSE))]
    table.write_text("\n".join(kept) + "\n", encoding="utf-8")
