"""Start, effect of the enrolment and first ECM service stay apart (R6); the payer changes at the release (R24)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.authorization.closure import CLOSURE_REASONS

Person = Callable[[int], str]
NIGHT = date(2026, 12, 15)
PLAN = {"name": "Sample Health Plan", "id": "SHP", "hcp_codes": ["010"], "counties": ["Fresno"]}


def only(exchange: Any, cin: str) -> dict[str, Any]:
    (found,) = exchange.authorizations(cin)
    return dict(found)


def released(exchange: Any, cin: str, told: str | None = "2026-10-18", seen: str = "2026-10-20") -> None:
    exchange.seen("2026-10-05", cin, exchange.coverage("2026-10", "05", ji=True))
    exchange.seen(seen, cin, exchange.coverage("2026-10", "01", ji=True))
    if told:
        exchange.noticed("2026-10-21", cin, actual_release_date=told)


def three(exchange: Any, cin: str) -> tuple[date, date, date]:
    found = only(exchange, cin)
    return found["start_date"], found["effectuation_date"], found["benefit_start_date"]


def test_each_of_the_three_dates_can_differ_alone(exchange: Any, person: Person) -> None:
    told = {1: ("2026-10-18", "2026-10-20", "2026-11-03"), 2: ("2026-10-17", "2026-10-20", "2026-11-03"),
            3: ("2026-10-18", "2026-10-19", "2026-11-03"), 4: ("2026-10-18", "2026-10-20", "2026-11-04")}  # fmt: skip
    for number, (out, seen, first_service) in told.items():
        released(exchange, person(number), out, seen)
        file = exchange.file("2026-11-30", kind="mif", name=f"mif-{number}")
        exchange.mif(file, person(number), ecm_benefit_start=first_service)
    exchange.authorize(NIGHT)
    for number, days in told.items():
        assert three(exchange, person(number)) == tuple(date.fromisoformat(day) for day in days)


def test_the_newest_report_of_the_first_service_counts_and_a_blank_wipes_nothing(exchange: Any, person: Person) -> None:
    released(exchange, person(1))
    for day, first_service in (("2026-11-01", "2026-10-25"), ("2026-11-15", "2026-10-28"), ("2026-12-01", None)):
        exchange.mif(exchange.file(day, kind="mif"), person(1), ecm_benefit_start=first_service)
    exchange.authorize(NIGHT)
    assert only(exchange, person(1))["benefit_start_date"] == date(2026, 10, 28)


def test_the_first_service_is_of_the_episode_in_which_it_took_place(exchange: Any, person: Person) -> None:
    released(exchange, person(1))
    exchange.seen("2026-11-05", person(1), exchange.coverage("2026-11", "05", ji=True))
    exchange.seen("2026-11-25", person(1), exchange.coverage("2026-11", "01", ji=True))
    exchange.mif(exchange.file("2026-12-01", kind="mif"), person(1), ecm_benefit_start="2026-10-30")
    exchange.authorize(NIGHT)
    first, second = exchange.authorizations(person(1))
    assert (first["benefit_start_date"], second["benefit_start_date"]) == (date(2026, 10, 30), None)


def test_the_plan_pays_from_the_release_else_the_effectuation_and_never_before_it_covers(
    exchange: Any, person: Person
) -> None:
    exchange.configure(authorization={"anchor": ["effectuation_date"]})
    payer_changes = {"2026-10-18": "2026-10-18", None: "2026-10-20", "2026-08-30": "2026-10-01"}
    for number, told in enumerate(payer_changes):
        released(exchange, person(number), told)
    exchange.authorize(NIGHT)
    for number, day in enumerate(payer_changes.values()):
        found = only(exchange, person(number))
        assert found["billable_from"] == date.fromisoformat(day)
        assert found["billing"] == f"DHCS fee-for-service before {day}, the plan from then on"
        assert found["start_date"] == date(2026, 10, 20), "the authorization has an anchor of its own"


def test_nothing_is_billable_to_the_plan_while_inside(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-05", person(1), exchange.coverage("2026-10", "05", ji=True))
    exchange.authorize(NIGHT)
    found = only(exchange, person(1))
    assert (found["billable_from"], found["billing"]) == (None, "DHCS fee-for-service until the release")
    assert found["review_on"] is None


def test_a_release_in_the_past_is_authorized_back_in_time(exchange: Any, person: Person) -> None:
    months = [exchange.coverage(f"2026-{month:02d}", "01", ji=True) for month in (9, 10, 11)]
    exchange.seen("2026-11-20", person(1), *months)
    exchange.noticed("2026-11-23", person(1), actual_release_date="2026-09-17")
    exchange.authorize("2026-11-23")
    assert only(exchange, person(1))["start_date"] == date(2026, 9, 17)


@pytest.mark.parametrize(
    ("days", "holidays", "review"),
    [
        (60, [], date(2027, 8, 18)),
        (62, [], date(2027, 8, 16)),
        (63, [], date(2027, 8, 13)),
        (60, [date(2027, 8, 18), date(2027, 8, 17)], date(2027, 8, 16)),
    ],
    ids=["a Wednesday", "a Monday", "a Sunday, so the Friday before", "two holidays, so the day before both"],
)
def test_the_end_is_reviewed_on_a_business_day_before_it(
    exchange: Any, person: Person, days: int, holidays: list[date], review: date
) -> None:
    exchange.configure(authorization={"review_days_before_end": days}, plan=PLAN | {"holidays": holidays})
    released(exchange, person(1))
    exchange.authorize(NIGHT)
    found = only(exchange, person(1))
    assert found["end_date"] == date(2027, 10, 17)
    assert found["review_on"] == review


def test_every_closed_authorization_has_a_reason_of_the_list_and_no_review(exchange: Any, person: Person) -> None:
    last: dict[int, dict[str, Any]] = {
        1: {"status": "00"}, 2: {"status": "00", "ref_zz": "30401"}, 3: {"status": "01", "death_date": "2026-11-02"},
    }  # fmt: skip
    for number, told in last.items():
        released(exchange, person(number))
        status = told.pop("status")
        exchange.seen("2026-11-09", person(number), exchange.coverage("2026-11", status), **told)
    released(exchange, person(4))
    for day, status in (("2026-11-05", "05"), ("2026-11-25", "01")):
        exchange.seen(day, person(4), exchange.coverage("2026-11", status, ji=True))
    exchange.authorize("2027-12-15")
    found = exchange.all("exchange.ecm_authorizations")
    reasons = {each["close_reason"] for each in found}
    assert reasons == {"TERMINATED", "MOVED_PLAN", "DECEASED", "NEW_EPISODE", "EXPIRED"}
    assert reasons <= CLOSURE_REASONS.keys()
    assert all((each["review_on"] is None) == (each["status"] == "CLOSED") for each in found)
