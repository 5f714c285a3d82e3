"""Members who need a provider, told in one line each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def flagged(exchange: Any) -> Callable[..., None]:
    """Function that makes a member flagged and out (or, with `status="05"`, inside) on a day of October 2026."""

    def arrive(cin: str, day: int = 5, status: str = "01", **columns: Any) -> None:
        exchange.seen(f"2026-10-{day:02d}", cin, exchange.coverage("2026-10", status, ji=True), **columns)

    return arrive
