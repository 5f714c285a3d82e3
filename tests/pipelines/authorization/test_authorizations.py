"""Authorizations: when they begin, how long they run, and why they end (rules R2 to R6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Person = Callable[[int], str]
NIGHT = date(2026, 12, 15)


def only(exchange: Any, cin: str) -> dict[str, Any]:
    found = exchange.authorizations(cin)
    assert len(found) == 1
    return dict(found[0])


def span(authorization: dict[str, Any]) -> tuple[str, date | None, date | None]:
    return authorization["status"], authorization["start_date"], authorization["end_date"]


def months_after(start: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = start.day
    while True:
        try:
            return date(year, month + 1, day)
        except ValueError:
            day -= 1


def released(exchange: Any, cin: str, released_on: str | None = "2026-10-18") -> None:
    """Inside from the 5th, active from the 20th of October."""
    exchange.seen("2026-10-05", cin, exchange.coverage("2026-10", "05", ji=True))
    exchange.seen("2026-10-20", cin, exchange.coverage("2026-10", "01", ji=True))
    if released_on:
        exchange.noticed("2026-10-21", cin, actual_release_date=released_on)


@pytest.mark.parametrize(
    ("anchor", "start", "by"),
    [
        (["release_date", "effectuation_date"], date(2026, 10, 18), "release_date"),
        (["effectuation_date", "release_date"], date(2026, 10, 20), "effectuation_date"),
        (["release_date"], date(2026, 10, 18), "release_date"),
        (["effectuation_date"], date(2026, 10, 20), "effectuation_date"),
    ],
)
def test_the_first_anchor_that_is_known_starts_the_authorization(
    exchange: Any, person: Person, anchor: list[str], start: date, by: str
) -> None:
    exchange.configure(authorization={"months": 12, "anchor": anchor})
    released(exchange, person(1))
    exchange.authorize(NIGHT)
    found = only(exchange, person(1))
    assert span(found) == ("ACTIVE", start, months_after(start, 12) - timedelta(days=1))
    assert found["anchor"] == by
    assert found["effectuation_date"] == date(2026, 10, 20), "kept apart from the start (R6)"
    assert found["benefit_start_date"] is None


@pytest.mark.parametrize("anchor", [["release_date", "effectuation_date"], ["release_date"]])
def test_without_a_release_date_the_effectuation_starts_it(exchange: Any, person: Person, anchor: list[str]) -> None:
    exchange.configure(authorization={"anchor": anchor})
    released(exchange, person(1), None)
    exchange.authorize(NIGHT)
    assert only(exchange, person(1))["start_date"] == date(2026, 10, 20)
    assert only(exchange, person(1))["anchor"] == "effectuation_date"


def test_it_never_starts_before_the_enrolment_is_active(exchange: Any, person: Person) -> None:
    released(exchange, person(1), "2026-08-30")
    exchange.authorize(NIGHT)
    assert only(exchange, person(1))["start_date"] == date(2026, 10, 1), "October is the first active month"


def test_months_that_turn_active_in_retrospect_count_as_enrolment(exchange: Any, person: Person) -> None:
    released(exchange, person(1), "2026-08-30")
    exchange.seen("2026-10-25", person(1), *(exchange.coverage(f"2026-{m:02d}", "01") for m in (8, 9)))
    exchange.authorize(NIGHT)
    assert only(exchange, person(1))["start_date"] == date(2026, 8, 30)


def test_an_earlier_stay_with_the_plan_is_not_this_enrolment(exchange: Any, person: Person) -> None:
    exchange.seen("2026-03-05", person(1), exchange.coverage("2026-03", "01"))
    released(exchange, person(1), "2026-08-30")
    exchange.authorize(NIGHT)
    assert only(exchange, person(1))["start_date"] == date(2026, 10, 1)


def test_inside_it_is_pending_without_dates_even_when_the_release_is_announced(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-05", person(1), exchange.coverage("2026-10", "05", ji=True))
    exchange.noticed("2026-10-09", person(1), expected_release_date="2026-11-01")
    exchange.noticed("2026-11-02", person(1), actual_release_date="2026-11-01", notice_id="N2")
    exchange.authorize(NIGHT)
    assert span(only(exchange, person(1))) == ("PENDING_RELEASE", None, None)


def test_a_referral_of_someone_in_custody_is_pending(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-01", person(1), exchange.coverage("2026-10", "01"))
    exchange.referred("2026-10-09", person(1), incarceration_status="IN_CUSTODY")
    exchange.authorize(NIGHT)
    found = only(exchange, person(1))
    assert span(found) == ("PENDING_RELEASE", None, None)
    assert (found["basis"], found["rules"].split(";")[0]) == ("REFERRAL", "R3")


def test_a_referral_starts_it_on_its_own_date_or_on_the_release_it_names(exchange: Any, person: Person) -> None:
    for number, told in ((1, {}), (2, {"actual_release_date": "2026-10-03"})):
        exchange.seen("2026-10-01", person(number), exchange.coverage("2026-10", "01"))
        exchange.referred("2026-10-09", person(number), referral_received_date="2026-10-07", **told)
    exchange.authorize(NIGHT)
    assert only(exchange, person(1))["start_date"] == date(2026, 10, 7)
    assert only(exchange, person(2))["start_date"] == date(2026, 10, 3)


def test_it_stays_to_its_end_when_the_flag_goes(exchange: Any, person: Person) -> None:
    released(exchange, person(1))
    exchange.authorize("2026-10-21")
    before = only(exchange, person(1))
    exchange.seen("2026-11-05", person(1), exchange.coverage("2026-11", "01"))
    exchange.authorize(NIGHT)
    assert only(exchange, person(1)) == before
    exchange.authorize(before["end_date"])
    assert only(exchange, person(1))["status"] == "ACTIVE", "the last day is authorized"
    exchange.authorize(before["end_date"] + timedelta(days=1))
    assert only(exchange, person(1)) == before | {"status": "EXPIRED", "close_reason": "EXPIRED"}


def test_a_flag_that_follows_a_referral_takes_no_day_from_it(exchange: Any, person: Person) -> None:
    exchange.seen("2026-09-01", person(1), exchange.coverage("2026-09", "01"))
    exchange.referred("2026-09-09", person(1))
    exchange.authorize("2026-09-10")
    before = only(exchange, person(1))
    exchange.seen("2026-11-05", person(1), exchange.coverage("2026-11", "01", ji=True))
    exchange.authorize(NIGHT)
    after = only(exchange, person(1))
    assert span(after) == span(before) == ("ACTIVE", date(2026, 9, 9), date(2027, 9, 8))
    assert after["authorization_number"] == before["authorization_number"]


@pytest.mark.parametrize(
    ("last", "reason", "end"),
    [
        ({"status": "00"}, "TERMINATED", date(2026, 10, 31)),
        ({"status": "00", "ref_zz": "30401"}, "MOVED_PLAN", date(2026, 10, 31)),
        ({"status": "01", "maintenance_type": "024"}, "TERMINATED", date(2026, 11, 30)),
        ({"status": "01", "death_date": "2026-11-02"}, "DECEASED", date(2026, 11, 2)),
        ({"status": "00", "death_date": "2026-11-02"}, "DECEASED", date(2026, 10, 31)),
    ],
)
def test_leaving_the_plan_closes_it_with_the_reason_on_the_last_covered_day(
    exchange: Any, person: Person, last: dict[str, Any], reason: str, end: date
) -> None:
    released(exchange, person(1))
    status = last.pop("status")
    exchange.seen("2026-11-09", person(1), exchange.coverage("2026-11", status), **last)
    exchange.authorize(NIGHT)
    found = only(exchange, person(1))
    assert span(found) == ("CLOSED", date(2026, 10, 18), end)
    assert found["close_reason"] == reason


def test_leaving_the_plan_from_next_month_on_takes_no_covered_day(exchange: Any, person: Person) -> None:
    released(exchange, person(1))
    exchange.seen("2026-10-25", person(1), exchange.coverage("2026-10", "01"), exchange.coverage("2026-11", "00"))
    exchange.authorize("2026-10-31")
    assert span(only(exchange, person(1)))[0] == "ACTIVE"
    exchange.authorize("2026-11-01")
    assert span(only(exchange, person(1))) == ("CLOSED", date(2026, 10, 18), date(2026, 10, 31))


def test_who_left_before_ever_being_released_has_a_closed_authorization_without_days(
    exchange: Any, person: Person
) -> None:
    exchange.seen("2026-10-05", person(1), exchange.coverage("2026-10", "05", ji=True))
    exchange.seen("2026-11-05", person(1), exchange.coverage("2026-11", "00", ji=True))
    exchange.authorize(NIGHT)
    assert span(only(exchange, person(1))) == ("CLOSED", None, None)


def test_back_inside_suspends_it_and_the_next_release_ends_it_the_day_before(exchange: Any, person: Person) -> None:
    released(exchange, person(1))
    exchange.seen("2026-11-05", person(1), exchange.coverage("2026-11", "05", ji=True))
    exchange.authorize("2026-11-05")
    assert span(only(exchange, person(1))) == ("SUSPENDED", date(2026, 10, 18), date(2027, 10, 17))
    exchange.seen("2026-11-25", person(1), exchange.coverage("2026-11", "01", ji=True))
    exchange.authorize(NIGHT)
    first, second = exchange.authorizations(person(1))
    assert span(first) == ("CLOSED", date(2026, 10, 18), date(2026, 11, 24))
    assert first["close_reason"] == "NEW_EPISODE"
    assert span(second) == ("ACTIVE", date(2026, 11, 25), date(2027, 11, 24))


@pytest.mark.parametrize(
    ("months", "spans"),
    [
        (
            12,
            {
                "2026-10-18": date(2027, 10, 17),
                "2027-03-01": date(2028, 2, 29),
                "2028-02-29": date(2029, 2, 27),
                "2028-03-01": date(2029, 2, 28),
                "2026-12-31": date(2027, 12, 30),
                "2027-01-01": date(2027, 12, 31),
            },
        ),
        (6, {"2026-08-31": date(2027, 2, 27), "2026-09-01": date(2027, 2, 28)}),
        (1, {"2026-10-31": date(2026, 11, 29), "2028-01-31": date(2028, 2, 28)}),
    ],
)
def test_it_runs_for_the_configured_months_less_a_day(
    exchange: Any, person: Person, months: int, spans: dict[str, date]
) -> None:
    exchange.configure(authorization={"months": months})
    for number, start in enumerate(spans):
        exchange.seen(start, person(number), exchange.coverage(start[:7], "01", ji=True))
        exchange.noticed(start, person(number), actual_release_date=start)
    exchange.authorize("2026-01-01")
    for number, (start, end) in enumerate(spans.items()):
        assert span(only(exchange, person(number))) == ("ACTIVE", date.fromisoformat(start), end)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    starts=st.lists(st.dates(date(2024, 1, 1), date(2030, 12, 31)), min_size=8, max_size=8), months=st.integers(1, 36)
)
def test_any_start_is_followed_by_that_many_months_less_a_day(
    exchange: Any, person: Person, starts: list[date], months: int
) -> None:
    exchange.clear()
    exchange.configure(authorization={"months": months})
    with exchange.warehouse.transaction():
        for number, day in enumerate(starts):
            exchange.seen(day, person(number), exchange.coverage(f"{day:%Y-%m}", "01", ji=True))
            exchange.noticed(day, person(number), actual_release_date=day)
    exchange.authorize("2024-01-01")
    for number, day in enumerate(starts):
        expected = months_after(day, months) - timedelta(days=1)
        assert span(only(exchange, person(number)))[1:] == (day, expected)
