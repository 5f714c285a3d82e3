"""A small plan over real servers that can be cut down, broken off, photographed and set back."""

from __future__ import annotations

import csv
import io
import logging
import shutil
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.config import ExchangeConfig, Roster, read_config, read_roster
from pipelines.nightly import Night, run_night
from pipelines.transfer.jail import Jail
from pipelines.transfer.keys import ensure_keypair, known_hosts_line
from pipelines.transfer.server import EmbeddedServer
from pipelines.warehouse import Warehouse, open_warehouse
from sample_data import DEFAULT_START, SampleExchange, generate
from sample_data.providers import npi_of
from tests.copies import copy_folder
from tests.faults.attempts import Attempts
from tests.faults.undisturbed import Undisturbed

NOT_THE_SAME_TWICE = {
    "ledger.runs": "*",
    "ledger.problems": "*",  # a broken run is one
    "ledger.openings": "*",
    "delivery.deliveries": "* EXCLUDE (outcome)",  # DELIVERED, or ALREADY_THERE where a broken night had sent it
}
"""What of a table may differ between a night that was broken off and one that was not."""


def no_wait(_: float) -> None:
    """Nothing has to rest or to recover."""


@dataclass
class Plan:
    """One plan in a folder of its own, all of it: configuration, keys, home, and its partners' folders."""

    exchange: SampleExchange
    config: ExchangeConfig
    roster: Roster

    @property
    def root(self) -> Path:
        return self.exchange.out

    @property
    def served(self) -> Path:
        return self.root / "sftp"

    def inbox(self, source_name: str) -> Path:
        source = next(source for source in self.config.sources if source.name == source_name)
        return self.served / source.username / source.folder.strip("/")

    def folder(self, npi: str) -> Path:
        return self.served / f"ecm_{npi}" / "assignments"

    def partners_leave_files(self, on: date) -> None:
        for source in self.config.sources:
            sent = self.exchange.servers(on) / source.username / "outgoing"
            if sent.exists():
                shutil.copytree(sent, self.inbox(source.name), dirs_exist_ok=True)

    @contextmanager
    def serving(self, *, without: Iterable[str] = (), jail: Callable[[Path], Jail] = Jail) -> Iterator[None]:
        """Serve every account but those `without`, whom the server refuses; `jail` answers by an account's folder."""
        keys = self.root / "keys"
        accounts = {s.username for s in self.config.sources} | {p.username for p in self.roster.providers}
        names = {name: name for name in sorted(accounts - set(without))}
        port = self.config.sources[0].port
        authorized = keys / "plan_ed25519.pub"
        with EmbeddedServer(self.served, names, keys / "host_ed25519", authorized, port=port, jail=jail):
            yield

    def night(self, warehouse: Warehouse, on: date) -> Night:
        return Night(warehouse, self.config, self.roster, on, sleep=no_wait)

    def run(self, on: date) -> list[str]:
        """Run a night to its end; returns its problems."""
        with open_warehouse(self.config.home) as warehouse:
            night = self.night(warehouse, on)
            list(run_night(night))
            return night.problems

    def ask(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        with open_warehouse(self.config.home) as warehouse:
            return warehouse.rows(query, parameters)

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything the plan's store holds that a broken night must not change."""
        with open_warehouse(self.config.home) as warehouse:
            names = warehouse.rows(
                "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY ALL"
            )
            return {
                name: warehouse.rows(f"SELECT {NOT_THE_SAME_TWICE.get(name, '*')} FROM {name} ORDER BY ALL")  # noqa: S608
                for (name,) in names
                if NOT_THE_SAME_TWICE.get(name) != "*"
            }

    def found(self) -> dict[str, bytes]:
        """What providers and senders find: path below the server's root -> content."""
        return {
            str(path.relative_to(self.served)): path.read_bytes()
            for folder in ("assignments", "responses")
            for path in sorted(self.served.glob(f"*/{folder}/*"))
        }

    def rows(self, npi: str, scope: str = "DELTA") -> list[dict[str, str]]:
        """All rows a provider found in its tables, oldest first."""
        return [
            row
            for path in sorted(self.folder(npi).glob(f"*_{scope}.csv"))
            for row in csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
        ]

    def photograph(self, into: Path) -> Path:
        """Copy home and servers as they are this moment, files that are open included: what a crash leaves."""
        for name in ("home", "sftp"):
            copy_folder(self.root / name, into / name)
        return into

    def set_back(self, photograph: Path) -> None:
        for name in ("home", "sftp"):
            shutil.rmtree(self.root / name, ignore_errors=True)
            copy_folder(photograph / name, self.root / name)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def keep_only(out: Path, sources: set[str], providers: set[str]) -> None:
    """Cut the configuration down to the sources and providers named."""
    sections = (out / "exchange.toml").read_text(encoding="utf-8").split("\n\n")
    kept = [s for s in sections if not s.startswith("[[sources]]") or s.split('"')[1] in sources]
    (out / "exchange.toml").write_text("\n\n".join(kept), encoding="utf-8")
    heading, *lines = (out / "providers.csv").read_text(encoding="utf-8").splitlines()
    kept = [heading, *(line for line in lines if line.partition(",")[0] in providers)]
    (out / "providers.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")


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


@pytest.fixture(scope="session")
def listening() -> Callable[[list[str]], AbstractContextManager[None]]:
    return listening_to_logs


@pytest.fixture(scope="session")
def make_plan(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Plan]:
    """Write a plan that has the sources and providers named, with keys and folders; nothing is served yet."""

    def make(
        *,
        sources: Iterable[str],
        providers: Iterable[str],
        members: int = 1,
        days: int = 3,
        start: date = DEFAULT_START,
    ) -> Plan:
        port = free_port()
        exchange = generate(tmp_path_factory.mktemp("plan"), members=members, days=days, start=start, port=port)
        keys = exchange.out / "keys"
        ensure_keypair(keys / "plan_ed25519")
        line = known_hosts_line("127.0.0.1", port, ensure_keypair(keys / "host_ed25519"))
        (keys / "known_hosts").write_text(line + "\n", encoding="ascii")
        keep_only(exchange.out, set(sources), set(providers))
        config = read_config(exchange.out / "exchange.toml")
        plan = Plan(exchange, config, read_roster(config.delivery.providers))
        for source in config.sources:
            plan.inbox(source.name).mkdir(parents=True)
            (plan.served / source.username / "responses").mkdir()
        for provider in plan.roster.providers:
            plan.folder(provider.npi).mkdir(parents=True)
        return plan

    return make


@pytest.fixture(scope="session")
def attempts() -> Iterator[Attempts]:
    with Attempts() as server:
        yield server


TWO_PROVIDERS = [npi_of(key) for key in ("fresno_all", "two_counties")]


def acknowledge_834s(plan: Any) -> None:
    """Let DHCS have its acknowledgements."""
    path = plan.root / "exchange.toml"
    written = path.read_text(encoding="utf-8")
    wanted = 'pattern = "DHCS834-*.dat"\nresponses = "/responses"\nacknowledge = ["TA1", "999"]'
    path.write_text(written.replace('pattern = "DHCS834-*.dat"', wanted), encoding="utf-8")
    plan.config = read_config(path)


def leave_a_broken_834(inbox: Path) -> None:
    """Leave an 834 whose totals do not agree: it is read, and held."""
    whole = next(inbox.glob("DHCS834-DA-20261029*")).read_bytes()
    number = whole.split(b"*")[13]
    broken = whole.replace(b"~SE*", b"~SE*1").replace(number, b"000000802")
    (inbox / "DHCS834-DA-20261029-SHP-010-002.dat").write_bytes(broken)


def take_what_providers_return(plan: Any) -> None:
    """Let each provider leave its attempts to reach members in its account."""
    path = plan.root / "exchange.toml"
    table = '[[returns]]\nkind = "otf"\nlayout = "otf"\nfolder = "/returns"\npattern = "POTF_{npi}_*"\nstable_for = 0\n'
    written = path.read_text(encoding="utf-8")
    path.write_text(written.replace("[delivery]\n", f"{table}\n[delivery]\n"), encoding="utf-8")
    plan.config = read_config(path)
    for source in plan.config.sources:
        plan.inbox(source.name).mkdir(exist_ok=True)


def report_an_attempt(plan: Any, on: date) -> None:
    """Let a provider tell of one attempt, to reach a member that it has had since the last night."""
    npi, cin = plan.ask("SELECT npi, cin FROM facts.assignment_decisions ORDER BY decision LIMIT 1")[0]
    heading = "ECM Provider NPI,CIN,Date of Attempt,Attempt Method,Successful,Outcome"
    row = f"{npi},{cin},{on},PHONE,N,no answer"
    (plan.inbox(f"otf_{npi}") / f"POTF_{npi}_{on:%m%Y}_{on:%m%d%Y}.csv").write_text(f"{heading}\n{row}\n", "utf-8")


@pytest.fixture(scope="session")
def undisturbed(
    make_plan: Callable[..., Plan], attempts: Attempts, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Undisturbed]:
    """Three kinds of files, one that is held, two providers, a delta and a full: a night left in peace."""
    plan = make_plan(sources=("dhcs", "probation"), providers=TWO_PROVIDERS, days=2)
    acknowledge_834s(plan)
    take_what_providers_return(plan)
    first, second = plan.exchange.dates
    with plan.serving():
        plan.partners_leave_files(first)
        plan.run(first)
        plan.partners_leave_files(second)
        leave_a_broken_834(plan.inbox("dhcs"))
        report_an_attempt(plan, first)
        night = Undisturbed(plan, second, attempts, plan.photograph(tmp_path_factory.mktemp("before")))
        night.run_in_peace()
        yield night
