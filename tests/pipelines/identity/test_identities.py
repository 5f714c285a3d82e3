"""From identities to what follows: a match is acted on, everything else waits, and the newest version counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

Person = Callable[[int], str]
ARDITH = {"last_name": "Quillonbrax", "first_name": "Ardith", "birth_date": "1984-03-12", "zip": "93701"}
SAID = {"last_name": "Quillonbrax", "first_name": "Ardith", "dob": "1984-03-12"}
WRONG = {"last_name": "Zwicklethorpe", "first_name": "Benno", "dob": "1991-11-30"}


def test_a_cin_whose_name_and_birth_date_disagree_is_never_delivered(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-01", person(1), exchange.coverage("2026-10", "01"), **ARDITH)
    exchange.referred("2026-10-02", person(1), **WRONG)
    exchange.noticed("2026-10-02", person(1), actual_release_date="2026-10-01", **WRONG)
    exchange.mif(exchange.file("2026-10-02", kind="mif"), person(1), **WRONG)
    exchange.derive("2026-10-02")
    assert [row["method"] for row in exchange.all("exchange.identities")] == ["REVIEW"] * 3
    for table in ("ji_statements", "ji_episodes", "ecm_authorizations", "ecm_assignments", "unassigned"):
        assert exchange.all(f"exchange.{table}") == [], table


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


def test_a_withdrawn_referral_opens_nothing_and_takes_its_episode_back(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-01", person(1), exchange.coverage("2026-10", "01"), **ARDITH)
    exchange.referred("2026-10-03", person(1))
    exchange.derive("2026-10-03")
    assert exchange.open_assignment(person(1))
    exchange.referred("2026-10-05", person(1), record_action="VOID")
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
