"""A desk that takes lists and answers them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.config import ExchangeConfig, read_config
from pipelines.warehouse import Warehouse
from pipelines.warehouse.door import declaration
from sample_data import generate
from tests.pipelines.responses.desk import Desk


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> ExchangeConfig:
    return read_config(generate(tmp_path_factory.mktemp("sample"), members=1, days=1).out / "exchange.toml")


@pytest.fixture
def desk(settings: ExchangeConfig, tmp_path: Path) -> Iterator[Desk]:
    config = settings.model_copy(update={"paths": settings.paths.model_copy(update={"home": tmp_path})})
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(declaration())
    yield Desk(Warehouse(connection, tmp_path), config)
    connection.close()
