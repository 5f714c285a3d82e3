"""Whom a referral, notice or MIF row speaks of: certain or nobody, never a guess."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.enrollment import apply_enrollment
from pipelines.identity import match_identities

Person = Callable[[int], str]
ARDITH = {"last_name": "Quillonbrax", "first_name": "Ardith", "birth_date": "1984-03-12", "zip": "93701"}
SAID = {"last_name": "Quillonbrax", "first_name": "Ardith", "dob": "1984-03-12"}
WRONG = {"last_name": "Zwicklethorpe", "first_name": "Benno", "dob": "1991-11-30"}


def matched(exchange: Any) -> list[tuple[str | None, str]]:
    apply_enrollment(exchange.warehouse, exchange.config)
    match_identities(exchange.warehouse)
    return [(row["cin"], row["method"]) for row in exchange.all("exchange.identities", order="row_no")]


@pytest.mark.parametrize(
    ("said", "method"),
    [
        (SAID, "CIN"),
        (SAID | {"dob": "1984-12-03"}, "CIN"),
        (SAID | {"last_name": "Brax"}, "CIN"),
        ({"last_name": "QUILLONBRAX"}, "CIN"),
        ({"dob": "1984-03-12"}, "CIN"),
        ({}, "CIN"),
        (WRONG, "REVIEW"),
        ({"last_name": "Zwicklethorpe"}, "REVIEW"),
        ({"dob": "1991-11-30"}, "REVIEW"),
        (WRONG | {"first_name": "Ardith"}, "REVIEW"),
    ],
)
def test_a_cin_needs_the_name_or_the_birth_date_to_agree(
    exchange: Any, person: Person, said: dict[str, str], method: str
) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH)
    exchange.referred("2026-10-02", person(1), **said)
    assert matched(exchange) == [(person(1) if method == "CIN" else None, method)]


def test_a_cin_whose_name_and_birth_date_disagree_is_never_delivered(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-01", person(1), exchange.coverage("2026-10", "01"), **ARDITH)
    exchange.referred("2026-10-02", person(1), **WRONG)
    exchange.noticed("2026-10-02", person(1), actual_release_date="2026-10-01", **WRONG)
    exchange.mif(exchange.file("2026-10-02", kind="mif"), person(1), **WRONG)
    exchange.derive("2026-10-02")
    assert [row["method"] for row in exchange.all("exchange.identities")] == ["REVIEW"] * 3
    for table in ("ji_statements", "ji_episodes", "ecm_authorizations", "ecm_assignments", "unassigned"):
        assert exchange.all(f"exchange.{table}") == [], table


@pytest.mark.parametrize(
    "more", [{"zip": "93701"}, {"zip": "93701-1234"}, {"phone": "(559) 555-0101"}, {"plan_member_id": "M1"}]
)
def test_without_a_cin_name_birth_date_and_one_more_datum_identify(
    exchange: Any, person: Person, more: dict[str, str]
) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH, phone="+1 559-555-0101", ref_0f="M1")
    exchange.referred("2026-10-02", None, **SAID, **more)
    assert matched(exchange) == [(person(1), "NAME_BIRTH_DATE_AND_MORE")]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (("O'Thrennick", "Dallo"), ("OTHRENNICK", "DALLO")),
        (("QUILLON BRAX", "ARDITH"), ("Quillon-Brax", "Ardith")),
        (("NUNEZ", "JOSE"), ("Núñez", "José")),
    ],
)
def test_accents_case_and_punctuation_do_not_make_another_name(
    exchange: Any, person: Person, known: tuple[str, str], said: tuple[str, str]
) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH | {"last_name": known[0], "first_name": known[1]})
    exchange.referred("2026-10-02", None, last_name=said[0], first_name=said[1], dob="1984-03-12", zip="93701")
    assert matched(exchange) == [(person(1), "NAME_BIRTH_DATE_AND_MORE")]


def test_names_that_share_no_latin_letter_are_not_all_one_name(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH | {"last_name": "Ли"})
    exchange.referred("2026-10-02", None, last_name="Ван", first_name="Ardith", dob="1984-03-12", zip="93701")
    assert matched(exchange) == [(None, "UNMATCHED")]


def test_name_and_birth_date_alone_are_for_review(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH, phone="5595550101")
    exchange.referred("2026-10-02", None, **SAID, zip="95814", phone="5595550102")
    assert matched(exchange) == [(None, "REVIEW")]


@pytest.mark.parametrize("phone", ["none", "", "555", "n/a"])
def test_what_is_no_phone_number_never_agrees(exchange: Any, person: Person, phone: str) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH, phone=phone)
    exchange.referred("2026-10-02", None, **SAID, phone=phone)
    assert matched(exchange) == [(None, "REVIEW")]


@pytest.mark.parametrize(
    "near",
    [{"dob": "1984-03-13"}, {"last_name": "Quillonbra"}, {"first_name": "Ardit"}, {"dob": None}, {"last_name": None}],
)
def test_close_is_not_enough(exchange: Any, person: Person, near: dict[str, str | None]) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH)
    exchange.referred("2026-10-02", None, **SAID | near, zip="93701")
    assert matched(exchange) == [(None, "UNMATCHED")]


def test_two_members_that_fit_are_for_review_and_one_more_datum_tells_them_apart(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH, phone="5595550101")
    exchange.seen("2026-10-01", person(2), **ARDITH, phone="5595550102")
    exchange.referred("2026-10-02", None, **SAID, zip="93701", referral_id="R1")
    exchange.referred("2026-10-02", None, **SAID, phone="5595550102", referral_id="R2")
    assert matched(exchange) == [(None, "REVIEW"), (person(2), "NAME_BIRTH_DATE_AND_MORE")]


def test_a_cin_nobody_has_is_not_replaced_by_a_name_that_fits(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH)
    exchange.referred("2026-10-02", person(2), **SAID, zip="93701")
    assert matched(exchange) == [(None, "UNMATCHED")]


def test_who_is_unmatched_is_matched_the_night_the_834_knows_the_person(exchange: Any, person: Person) -> None:
    exchange.referred("2026-10-02", person(1), **SAID)
    exchange.derive("2026-10-02")
    assert exchange.one("exchange.identities", None)["method"] == "UNMATCHED"
    exchange.seen("2026-10-05", person(1), exchange.coverage("2026-10", "01"), **ARDITH)
    exchange.derive("2026-10-05")
    assert exchange.one("exchange.identities", person(1))["method"] == "CIN"
    episode = exchange.one("exchange.ji_episodes", person(1))
    assert (episode["state"], episode["basis"], episode["opened_on"]) == ("RELEASED", "REFERRAL", date(2026, 10, 5))
    assert exchange.open_assignment(person(1))["late_add"]


def test_the_newest_version_of_a_referral_wins_in_any_order_of_arrival(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-01", person(1), exchange.coverage("2026-10", "01"), **ARDITH)
    exchange.referred("2026-10-05", person(1), facility_name="New", incarceration_status="RELEASED")
    exchange.referred("2026-10-03", person(1), facility_name="Old", incarceration_status="IN_CUSTODY")
    exchange.authorize("2026-10-06")
    statement = exchange.one("exchange.ji_statements", person(1))
    assert statement["facility_name"] == "New"
    assert statement["received_on"] == date(2026, 10, 3), "first told by the older version"


@pytest.mark.parametrize("action", ["VOID", "TERM"])
def test_a_withdrawn_referral_opens_nothing_and_takes_its_episode_back(
    exchange: Any, person: Person, action: str
) -> None:
    exchange.seen("2026-10-01", person(1), exchange.coverage("2026-10", "01"), **ARDITH)
    exchange.referred("2026-10-03", person(1))
    exchange.derive("2026-10-03")
    assert exchange.open_assignment(person(1))
    exchange.referred("2026-10-05", person(1), record_action=action)
    exchange.derive("2026-10-05")
    assert exchange.episodes(person(1)) == []
    assert exchange.one("exchange.ecm_assignments", person(1))["end_reason"] == "ELIG_LOST"


def test_a_void_takes_back_its_own_referral_and_no_other(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-01", person(1), exchange.coverage("2026-10", "01"), **ARDITH)
    exchange.referred("2026-10-03", person(1), referral_id="R1")
    exchange.referred("2026-10-03", person(1), referral_id="R1", source="probation")
    exchange.referred("2026-10-05", person(1), referral_id="R1", record_action="VOID")
    exchange.authorize("2026-10-05")
    assert exchange.one("exchange.ji_statements", person(1))["source"] == "probation"


def test_a_version_that_names_another_person_takes_the_referral_from_the_first(exchange: Any, person: Person) -> None:
    for number in (1, 2):
        exchange.seen("2026-10-01", person(number), exchange.coverage("2026-10", "01"))
    exchange.referred("2026-10-03", person(1), referral_id="R1")
    exchange.referred("2026-10-04", person(2), referral_id="R1")
    exchange.authorize("2026-10-04")
    assert exchange.episodes(person(1)) == []
    assert exchange.one("exchange.ji_episodes", person(2))["opened_on"] == date(2026, 10, 4)
