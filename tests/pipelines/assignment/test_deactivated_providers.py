"""When a provider can no longer serve, it and the next one are told the same night: through the files that leave."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from pipelines.delivery.outbox import confirm, waiting
from pipelines.delivery.prepare import prepare
from pipelines.transfer.push import Outcome, PushResult

Person = Callable[[int], str]
Flagged = Callable[..., None]
Told = dict[str, tuple[str, str, str, str]]
"""By CIN: record action, reason, and the providers before and now."""

TUESDAY, WEDNESDAY, THURSDAY = date(2026, 10, 20), date(2026, 10, 21), date(2026, 10, 22)


@pytest.fixture
def delivered(exchange: Any) -> Iterator[Callable[[date], dict[str, Told]]]:
    """Function that runs a night to its end and returns what each provider's delta told it; held files tell nothing."""

    def empty() -> None:
        for table in ("outbox", "outbox_rows", "deliveries", "delivered_rows"):
            exchange.warehouse.run(f"DELETE FROM delivery.{table}")  # noqa: S608 - own names

    def night(on: date) -> dict[str, Told]:
        exchange.derive(on)
        prepare(exchange.warehouse, exchange.config, exchange.roster, on)
        told: dict[str, Told] = {}
        for provider in exchange.roster.providers:
            parcels = waiting(exchange.warehouse, provider.npi)
            for _, parcel in parcels:
                if parcel.name.endswith("DELTA.csv"):
                    told[provider.npi] = read(exchange, parcel.name)
            confirm(exchange.warehouse, [(each, PushResult(parcel, Outcome.DELIVERED)) for each, parcel in parcels], on)
        return told

    empty()
    yield night
    empty()


def read(exchange: Any, name: str) -> Told:
    path = exchange.warehouse.value("SELECT path FROM delivery.outbox WHERE name = $name", {"name": name})
    text = (exchange.warehouse.home / "outbox" / path).read_text(encoding="utf-8-sig")
    columns = ("record_action", "change_reason", "prior_ecm_provider_npi", "ecm_provider_npi")
    return {row["cin"]: tuple(row[c] for c in columns) for row in csv.DictReader(io.StringIO(text, newline=""))}


def arrive(exchange: Any, person: Person, flagged: Flagged, count: int) -> set[str]:
    people = {person(number) for number in range(1, count + 1)}
    with exchange.warehouse.transaction():
        for cin in sorted(people):
            flagged(cin)
    return people


@pytest.mark.parametrize("lost", [{"active": False}, {"ji_provider": False}])
def test_the_former_provider_is_told_the_end_and_the_next_one_of_the_member_and_of_who_came_before(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any, delivered: Any, lost: dict[str, bool]
) -> None:
    exchange.providers(a_provider(1, capacity=20), a_provider(2, capacity=0))
    people = arrive(exchange, person, flagged, 12)
    assert delivered(TUESDAY)[npi_of(1)] == {cin: ("ADD", "NEW_JI_834", "", npi_of(1)) for cin in people}

    exchange.providers(a_provider(1, capacity=20, **lost), a_provider(2, capacity=20))
    told = delivered(WEDNESDAY)
    assert told[npi_of(1)] == {cin: ("TERM", "PROVIDER_CHANGE", "", npi_of(1)) for cin in people}
    assert told[npi_of(2)] == {cin: ("ADD", "PROVIDER_CHANGE", npi_of(1), npi_of(2)) for cin in people}
    assert delivered(THURSDAY) == {npi_of(2): {}}, "and neither of them twice"


def test_a_provider_that_has_closed_is_told_all_ends_even_if_not_everybody_finds_a_new_one(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any, delivered: Any
) -> None:
    exchange.providers(a_provider(1, capacity=20))
    people = arrive(exchange, person, flagged, 12)
    delivered(TUESDAY)
    exchange.providers(a_provider(1, active=False), a_provider(2, capacity=5))
    told = delivered(WEDNESDAY)
    assert set(told[npi_of(1)]) == people
    listed = {row["cin"]: row["reason"] for row in exchange.all("exchange.unassigned")}
    assert (len(told[npi_of(2)]), listed) == (5, dict.fromkeys(people - set(told[npi_of(2)]), "ALL_PROVIDERS_FULL"))


def test_members_that_an_open_provider_loses_at_once_are_still_held_for_a_person_to_look_at(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any, delivered: Any
) -> None:
    exchange.providers(a_provider(1, capacity=20))
    people = arrive(exchange, person, flagged, 12)
    delivered(TUESDAY)
    with exchange.warehouse.transaction():
        for cin in sorted(people):
            exchange.seen(WEDNESDAY, cin, exchange.coverage("2026-10", "00"))
    assert delivered(WEDNESDAY) == {npi_of(1): {}}
    assert exchange.warehouse.rows("SELECT status, reason FROM delivery.outbox WHERE status = 'HELD' AND part = 1") == [
        ("HELD", "G02")
    ]


def test_a_provider_that_comes_back_gets_new_members_and_keeps_none_of_the_old(
    exchange: Any, person: Person, flagged: Flagged, a_provider: Any, npi_of: Any, delivered: Any
) -> None:
    exchange.providers(a_provider(1, capacity=20))
    people = arrive(exchange, person, flagged, 2)
    delivered(TUESDAY)
    exchange.providers(a_provider(1, active=False), a_provider(2, capacity=2))
    delivered(WEDNESDAY)
    exchange.providers(a_provider(1), a_provider(2, capacity=2))
    flagged(person(3))
    told = delivered(THURSDAY)
    assert told == {npi_of(1): {person(3): ("ADD", "NEW_JI_834", "", npi_of(1))}, npi_of(2): {}}
    assert {exchange.open_assignment(cin)["npi"] for cin in people} == {npi_of(2)}
