"""A small invented exchange whose partners are served on loopback, and Dagster at work on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from dagster_project.definitions import assemble
from dagster_project.home import prepare_dagster_home
from dagster_project.resources import CONFIG_VARIABLE, DELIVER_VARIABLE, ExchangeHome
from pipelines.config import read_config, read_roster
from pipelines.transfer.keys import ensure_keypair, known_hosts_line
from pipelines.transfer.server import EmbeddedServer
from pipelines.warehouse import open_published
from sample_data import SampleExchange, generate

WRITTEN_PORT = 2222
SOME_MEMBERS = 60
SOME_DAYS = 2


@dataclass
class Plan:
    """One plan's exchange in a folder of its own, and the servers of its partners."""

    exchange: SampleExchange
    sftp: Path

    @property
    def config_file(self) -> Path:
        return self.exchange.out / "exchange.toml"

    @property
    def home(self) -> Path:
        return self.exchange.out / "home"

    @property
    def dates(self) -> tuple[date, ...]:
        return self.exchange.dates

    def resource(self, **settings: float) -> ExchangeHome:
        return ExchangeHome(config_file=str(self.config_file), **{"patience": 0.0, **settings})

    def partners_leave_files(self, on: date) -> None:
        for account in sorted(self.exchange.servers(on).iterdir()):
            shutil.copytree(account, self.sftp / account.name, dirs_exist_ok=True)

    def delivered(self) -> dict[str, bytes]:
        """What providers and senders find: path below the server's root -> content."""
        return {
            str(path.relative_to(self.sftp)): path.read_bytes()
            for folder in ("assignments", "responses")
            for path in sorted(self.sftp.glob(f"*/{folder}/*"))
        }

    def has_delivered(self) -> bool:
        """Whether a provider has found a file."""
        return any(self.sftp.glob("*/assignments/[!.]*"))

    def count(self, table: str) -> object:
        """Count the rows of a table of the published copy."""
        with open_published(self.home) as warehouse:
            return len(warehouse.table(f"FROM {table}"))

    def ask(self, query: str) -> object:
        """Ask the published copy for one value."""
        with open_published(self.home) as warehouse:
            return warehouse.value(query)


def change(path: Path, *replacements: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(autouse=True)
def _only_the_test_decides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in (CONFIG_VARIABLE, DELIVER_VARIABLE, "DAGSTER_HOME", "DAGSTER_REDACT_USER_CODE_ERRORS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("DAGSTER_DISABLE_TELEMETRY", "yes")
    monkeypatch.chdir(tmp_path)


@contextmanager
def served(folder: Path, members: int = SOME_MEMBERS, days: int = SOME_DAYS) -> Iterator[Plan]:
    """Generate a plan's exchange in a folder and serve its partners."""
    exchange = generate(folder, members=members, days=days, port=WRITTEN_PORT)
    config = read_config(folder / "exchange.toml")
    providers = read_roster(config.delivery.providers).providers
    keys, sftp = folder / "keys", folder / "sftp"
    ensure_keypair(keys / "plan_ed25519")
    host_key = ensure_keypair(keys / "host_ed25519")
    places = [(s.username, f) for s in config.sources for f in (s.folder, s.responses or s.folder)]
    places += [(p.username, p.folder) for p in providers]
    for account, place in places:
        (sftp / account / place.strip("/")).mkdir(parents=True, exist_ok=True)
    accounts = {account: account for account, _ in places}
    with EmbeddedServer(sftp, accounts, keys / "host_ed25519", keys / "plan_ed25519.pub") as server:
        (keys / "known_hosts").write_text(known_hosts_line("127.0.0.1", server.port, host_key) + "\n", encoding="ascii")
        change(folder / "exchange.toml", (f"port = {WRITTEN_PORT}", f"port = {server.port}"))
        change(folder / "providers.csv", (f",{WRITTEN_PORT},", f",{server.port},"))
        yield Plan(exchange, sftp)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plan]:
    with served(tmp_path_factory.mktemp("plan")) as plan:
        yield plan


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    """An event store on disk, with the settings this project ships."""
    home = tmp_path_factory.mktemp("dagster") / "home"
    prepare_dagster_home(home)
    with dg.DagsterInstance.from_config(str(home)) as stored:
        yield stored


def run_job(
    exchange: ExchangeHome, on: date, *, job: str = "nightly_exchange", instance: dg.DagsterInstance | None = None
) -> dg.ExecuteInProcessResult:
    """Run a job for one business date, as the orchestrator does."""
    return (
        assemble(exchange)
        .resolve_job_def(job)
        .execute_in_process(partition_key=on.isoformat(), instance=instance, raise_on_error=False)
    )


@pytest.fixture(scope="session")
def run() -> Callable[..., dg.ExecuteInProcessResult]:
    return run_job
