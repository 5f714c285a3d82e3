"""What moves an authorization that a provider was told of: the release date, in its episode; and never in silence."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from pipelines.authorization.moves import MOVED

Person = Callable[[int], str]
Deliver = Callable[[str], None]
NIGHT = date(2026, 12, 15)


def only(exchange: Any, cin: str) -> dict[str, Any]:
    (found,) = exchange.authorizations(cin)
    return dict(found)


def span(authorization: dict[str, Any]) -> tuple[date, date]:
    return authorization["start_date"], authorization["end_date"]


def moves(exchange: Any) -> list[tuple[Any, ...]]:
    return list(exchange.warehouse.rows(f"SELECT told_start, start_date, why FROM ({MOVED})"))  # noqa: S608 - a constant


@pytest.fixture
def told(exchange: Any) -> Iterator[Deliver]:
    """Function that lets a provider be told of the only authorization of a member as it stands."""

    def deliver(cin: str) -> None:
        stands = only(exchange, cin)
        content = {
            "authorization_number": stands["authorization_number"], "authorization_status": stands["status"],
            "authorization_start": stands["start_date"], "authorization_end": stands["end_date"],
            "actual_release_date": stands["release_date"],
        }  # fmt: skip
        row = dict.fromkeys(("outbox_id", "npi", "record_action", "change_reason", "row_hash"), "-")
        delivery = exchange.warehouse.value("SELECT count(*) + 1 FROM delivery.delivered_rows")
        row |= {
            "assignment_id": f"A{cin}",
            "cin": cin,
            "content": json.dumps(content, default=str),
            "delivery": delivery,
        }
        exchange._insert("delivery.delivered_rows", row)

    yield deliver
    exchange.warehouse.run("DELETE FROM delivery.delivered_rows")


@pytest.fixture
def running(exchange: Any, person: Person, told: Deliver) -> Any:
    """A member whose release on 18 October a provider was told of."""
    exchange.seen("2026-10-05", person(1), exchange.coverage("2026-10", "05", ji=True))
    exchange.seen("2026-10-20", person(1), exchange.coverage("2026-10", "01", ji=True))
    exchange.noticed("2026-10-21", person(1), actual_release_date="2026-10-18")
    exchange.authorize("2026-10-21")
    told(person(1))
    assert moves(exchange) == []
    return exchange


@pytest.mark.parametrize("corrected", ["2026-10-16", "2026-10-19"])
def test_a_corrected_release_date_moves_start_and_end_together(running: Any, person: Person, corrected: str) -> None:
    running.noticed("2026-11-20", person(1), actual_release_date=corrected)
    running.authorize(NIGHT)
    start = date.fromisoformat(corrected)
    assert span(only(running, person(1))) == (start, date(2027, 10, start.day - 1))
    assert moves(running) == [(date(2026, 10, 18), start, "RELEASE_DATE")]


def test_an_expected_date_a_new_file_or_a_second_contact_moves_nothing(running: Any, person: Person) -> None:
    before = span(only(running, person(1)))
    running.noticed("2026-11-01", person(1), expected_release_date="2026-11-09", notice_id="N9")
    running.referred("2026-11-02", person(1), incarceration_status="RELEASED")
    running.seen("2026-11-09", person(1), running.coverage("2026-11", "01"))
    running.authorize(NIGHT)
    assert span(only(running, person(1))) == before
    assert moves(running) == []


def test_a_release_date_of_another_stay_inside_moves_nothing_of_this_one(running: Any, person: Person) -> None:
    running.seen("2026-11-05", person(1), running.coverage("2026-11", "05", ji=True))
    running.seen("2026-11-25", person(1), running.coverage("2026-11", "01", ji=True))
    running.noticed("2026-11-26", person(1), actual_release_date="2026-11-24", notice_id="N9")
    running.authorize(NIGHT)
    first, second = running.authorizations(person(1))
    assert span(first) == (date(2026, 10, 18), date(2026, 11, 23))
    assert span(second) == (date(2026, 11, 24), date(2027, 11, 23))


def test_a_release_date_heard_of_after_the_effectuation_takes_its_place(
    exchange: Any, person: Person, told: Deliver
) -> None:
    exchange.seen("2026-10-05", person(1), exchange.coverage("2026-10", "05", ji=True))
    exchange.seen("2026-10-20", person(1), exchange.coverage("2026-10", "01", ji=True))
    exchange.authorize("2026-10-20")
    told(person(1))
    exchange.noticed("2026-10-26", person(1), actual_release_date="2026-10-18")
    exchange.authorize("2026-10-26")
    assert moves(exchange) == [(date(2026, 10, 20), date(2026, 10, 18), "RELEASE_DATE")]
    told(person(1))
    assert moves(exchange) == [], "the provider knows"


def test_another_length_without_a_date_of_its_own_moves_what_runs_and_is_found_out(
    running: Any, person: Person
) -> None:
    running.configure(authorization={"months": 6})
    running.authorize(NIGHT)
    assert moves(running) == [(date(2026, 10, 18), date(2026, 10, 18), "OTHER")]


def test_what_ends_is_no_move(running: Any, person: Person) -> None:
    running.seen("2026-11-09", person(1), running.coverage("2026-11", "00"))
    running.authorize(NIGHT)
    assert only(running, person(1))["status"] == "CLOSED"
    assert moves(running) == []
