"""The night up to its work lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.directory import update_directory
from pipelines.needs import derive_needs
from pipelines.work_lists import derive_work_items

Listed = Callable[[str, str], list[dict[str, Any]]]


@pytest.fixture
def listed(exchange: Any) -> Listed:
    """Function that derives everything as of a night and returns the items of one list in their order."""

    def items(night: str, name: str) -> list[dict[str, Any]]:
        on = date.fromisoformat(night)
        exchange.derive(night)
        derive_needs(exchange.warehouse, exchange.config.needs, on)
        update_directory(exchange.warehouse, exchange.config, exchange.roster, on)
        derive_work_items(exchange.warehouse, exchange.config.work_lists, exchange.config.reports, on)
        return [row for row in exchange.all("exchange.work_items", order="list, priority") if row["list"] == name]

    return items
