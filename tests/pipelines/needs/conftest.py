"""Somebody who is to be released, and what is then said of the needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from pipelines.liaison import record
from pipelines.needs import derive_needs

Found = dict[str, dict[str, Any]]
"""The needs of one person, by name."""


@dataclass(frozen=True)
class Word:
    """A row about the person: a notice, a referral or a receipt, or what the liaison records under a kind."""

    on: str
    says: dict[str, Any] = field(default_factory=dict)
    by: str = "noticed"
    entry: str = "E1"


@pytest.fixture
def inside(exchange: Any) -> Callable[[str], None]:
    """Function that has a person inside since the 2nd of November, expected out on Friday the 20th."""

    def enter(cin: str) -> None:
        exchange.seen("2026-11-02", cin, exchange.coverage("2026-11", "05", ji=True))
        exchange.noticed("2026-11-02", cin, notice_id=f"opening-{cin}", expected_release_date="2026-11-20")

    return enter


@pytest.fixture
def tell(exchange: Any) -> Callable[[str, Word], None]:
    """Function that lets a word about a person arrive."""

    def told(cin: str, word: Word) -> None:
        if word.by == "recorded":
            on = date.fromisoformat(word.on)
            record(exchange.warehouse, cin, word.entry, happened_on=on, recorded_on=on, recorded_by="liaison")
            return
        key = {"noticed": "notice_id", "referred": "referral_id", "received": "receipt_id"}[word.by]
        dates = {"expected_release_date": "2026-11-20"} if word.by == "noticed" else {}
        getattr(exchange, word.by)(word.on, cin, **{key: f"{word.entry}-{cin}", **dates, **word.says})

    return told


@pytest.fixture
def needs(exchange: Any) -> Callable[[str], dict[str, Found]]:
    """Function that derives a night and returns everybody's needs, by CIN and need."""

    def derived(night: str) -> dict[str, Found]:
        exchange.authorize(night)
        derive_needs(exchange.warehouse, exchange.config.needs, date.fromisoformat(night))
        found: dict[str, Found] = {}
        for row in exchange.all("exchange.release_needs"):
            found.setdefault(row["cin"], {})[row["need"]] = row
        return found

    return derived


@pytest.fixture
def after(
    inside: Callable[[str], None],
    tell: Callable[[str, Word], None],
    needs: Callable[[str], dict[str, Found]],
    person: Callable[[int], str],
) -> Callable[..., Found]:
    """Function that says these words of one person who is inside, and returns what is needed as of a night."""

    def said(*words: Word, night: str = "2026-11-18") -> Found:
        inside(person(1))
        for word in words:
            tell(person(1), word)
        return needs(night)[person(1)]

    return said
