"""Nobody is moved without a reason, and whoever is moved has the next provider the same night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.assignment import decide
from pipelines.assignment.decisions import DecisionRefused

Person = Callable[[int], str]
Flagged = Callable[..., None]
NIGHT = "2026-10-20"


def history(exchange: Any, cin: str) -> list[tuple[str, str, str]]:
    rows = exchange.all("facts.assignment_decisions", cin, "decision")
    return [(row["action"], row["npi"], row["reason"] if row["action"] == "END" else row["method"]) for row in rows]


@pytest.mark.parametrize("lost", [{"active": False}, {"ji_provider": False}, None])
def test_a_provider_that_can_no_longer_serve_is_replaced_the_same_night(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any, lost: dict[str, bool] | None
) -> None:
    exchange.providers(a_provider(1))
    flagged(person(1))
    exchange.derive(NIGHT)
    left = () if lost is None else (a_provider(1, **lost),)
    exchange.providers(*left, a_provider(2))
    exchange.derive("2026-10-21")
    now = exchange.open_assignment(person(1))
    assert (now["npi"], now["prior_npi"], now["assigned_on"]) == (npi_of(2), npi_of(1), date(2026, 10, 21))
    assert history(exchange, person(1)) == [
        ("ASSIGN", npi_of(1), "RULE"),
        ("END", npi_of(1), "PROVIDER_CHANGE"),
        ("ASSIGN", npi_of(2), "RULE"),
    ]


def test_without_a_reason_nobody_is_moved(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any
) -> None:
    exchange.providers(a_provider(1))
    flagged(person(1), status="05")
    exchange.derive(NIGHT)
    better = a_provider(2, capacity=1000, languages=("ENG", "SPA"))
    exchange.providers(a_provider(1, capacity=0, counties=("Kern",), populations=("YOUTH",)), better)
    exchange.seen("2026-10-21", person(1), exchange.coverage("2026-10", "01", ji=True), language="SPA")
    exchange.noticed("2026-10-21", person(1), post_release_ecm_provider_npi=npi_of(2))
    exchange.referred("2026-10-21", person(1), preferred_ecm_provider_npi=npi_of(2))
    exchange.seen("2026-10-22", person(1), exchange.coverage("2026-10", "05", ji=True))
    for night in ("2026-10-21", "2026-10-22", "2026-10-23"):
        assert exchange.derive(night) == {}
    assert history(exchange, person(1)) == [("ASSIGN", npi_of(1), "RULE")]


def test_a_night_run_again_decides_nothing_anew(exchange: Any, person: Person, flagged: Flagged) -> None:
    for number in range(5):
        flagged(person(number), status=("01", "05")[number % 2])
    exchange.derive(NIGHT)
    before = exchange.state()
    assert exchange.derive(NIGHT) == {}
    assert exchange.state() == before


def test_the_liaisons_decision_moves_a_member_once(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any
) -> None:
    exchange.providers(a_provider(1))
    flagged(person(1))
    exchange.derive(NIGHT)
    exchange.providers(a_provider(1), a_provider(2))
    decide(
        exchange.warehouse, exchange.roster, person(1), npi_of(2),
        on=date(2026, 10, 20), reason="knows the family", decided_by="liaison",
    )  # fmt: skip
    for night in (NIGHT, NIGHT, "2026-10-21", "2026-10-22"):
        exchange.derive(night)
        now = exchange.open_assignment(person(1))
        assert (now["npi"], now["method"], now["prior_npi"]) == (npi_of(2), "LIAISON", npi_of(1))
    assert history(exchange, person(1)) == [
        ("ASSIGN", npi_of(1), "RULE"),
        ("END", npi_of(1), "PROVIDER_CHANGE"),
        ("ASSIGN", npi_of(2), "LIAISON"),
    ]


def test_the_liaison_can_decide_the_same_again_after_the_provider_has_changed(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any
) -> None:
    flagged(person(1))
    exchange.decision(person(1), npi_of(1), NIGHT)
    exchange.derive(NIGHT)
    exchange.providers(a_provider(1, active=False), a_provider(2))
    exchange.derive("2026-10-21")
    exchange.providers(a_provider(1), a_provider(2))
    for on in (date(2026, 10, 22), date(2026, 10, 23)):
        decide(exchange.warehouse, exchange.roster, person(1), npi_of(1), on=on, reason="known", decided_by="liaison")
        exchange.derive(on)
        assert exchange.open_assignment(person(1))["npi"] == npi_of(1)
    assert len(exchange.all("facts.liaison_decisions")) == 2, "the third one said nothing new"


def test_of_several_decisions_the_last_counts(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any
) -> None:
    exchange.providers(a_provider(1), a_provider(2), a_provider(3))
    flagged(person(1))
    for number in (2, 3, 1):
        exchange.decision(person(1), npi_of(number), NIGHT)
    exchange.derive(NIGHT)
    assert exchange.open_assignment(person(1))["npi"] == npi_of(1)


def test_decisions_beyond_the_places_of_a_provider_end_nothing(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any
) -> None:
    exchange.providers(a_provider(1))
    for number in (1, 2, 3):
        flagged(person(number))
    exchange.derive(NIGHT)
    exchange.providers(a_provider(1), a_provider(2, capacity=2))
    flagged(person(4), 21)
    for number in (1, 2, 3, 4):
        exchange.decision(person(number), npi_of(2), "2026-10-21")
    exchange.derive("2026-10-21")
    moved = {number for number in (1, 2, 3, 4) if exchange.open_assignment(person(number))["npi"] == npi_of(2)}
    assert moved == {1, 4}, "whoever has no provider first, then in order"
    assert history(exchange, person(2)) == [("ASSIGN", npi_of(1), "RULE")], "not ended to be given back"


def test_a_decision_for_one_who_is_back_inside_waits_for_the_release(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any
) -> None:
    exchange.providers(a_provider(1))
    flagged(person(1))
    exchange.derive("2026-10-05")
    flagged(person(1), 12, "05")
    exchange.providers(a_provider(1), a_provider(2))
    exchange.decision(person(1), npi_of(2), "2026-10-12")
    exchange.derive("2026-10-12")
    assert exchange.open_assignment(person(1))["npi"] == npi_of(1)
    flagged(person(1), 19, "01")
    exchange.derive("2026-10-19")
    assert exchange.open_assignment(person(1))["npi"] == npi_of(2)


@pytest.mark.parametrize(
    ("flagged_on", "number", "roster", "code"),
    [
        (5, 9, {}, "A01"),
        (5, 1, {"active": False}, "A02"),
        (5, 1, {"ji_provider": False}, "A02"),
        (None, 1, {}, "A03"),
    ],
)
def test_a_decision_that_cannot_be_followed_is_refused_and_not_stored(
    exchange: Any, person: Person, a_provider: Any, npi_of: Any, flagged_on: Any, number: int, roster: Any, code: str
) -> None:
    exchange.providers(a_provider(1, **roster))
    if flagged_on:
        exchange.seen(f"2026-10-{flagged_on:02d}", person(1), exchange.coverage("2026-10", "01", ji=True))
    exchange.derive(NIGHT)
    with pytest.raises(DecisionRefused) as refused:
        decide(
            exchange.warehouse, exchange.roster, person(1), npi_of(number),
            on=date(2026, 10, 20), reason="known", decided_by="liaison",
        )  # fmt: skip
    assert refused.value.code == code
    assert person(1) not in str(refused.value)
    assert exchange.all("facts.liaison_decisions") == []


def test_an_expired_authorization_ends_the_assignment(exchange: Any, person: Person, flagged: Flagged) -> None:
    flagged(person(1))
    exchange.derive(NIGHT)
    exchange.derive("2027-09-30")
    assert exchange.open_assignment(person(1))
    exchange.derive("2027-10-01")
    ended = exchange.one("exchange.ecm_assignments", person(1))
    assert (ended["ended_on"], ended["end_reason"]) == (date(2027, 10, 1), "ELIG_LOST")
    assert exchange.all("exchange.unassigned") == []
