"""One store in memory for whole histories: a night costs the same however many small worlds share it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.warehouse import Warehouse
from pipelines.warehouse.door import declaration
from tests.pipelines.conftest import Exchange, settings
from tests.pipelines.histories.tales import Tale
from tests.pipelines.histories.worlds import World


@pytest.fixture(scope="session")
def tell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Tale]]:
    """Function that tells worlds night after night, in an exchange without facts."""
    home = tmp_path_factory.mktemp("plan")
    connections = []

    def run(worlds: tuple[World, ...], nights: tuple[int, ...], **also: Any) -> Tale:
        connection = duckdb.connect(config={"threads": 1})
        connections.append(connection)
        connection.execute("ATTACH ':memory:' AS warehouse; USE warehouse")
        connection.execute(declaration())
        return Tale(Exchange(Warehouse(connection, home), configured(home)), worlds, nights, **also).tell()

    yield run
    for connection in connections:
        connection.close()


def configured(home: Path) -> Any:
    """Let the 834 merge CINs, everybody be flagged, and rows be tried again for a few days only."""
    config = settings(home, identity={"prior_identifier": "merge", "retry_days": 9})
    flood = config.justice_involved.model_copy(update={"max_flagged_share": 1.0})
    return config.model_copy(update={"justice_involved": flood})
