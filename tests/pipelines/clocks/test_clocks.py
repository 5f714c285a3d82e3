"""Clocks: what is due when after a release, in calendar and business days; the day of the trigger is not counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

Person = Callable[[int], str]
VETERANS_DAY = date(2026, 11, 11)
PLAN = {"name": "Sample Health Plan", "id": "SHP", "hcp_codes": ["010"], "counties": ["Fresno"]}


@pytest.fixture
def due(exchange: Any, person: Person) -> Callable[[str], dict[str, tuple[date, str]]]:
    """Function that derives a night and returns due date and status of the first person's clocks by name."""
    exchange.configure(plan=PLAN | {"holidays": [VETERANS_DAY, date(2026, 11, 26), date(2026, 11, 27)]})

    def clocks(night: str) -> dict[str, tuple[date, str]]:
        exchange.derive(night)
        return {row["name"]: (row["due"], row["status"]) for row in exchange.all("exchange.clocks", person(1))}

    return clocks


def out(exchange: Any, cin: str, seen: str, **notice: Any) -> None:
    """Inside on 2 November, active in the file of `seen`."""
    exchange.seen("2026-11-02", cin, exchange.coverage("2026-11", "05", ji=True))
    exchange.seen(seen, cin, exchange.coverage("2026-11", "01", ji=True))
    if notice:
        exchange.noticed(seen, cin, **notice)


def test_while_inside_no_clock_runs_but_hand_off_and_assignment_before_release(
    exchange: Any, person: Person, due: Any, npi_of: Any
) -> None:
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "05", ji=True))
    assert due("2026-11-02") == {}
    exchange.noticed("2026-11-03", person(1), expected_release_date="2026-12-10", pre_release_cm_npi=npi_of(9))
    assert due("2026-11-03") == {
        "HANDOFF_BEFORE_RELEASE": (date(2026, 11, 26), "OPEN"),
        "ASSIGNMENT": (date(2026, 12, 10), "MET"),
    }
    assert due("2026-11-27")["HANDOFF_BEFORE_RELEASE"] == (date(2026, 11, 26), "LATE")


def test_the_first_contact_is_due_in_both_readings_over_weekends_and_holidays(
    exchange: Any, person: Person, due: Any
) -> None:
    expected = {
        9: (date(2026, 11, 11), date(2026, 11, 12)),  # Monday, with the holiday on Wednesday
        10: (date(2026, 11, 12), date(2026, 11, 13)),
        11: (date(2026, 11, 13), date(2026, 11, 13)),  # released on the holiday itself
        13: (date(2026, 11, 15), date(2026, 11, 17)),  # Friday
        14: (date(2026, 11, 16), date(2026, 11, 17)),  # Saturday
        15: (date(2026, 11, 17), date(2026, 11, 17)),  # Sunday
        25: (date(2026, 11, 27), date(2026, 12, 1)),  # the day before Thanksgiving
    }
    for released in expected:
        day = f"2026-11-{released:02d}"
        out(exchange, person(released), day, actual_release_date=day)
    due("2026-11-25")
    for released, (calendar, business) in expected.items():
        clocks = {row["name"]: row["due"] for row in exchange.all("exchange.clocks", person(released))}
        assert (clocks["FIRST_CONTACT_CALENDAR"], clocks["FIRST_CONTACT_BUSINESS"]) == (calendar, business), released


def test_the_first_contact_counts_from_the_day_the_plan_learned_and_the_follow_up_from_the_release(
    exchange: Any, person: Person, due: Any
) -> None:
    out(exchange, person(1), "2026-11-18", actual_release_date="2026-11-13")
    clocks = due("2026-11-18")
    assert clocks["FIRST_CONTACT_CALENDAR"] == (date(2026, 11, 20), "OPEN")
    assert clocks["FOLLOW_UP"] == (date(2026, 11, 20), "OPEN")
    assert clocks["NEW_MEMBER_MATERIALS"] == (date(2026, 11, 25), "OPEN")


def test_a_notice_starts_the_first_contact_before_the_834_shows_the_release(
    exchange: Any, person: Person, due: Any
) -> None:
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "05", ji=True))
    exchange.noticed("2026-11-16", person(1), actual_release_date="2026-11-15")
    clocks = due("2026-11-16")
    assert clocks["FIRST_CONTACT_CALENDAR"] == (date(2026, 11, 18), "OPEN")
    assert clocks["FOLLOW_UP"] == (date(2026, 11, 22), "OPEN")
    assert "NEW_MEMBER_MATERIALS" not in clocks, "none while the hold stands (R9)"


def test_without_a_release_date_the_clocks_run_from_what_the_plan_saw_not_from_the_first_of_the_month(
    exchange: Any, person: Person, due: Any
) -> None:
    exchange.seen("2026-11-18", person(1), exchange.coverage("2026-11", "01", ji=True))
    clocks = due("2026-11-18")
    assert clocks["FOLLOW_UP"] == (date(2026, 11, 25), "OPEN")
    assert clocks["FIRST_CONTACT_BUSINESS"] == (date(2026, 11, 20), "OPEN")


def test_a_referral_of_one_on_hold_starts_no_clock_before_the_release(exchange: Any, person: Person, due: Any) -> None:
    exchange.seen("2026-10-01", person(1), exchange.coverage("2026-10", "05"))
    exchange.referred("2026-10-05", person(1))
    assert due("2026-10-05") == {}
    exchange.seen("2026-11-18", person(1), exchange.coverage("2026-11", "01"))
    clocks = due("2026-11-18")
    assert clocks["FIRST_CONTACT_CALENDAR"] == (date(2026, 11, 20), "OPEN")
    assert {status for name, (_, status) in clocks.items() if name != "ASSIGNMENT"} == {"OPEN"}


@pytest.mark.parametrize(
    "manager",
    [{"pre_release_cm_npi": True}, {"pre_release_cm_organization": "Jail Care"}, {"pre_release_cm_name": "Jo"}],
)
def test_a_hand_off_after_release_is_due_where_the_managers_differ(
    exchange: Any, person: Person, due: Any, npi_of: Any, manager: dict[str, Any]
) -> None:
    told = {name: npi_of(9) if value is True else value for name, value in manager.items()}
    out(exchange, person(1), "2026-11-12", actual_release_date="2026-11-10", **told)
    clocks = due("2026-11-12")
    assert clocks["HANDOFF_AFTER_RELEASE"] == (date(2026, 11, 17), "OPEN")
    assert clocks["REENTRY_CARE_PLAN"] == (date(2026, 11, 12), "OPEN"), "one business day over the holiday"
    assert "HANDOFF_BEFORE_RELEASE" not in clocks


@pytest.mark.parametrize("named", [True, False])
def test_no_hand_off_is_due_where_the_manager_stays_or_there_was_none(
    exchange: Any, person: Person, due: Any, npi_of: Any, *, named: bool
) -> None:
    told = {"pre_release_cm_npi": npi_of(1)} if named else {}
    out(exchange, person(1), "2026-11-12", actual_release_date="2026-11-10", **told)
    assert not {"HANDOFF_AFTER_RELEASE", "REENTRY_CARE_PLAN", "HANDOFF_BEFORE_RELEASE"} & due("2026-11-12").keys()


@pytest.mark.parametrize("status", ["05", "00"])
def test_back_inside_or_out_of_the_plan_the_clocks_are_void(
    exchange: Any, person: Person, due: Any, status: str
) -> None:
    out(exchange, person(1), "2026-11-12", actual_release_date="2026-11-10")
    due("2026-11-12")
    exchange.seen("2026-11-20", person(1), exchange.coverage("2026-11", status, ji=True))
    clocks = due("2026-11-20")
    assert clocks
    assert {name: status for name, (_, status) in clocks.items() if status != "VOID"} == {"ASSIGNMENT": "LATE"}, (
        "what was done before stays done, on its day"
    )


def test_a_clock_is_late_the_day_after_it_was_due(exchange: Any, person: Person, due: Any) -> None:
    out(exchange, person(1), "2026-11-12", actual_release_date="2026-11-10")
    assert due("2026-11-17")["FOLLOW_UP"] == (date(2026, 11, 17), "OPEN")
    assert due("2026-11-18")["FOLLOW_UP"] == (date(2026, 11, 17), "LATE")


def test_each_episode_has_clocks_of_its_own(exchange: Any, person: Person, due: Any) -> None:
    out(exchange, person(1), "2026-11-04")
    exchange.seen("2026-11-10", person(1), exchange.coverage("2026-11", "05", ji=True))
    exchange.seen("2026-11-20", person(1), exchange.coverage("2026-11", "01", ji=True))
    due("2026-11-20")
    found = exchange.all("exchange.clocks", person(1))
    follow_ups = {(row["due"], row["status"]) for row in found if row["name"] == "FOLLOW_UP"}
    assert follow_ups == {(date(2026, 11, 11), "VOID"), (date(2026, 11, 27), "OPEN")}
    assert len({row["clock_id"] for row in found}) == len(found)
