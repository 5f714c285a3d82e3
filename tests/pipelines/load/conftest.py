"""A plan in memory, files to land in it, and what became of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.config import ExchangeConfig, read_config
from pipelines.intake import ledger
from pipelines.load.enrollment import load_834
from pipelines.load.profiles import profile_of
from pipelines.load.tabular import FACTS, load_list
from pipelines.transfer.pull import LandedFile
from pipelines.warehouse import Warehouse
from pipelines.warehouse.door import declaration
from sample_data import SampleExchange, generate

ON = date(2026, 10, 28)


@dataclass
class Plan:
    """One plan's store, with the shortest ways to give it files."""

    warehouse: Warehouse
    config: ExchangeConfig
    clock: list[int] = field(default_factory=lambda: [0])

    def receive(self, source_name: str, name: str, content: bytes, on: date = ON) -> str:
        """Land a file as a source sent it; returns its status at receipt. Each has a time of its own."""
        source = next(source for source in self.config.sources if source.name == source_name)
        digest = hashlib.sha256(content).hexdigest()
        path = self.config.home / "landing" / digest[:2] / digest
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.clock[0] += 1
        return ledger.record(
            self.warehouse, self.config, source, LandedFile(name, len(content), self.clock[0], digest, path), on
        )

    def load(self) -> None:
        for file in ledger.waiting(self.warehouse, "834"):
            load_834(self.warehouse, self.config, file, profile_of(self.config, file))
        for file in ledger.waiting(self.warehouse, *FACTS):
            load_list(self.warehouse, self.config, file)
        ledger.count_duplicates(self.warehouse)

    def files(self, columns: str = "status, reason, rows_in, rows_loaded, rows_rejected, rows_duplicate") -> list[Any]:
        return self.warehouse.rows(f"SELECT {columns} FROM ledger.files ORDER BY arrival")  # noqa: S608 - from tests

    def count(self, table: str) -> int:
        number: int = self.warehouse.value(f"SELECT count(*) FROM {table}")  # noqa: S608 - from tests
        return number


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleExchange:
    return generate(tmp_path_factory.mktemp("sample"), members=1, days=2)


@pytest.fixture
def make_plan(sample: SampleExchange, tmp_path: Path) -> Iterator[Callable[[], Plan]]:
    """Make plans that know nothing of each other."""
    connections: list[duckdb.DuckDBPyConnection] = []

    def make() -> Plan:
        home = tmp_path / str(len(connections))
        config = read_config(sample.out / "exchange.toml")
        config = config.model_copy(update={"paths": config.paths.model_copy(update={"home": home})})
        connections.append(duckdb.connect(config={"threads": 1}))
        connections[-1].execute(declaration())
        return Plan(Warehouse(connections[-1], home), config)

    yield make
    for connection in connections:
        connection.close()


@pytest.fixture
def plan(make_plan: Callable[[], Plan]) -> Plan:
    return make_plan()


@pytest.fixture(scope="session")
def sent(sample: SampleExchange) -> Callable[[str], bytes]:
    """Content of a file of the sample by the beginning of its name."""

    def find(beginning: str) -> bytes:
        return next(path for path in sorted(sample.out.rglob(f"{beginning}*")) if path.is_file()).read_bytes()

    return find
