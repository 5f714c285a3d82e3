"""The matching run over facts, and what the liaison is asked after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.enrollment import apply_enrollment
from pipelines.identity import match_identities, resolve_aliases
from pipelines.identity.questions import QUESTIONS


@pytest.fixture(scope="session")
def match() -> Callable[..., dict[str, dict[str, Any]]]:
    """Function that matches everything as of a night and returns the newest identities by key."""

    def run(exchange: Any, night: str = "2026-10-03") -> dict[str, dict[str, Any]]:
        on = date.fromisoformat(night)
        if exchange.warehouse.value("SELECT bool_or(kind = '834' AND NOT applied) FROM ledger.files"):
            apply_enrollment(exchange.warehouse, exchange.config)
        resolve_aliases(exchange.warehouse, exchange.config, on)
        match_identities(exchange.warehouse, exchange.config, on)
        return {row["key"]: row for row in exchange.all("exchange.identities") if row["rank"] == 1}

    return run


@pytest.fixture(scope="session")
def verdicts(match: Callable[..., dict[str, dict[str, Any]]]) -> Callable[..., dict[str, str]]:
    """Function that refers people, each under a key and with a CIN or none, and returns the methods by key."""

    def judge(exchange: Any, **said: tuple[str | None, dict[str, Any]]) -> dict[str, str]:
        for key, (cin, columns) in said.items():
            exchange.referred("2026-10-02", cin, **columns, referral_id=key)
        return {key: row["method"] for key, row in match(exchange).items()}

    return judge


@pytest.fixture(scope="session")
def questions() -> Callable[[Any], list[dict[str, Any]]]:
    """Function that lists what the liaison is asked."""

    def ask(exchange: Any) -> list[dict[str, Any]]:
        asked: list[dict[str, Any]] = exchange.all(f"({QUESTIONS})", order="question, key, probability DESC, cin")
        return asked

    return ask
