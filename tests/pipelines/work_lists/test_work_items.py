"""What waits for the JI liaison: each list holds who belongs on it, the most urgent first, and nobody else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipelines.clocks.rules import clock_rules
from pipelines.config.policy import Clocks
from pipelines.work_lists.lists import WORK_LISTS


def reasons(items: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(item["cin"], item["reason"]) for item in items]


def test_how_near_a_release_is_is_said_in_days() -> None:
    assert WORK_LISTS["PENDING_RELEASE"].words("WITHIN_14") == "The release is expected within 14 days."


@pytest.mark.parametrize("name", ["CLOCKS_OVERDUE", "CLOCKS_TODAY"])
def test_a_list_of_clocks_says_of_each_clock_what_is_due(name: str) -> None:
    assert WORK_LISTS[name].reasons.keys() == set(clock_rules(Clocks())["name"])


def test_who_nobody_can_take_stands_on_the_list_with_the_reason(
    exchange: Any, listed: Any, person: Any, a_provider: Any
) -> None:
    exchange.providers(a_provider(1, counties=("Kings",)))
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "05", ji=True))
    assert reasons(listed("2026-11-02", "UNASSIGNED")) == [(person(1), "NO_PROVIDER_IN_COUNTY")]


@pytest.mark.parametrize(
    ("expected", "reason"),
    [
        ("2026-11-01", "DATE_PASSED"),
        ("2026-11-16", "WITHIN_14"),
        ("2026-11-17", "WITHIN_30"),
        ("2026-12-02", "WITHIN_30"),
        ("2026-12-03", "WITHIN_90"),
        ("2027-01-31", "WITHIN_90"),
        ("2027-02-01", "LATER"),
        (None, "NO_DATE"),
    ],
)
def test_a_pending_release_is_listed_by_how_near_it_is(
    exchange: Any, listed: Any, person: Any, expected: str | None, reason: str
) -> None:
    exchange.seen("2026-10-30", person(1), exchange.coverage("2026-10", "05", ji=True))
    if expected:
        exchange.noticed("2026-10-30", person(1), expected_release_date=date.fromisoformat(expected))
    assert reasons(listed("2026-11-02", "PENDING_RELEASE")) == [(person(1), reason)]


def test_the_nearest_release_stands_first(exchange: Any, listed: Any, person: Any) -> None:
    for number, expected in ((1, "2026-12-20"), (2, "2026-11-05"), (3, None)):
        exchange.seen("2026-10-30", person(number), exchange.coverage("2026-10", "05", ji=True), sequence=number)
        if expected:
            exchange.noticed("2026-10-30", person(number), expected_release_date=date.fromisoformat(expected))
    assert [item["cin"] for item in listed("2026-11-02", "PENDING_RELEASE")] == [person(2), person(1), person(3)]


def test_what_is_missing_at_a_release_stands_before_what_is_to_be_asked_and_the_soonest_release_first(
    exchange: Any, listed: Any, person: Any
) -> None:
    for number, expected in ((1, "2026-11-12"), (2, "2026-11-06"), (3, "2026-12-20")):
        exchange.seen("2026-10-30", person(number), exchange.coverage("2026-10", "05", ji=True), sequence=number)
        told = {"behavioral_health_need": "NONE", "community_supports": "NONE", "appointments_booked": "Y"}
        ride = {"transportation_needed": "Y"} if number != 2 else {}
        exchange.noticed(
            "2026-10-30", person(number), expected_release_date=date.fromisoformat(expected), **told, **ride
        )
    items = listed("2026-11-02", "NEEDS")
    assert reasons(items) == [
        (person(1), "TRANSPORTATION"), (person(3), "TRANSPORTATION"), (person(2), "ASK_FOR_TRANSPORTATION"),
    ]  # fmt: skip
    assert [(item["rule"], item["due"]) for item in items[::2]] == [
        ("R27", date(2026, 11, 12)), ("R27", date(2026, 11, 6)),
    ]  # fmt: skip


def test_someone_already_out_at_first_sight_is_a_late_add_for_a_week(exchange: Any, listed: Any, person: Any) -> None:
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "01", ji=True))
    assert reasons(listed("2026-11-02", "LATE_ADDS")) == [(person(1), "LATE_ADD")]
    assert reasons(listed("2026-11-08", "LATE_ADDS")) == [(person(1), "LATE_ADD")]
    assert listed("2026-11-09", "LATE_ADDS") == []


def test_a_clock_is_listed_on_its_day_and_from_the_next_one_as_overdue(exchange: Any, listed: Any, person: Any) -> None:
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "01", ji=True))
    today = listed("2026-11-04", "CLOCKS_TODAY")
    assert {item["rule"] for item in today} == {"R10"}
    assert listed("2026-11-04", "CLOCKS_OVERDUE") == []
    assert {item["due"] for item in listed("2026-11-05", "CLOCKS_OVERDUE")} == {date(2026, 11, 4)}
    assert listed("2026-11-05", "CLOCKS_TODAY") == []


def test_a_notice_of_release_while_the_834_holds_is_a_contradiction(exchange: Any, listed: Any, person: Any) -> None:
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "05", ji=True))
    exchange.noticed("2026-11-03", person(1), actual_release_date=date(2026, 11, 2))
    assert [item["cin"] for item in listed("2026-11-04", "CONTRADICTIONS")] == [person(1)]


def test_a_referral_that_nobody_matches_is_a_question_about_its_row(exchange: Any, listed: Any) -> None:
    file = exchange.file("2026-11-02", kind="mini_mif")
    exchange.referral(file, None, referral_id="R1", last_name="Nobody", first_name="Known", dob=date(1990, 1, 1))
    (item,) = listed("2026-11-02", "IDENTITY")
    assert (item["cin"], item["file_id"]) == (None, file.file_id)


def test_a_county_without_a_provider_is_a_gap_of_the_network(exchange: Any, listed: Any, a_provider: Any) -> None:
    exchange.providers(a_provider(1, counties=("Kings",)))
    exchange.seen("2026-11-02", "90000001B", exchange.coverage("2026-11", "01"))
    assert [(i["county"], i["reason"]) for i in listed("2026-11-02", "NETWORK")] == [("Fresno", "NO_PROVIDER")]


def test_every_item_has_an_id_of_its_own_and_the_same_one_the_next_night(
    exchange: Any, listed: Any, person: Any
) -> None:
    for number in range(1, 6):
        exchange.seen("2026-11-02", person(number), exchange.coverage("2026-11", "05", ji=True), sequence=number)
    first = {item["item_id"] for item in listed("2026-11-02", "PENDING_RELEASE")}
    assert len(first) == 5
    assert {item["item_id"] for item in listed("2026-11-03", "PENDING_RELEASE")} == first
