"""Which word of an 834 ends a membership: full files, spans, open ends, ends to come; and flags that begin later."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.pipelines.justice_involved.told import NIGHT, Person, on


@pytest.fixture
def flagged(exchange: Any, person: Person) -> str:
    """A member who was flagged and active in October."""
    exchange.seen(on(10, 20), person(1), exchange.coverage("2026-10", "01", ji=True))
    return person(1)


def only(exchange: Any, cin: str, night: date = NIGHT) -> tuple[str, date | None]:
    exchange.authorize(night)
    found = exchange.one("exchange.ji_episodes", cin)
    return found["state"], found["closed_on"]


def test_a_code_that_a_full_file_no_longer_names_does_not_run_on(exchange: Any, flagged: str) -> None:
    exchange.member(
        exchange.file(on(11, 1), scope="FULL"), flagged, [exchange.coverage("2026-11", "01", hcp_code="011")]
    )
    exchange.seen(on(11, 9), flagged, exchange.coverage("2026-11", "00", hcp_code="011"))
    assert only(exchange, flagged) == ("CLOSED", on(11, 9))


def test_a_code_that_a_daily_file_does_not_name_runs_on(exchange: Any, flagged: str) -> None:
    exchange.seen(on(11, 1), flagged, exchange.coverage("2026-11", "01", hcp_code="011"))
    exchange.seen(on(11, 9), flagged, exchange.coverage("2026-11", "00", hcp_code="011"))
    assert only(exchange, flagged) == ("RELEASED", None)


@pytest.mark.parametrize(
    ("last", "closed"),
    [
        (date(2026, 11, 30), on(12, 1)),
        (date(2026, 12, 10), on(12, 11)),
        (date(2026, 11, 9), on(11, 9)),
        (date(2026, 10, 31), on(11, 9)),
        (date(2027, 6, 30), None),
        (date(2099, 12, 31), on(11, 9)),
    ],
)
def test_a_member_level_end_comes_the_day_after_the_last_covered_one_and_an_open_end_promises_nothing(
    exchange: Any, flagged: str, last: date, closed: date | None
) -> None:
    span = exchange.coverage("2026-10", "01", benefit_end=last)
    exchange.seen(on(11, 9), flagged, span, maintenance_type="024")
    assert only(exchange, flagged) == ("CLOSED" if closed else "RELEASED", closed)


def test_a_member_level_end_to_come_is_no_end_on_the_nights_before_it(exchange: Any, flagged: str) -> None:
    exchange.seen(on(11, 9), flagged, exchange.coverage("2026-11", "01"), maintenance_type="024")
    assert only(exchange, flagged, on(11, 30)) == ("RELEASED", None)
    assert only(exchange, flagged, on(12, 1)) == ("CLOSED", on(12, 1))


def test_a_cancelled_span_ends_the_membership_in_the_month_after_it(exchange: Any, flagged: str) -> None:
    span = exchange.coverage("2026-10", "01", benefit_end=date(2026, 11, 30), maintenance_type="024")
    exchange.seen(on(11, 9), flagged, span, maintenance_type="024")
    assert only(exchange, flagged) == ("CLOSED", on(12, 1))


def test_an_end_that_is_covered_again_leaves_a_step_that_says_nothing_of_it(exchange: Any, flagged: str) -> None:
    exchange.seen(on(11, 6), flagged, exchange.coverage("2026-11", "00"))
    assert only(exchange, flagged, on(11, 6)) == ("CLOSED", on(11, 6))
    before = exchange.one("exchange.ecm_authorizations", flagged)
    exchange.seen(on(11, 20), flagged, exchange.coverage("2026-11", "01"))
    assert only(exchange, flagged) == ("RELEASED", None)
    after = exchange.one("exchange.ecm_authorizations", flagged)
    assert after["authorization_number"] == before["authorization_number"]
    assert (before["status"], after["status"]) == ("CLOSED", "ACTIVE")
    assert [row["event"] for row in exchange.all("exchange.ji_steps", flagged, "step")] == [
        "FLAGGED_ACTIVE",
        "NO_NEWS",
        "ACTIVE",
    ]


def test_an_indicator_that_holds_from_a_later_day_flags_on_that_day(exchange: Any, person: Person) -> None:
    coming = {"name": "dated", "segment": "2750/N1*75", "equals": "JI", "date": {"segment": "2750/DTP*007"}}
    policy = exchange.config.justice_involved.model_dump(mode="json", exclude_none=True)
    exchange.configure(justice_involved=policy | {"locators": [coming]})
    exchange.member(
        exchange.file(on(11, 9)),
        person(1),
        [exchange.coverage("2026-11", "01")],
        [{"category": "JI", "date": on(12, 1)}],
    )
    exchange.authorize(on(11, 30))
    assert exchange.episodes(person(1)) == []
    assert only(exchange, person(1), on(12, 1)) == ("RELEASED", None)
    assert exchange.one("exchange.ji_episodes", person(1))["opened_on"] == on(12, 1)
