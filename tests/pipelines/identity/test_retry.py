"""A row without a member is tried again every night for as long as the plan tries, and then expires."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

Person = Callable[[int], str]
Match = Callable[..., dict[str, dict[str, Any]]]
ARDITH = {"last_name": "Quillonbrax", "first_name": "Ardith", "birth_date": "1984-03-12", "zip": "93701"}
SAID = {"last_name": "Quillonbrax", "first_name": "Ardith", "dob": "1984-03-12", "zip": "93701", "referral_id": "R1"}


@pytest.fixture
def ten_days(exchange: Any) -> Any:
    """An exchange that tries for ten days."""
    exchange.configure(identity={"retry_days": 10})
    return exchange


def test_it_expires_after_the_days_of_the_configuration(ten_days: Any, match: Match) -> None:
    ten_days.referred("2026-10-02", None, **SAID)
    assert match(ten_days, "2026-10-12")["R1"]["method"] == "UNMATCHED"
    row = match(ten_days, "2026-10-13")["R1"]
    assert (row["method"], row["reason"], row["retry_until"]) == ("EXPIRED", "NOT_ON_834", date(2026, 10, 12))


def test_the_plan_tries_for_ninety_days_unless_it_says_otherwise(exchange: Any, match: Match) -> None:
    exchange.referred("2026-10-02", None, **SAID)
    assert match(exchange, "2026-12-31")["R1"]["method"] == "UNMATCHED"
    assert match(exchange, "2027-01-01")["R1"]["method"] == "EXPIRED"


def test_it_is_listed_once_when_expired(
    ten_days: Any, match: Match, questions: Callable[[Any], list[dict[str, Any]]]
) -> None:
    ten_days.referred("2026-10-02", None, **SAID)
    for night in ("2026-10-13", "2026-10-14", "2027-10-14"):
        match(ten_days, night)
        assert [(q["question"], q["since"]) for q in questions(ten_days)] == [("EXPIRED", date(2026, 10, 2))]


@pytest.mark.parametrize(
    ("known_on", "method"), [("2026-10-12", "NAME_BIRTH_DATE_AND_MORE"), ("2026-10-13", "EXPIRED")]
)
def test_only_an_834_of_that_time_makes_the_person_known(
    ten_days: Any, person: Person, match: Match, known_on: str, method: str
) -> None:
    ten_days.referred("2026-10-02", None, **SAID)
    ten_days.seen(known_on, person(1), **ARDITH)
    assert match(ten_days, "2026-10-20")["R1"]["method"] == method


@pytest.mark.parametrize(("known_on", "method"), [("2026-10-12", "CIN"), ("2026-10-13", "EXPIRED")])
def test_so_it_is_with_a_cin(ten_days: Any, person: Person, match: Match, known_on: str, method: str) -> None:
    ten_days.referred("2026-10-02", person(1), **SAID)
    ten_days.seen(known_on, person(1), **ARDITH)
    assert match(ten_days, "2026-10-20")["R1"]["method"] == method


def test_a_namesake_who_comes_later_asks_no_question(ten_days: Any, person: Person, match: Match) -> None:
    ten_days.referred("2026-10-02", None, **SAID | {"zip": "95814"})
    ten_days.seen("2026-10-13", person(1), **ARDITH)
    assert match(ten_days, "2026-10-20")["R1"]["method"] == "EXPIRED"


def test_who_was_known_in_time_stays_known(ten_days: Any, person: Person, match: Match) -> None:
    ten_days.seen("2026-10-01", person(1), **ARDITH)
    ten_days.referred("2026-10-02", None, **SAID)
    assert match(ten_days, "2027-10-02")["R1"]["cin"] == person(1)


def test_so_does_who_was_known_by_the_cin_when_a_better_namesake_comes_later(
    ten_days: Any, person: Person, match: Match
) -> None:
    ten_days.seen("2026-10-01", person(1), **ARDITH | {"birth_date": "1960-05-02"})
    ten_days.referred("2026-10-02", person(1), **SAID)
    ten_days.seen("2026-10-13", person(2), **ARDITH)
    assert match(ten_days, "2026-10-20")["R1"]["method"] == "CIN"


def test_the_same_row_sent_again_does_not_start_again(ten_days: Any, match: Match) -> None:
    for day in range(2, 14):
        ten_days.referred(f"2026-10-{day:02d}", None, **SAID)
    assert match(ten_days, "2026-10-13")["R1"]["method"] == "EXPIRED"


@pytest.mark.parametrize(
    "news", [{"zip": "93702"}, {"phone": "5595550101"}, {"last_name": "Brax"}, {"cin": "90000001B"}]
)
def test_a_version_that_says_more_of_the_person_starts_again(ten_days: Any, match: Match, news: dict[str, str]) -> None:
    ten_days.referred("2026-10-02", None, **SAID)
    ten_days.referred("2026-10-12", news.get("cin"), **SAID | {k: v for k, v in news.items() if k != "cin"})
    row = match(ten_days, "2026-10-13")["R1"]
    assert (row["method"], row["told_on"], row["first_told_on"]) == ("UNMATCHED", date(2026, 10, 12), date(2026, 10, 2))


def test_a_row_without_an_id_is_an_entry_of_its_own(ten_days: Any, match: Match) -> None:
    for day in (2, 3):
        ten_days.referred(f"2026-10-0{day}", None, **SAID | {"referral_id": None})
    assert [row["rank"] for row in match(ten_days).values()] == [1, 1]


def test_a_review_never_expires(ten_days: Any, person: Person, match: Match) -> None:
    ten_days.seen("2026-10-01", person(1), **ARDITH)
    ten_days.referred("2026-10-02", None, **SAID | {"zip": "95814"})
    assert match(ten_days, "2027-10-02")["R1"]["method"] == "REVIEW"


@pytest.mark.parametrize("gone", [{"record_action": "VOID"}, {"record_action": "TERM"}, {"pof_justice_involved": "N"}])
def test_a_row_that_is_withdrawn_or_of_no_concern_is_not_asked_about(
    ten_days: Any, match: Match, questions: Callable[[Any], list[dict[str, Any]]], gone: dict[str, str]
) -> None:
    ten_days.referred("2026-10-02", None, **SAID)
    ten_days.referred("2026-10-03", None, **SAID | gone)
    match(ten_days, "2026-10-13")
    assert questions(ten_days) == []
