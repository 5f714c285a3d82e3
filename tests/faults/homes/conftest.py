"""The undisturbed night of the other fault tests, of a plan whose home lies in a depot between nights."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipelines.config import read_config
from pipelines.homes.begin import begin_with
from pipelines.homes.brought import brought
from pipelines.homes.held import STAYS, holding
from tests.faults.attempts import Attempt, Attempts, End
from tests.faults.conftest import TWO_PROVIDERS, Plan, acknowledge_834s, leave_a_broken_834
from tests.faults.homes.machine import LeaseOnDisk
from tests.faults.undisturbed import told


@dataclass
class Moved:
    """A plan before a night, and what two machines make of it."""

    plan: Plan
    on: Any
    attempts: Attempts
    reached: tuple[str, ...] = ()
    tables: dict[str, Any] = field(default_factory=dict)
    found: dict[str, bytes] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        return self.plan.root

    @property
    def lease(self) -> Path:
        return self.root / "lease.json"

    def night(self, machine: str, end: End | None = None) -> Attempt:
        """Let a machine run the night, on whatever copy it has."""
        return self.attempts.make(
            self.root / machine, self.lease, "run", "--config", self.root / "exchange.toml", "--date", self.on,
            end=end, program="machine",
        )  # fmt: skip

    @contextmanager
    def at(self, machine: str) -> Iterator[None]:
        """Hold the home on a machine."""
        with brought(self.plan.config, LeaseOnDisk(self.lease), self.root / machine / "home", {}):
            yield

    def tables_at(self, machine: str) -> dict[str, Any]:
        """Read the copy that a machine has brought back."""
        with holding(self.plan.config.plan.id, self.root / machine / "home", STAYS):
            return self.plan.tables()

    def photograph(self) -> None:
        for name in ("sftp", "depot"):
            shutil.copytree(self.root / name, self.root / "before" / name)
        shutil.copy(self.lease, self.root / "before")

    def set_back(self) -> None:
        """Put depot, lease and partners back; every machine is new."""
        for name in ("sftp", "depot", "a", "b"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        for name in ("sftp", "depot"):
            shutil.copytree(self.root / "before" / name, self.root / name)
        shutil.copy(self.root / "before" / "lease.json", self.lease)

    def told(self) -> list[Any]:
        return list(told(self.found))

    def take(self) -> dict[str, bytes]:
        """Let all recipients take what has its name in their folders; returns it."""
        taken = {path: content for path, content in self.plan.found().items() if "/." not in path}
        for path in taken:
            (self.plan.served / path).unlink()
        return taken

    def assert_same(self, taken: Mapping[str, bytes]) -> None:
        """Folders are those of the undisturbed night, and so are tables but for the record of what happened."""
        assert {**taken, **self.plan.found()} == self.found
        tables = self.tables_at("b")
        tables["ledger.audit"] = [row[1:] for row in tables["ledger.audit"] if row[2] != "RESTORED"]
        others = [name for name in self.tables if tables[name] != self.tables[name]]
        assert others in ([], ["ledger.marks"])


@pytest.fixture(scope="session")
def moved(make_plan: Any, attempts: Attempts) -> Iterator[Moved]:
    """Two kinds of files, one that is held, two providers, a night that was run elsewhere before."""
    plan = make_plan(sources=("dhcs", "probation"), providers=TWO_PROVIDERS, days=2)
    acknowledge_834s(plan)
    path = plan.root / "exchange.toml"
    written = path.read_text(encoding="utf-8")
    path.write_text(written.replace("[paths]\n", f'[paths]\ndepot = "file://{plan.root}/depot"\n'), encoding="utf-8")
    plan.config = read_config(path)
    first, second = plan.exchange.dates
    night = Moved(plan, second, attempts)
    with plan.serving():
        begin_with(plan.config, LeaseOnDisk(night.lease), None, {"ECM_EXCHANGE_WORK": str(plan.root / "first")}, {})
        with night.at("first"):
            plan.partners_leave_files(first)
            plan.run(first)
        shutil.rmtree(plan.root / "first")
        plan.partners_leave_files(second)
        leave_a_broken_834(plan.inbox("dhcs"))
        night.photograph()
        peace = night.night("a")
        assert peace.code in (0, 1), peace.err
        night.reached, night.found = peace.reached, plan.found()
        night.tables = night.tables_at("a")
        night.tables["ledger.audit"] = [row[1:] for row in night.tables["ledger.audit"]]
        yield night
