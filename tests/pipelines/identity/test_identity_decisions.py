"""The liaison's word on whom a row speaks of outranks every rule, and lasts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.identity.decisions import IdentityRefused, decide_identity

Person = Callable[[int], str]
Match = Callable[..., dict[str, dict[str, Any]]]
ON = date(2026, 10, 3)
SAID = {"last_name": "Quillonbrax", "first_name": "Ardith", "dob": "1984-03-12", "referral_id": "R1"}
BY = {"on": ON, "reason": "asked the referrer", "decided_by": "liaison"}


@pytest.fixture
def asked(exchange: Any, person: Person) -> Any:
    """A referral whose CIN is that of a member with another name and birth date; two members."""
    exchange.seen("2026-10-01", person(1), last_name="Zwicklethorpe", first_name="Benno", birth_date="1991-11-30")
    exchange.seen("2026-10-01", person(2), last_name="Thrennick", first_name="Dallo", birth_date="1979-07-07")
    exchange.referred("2026-10-02", person(1), **SAID)
    return exchange


def accept(exchange: Any, cin: str, key: str = "R1", source: str = "community") -> None:
    decide_identity(exchange.warehouse, source, key, "ACCEPT", cin=cin, **BY)


def test_an_accepted_member_outranks_the_cin_of_the_row(asked: Any, person: Person, match: Match) -> None:
    assert match(asked)["R1"]["method"] == "REVIEW"
    accept(asked, person(2))
    row = match(asked)["R1"]
    assert (row["method"], row["cin"]) == ("LIAISON", person(2))
    assert asked.all("exchange.identity_proposals") == []


def test_a_rejected_row_is_nobody_s_and_asked_about_no_longer(
    asked: Any, match: Match, questions: Callable[[Any], list[dict[str, Any]]]
) -> None:
    decide_identity(asked.warehouse, "community", "R1", "REJECT", **BY)
    row = match(asked)["R1"]
    assert (row["method"], row["cin"]) == ("NOBODY", None)
    assert questions(asked) == []


def test_a_row_that_a_rule_matches_can_be_rejected_too(exchange: Any, person: Person, match: Match) -> None:
    exchange.seen("2026-10-01", person(1))
    exchange.referred("2026-10-02", person(1), referral_id="R1")
    match(exchange)
    decide_identity(exchange.warehouse, "community", "R1", "REJECT", **BY)
    assert match(exchange)["R1"]["method"] == "NOBODY"


def test_a_reopened_row_is_left_to_the_rules(asked: Any, person: Person, match: Match) -> None:
    match(asked)
    accept(asked, person(2))
    decide_identity(asked.warehouse, "community", "R1", "REOPEN", **BY)
    assert match(asked)["R1"]["method"] == "REVIEW"


def test_it_holds_for_later_versions_until_name_and_birth_date_are_both_others(
    asked: Any, person: Person, match: Match
) -> None:
    held: dict[str, dict[str, str | None]] = {
        "same": {},
        "zip": {"zip": "93701"},
        "name": {"last_name": "Other"},
        "birth date": {"dob": "1984-03-21"},
    }
    lapsed: dict[str, dict[str, str | None]] = {
        "last name and birth date": {"last_name": "Other", "dob": "1984-03-21"},
        "first name and birth date": {"first_name": "Other", "dob": "1984-03-21"},
        "neither told": {"last_name": None, "first_name": None, "dob": None},
    }
    for key in held | lapsed:
        asked.referred("2026-10-02", person(1), **SAID | {"referral_id": key})
    match(asked)
    for key, news in (held | lapsed).items():
        accept(asked, person(2), key)
        asked.referred("2026-10-05", "90000009B", **SAID | {"referral_id": key} | news)
    found = match(asked)
    assert {key: found[key]["method"] for key in held | lapsed} == dict.fromkeys(held, "LIAISON") | dict.fromkeys(
        lapsed, "UNMATCHED"
    )


def test_where_only_the_cin_was_told_it_holds_for_that_cin(exchange: Any, person: Person, match: Match) -> None:
    exchange.seen("2026-10-01", person(1))
    exchange.referred("2026-10-02", person(5), referral_id="R1")
    match(exchange)
    accept(exchange, person(1))
    exchange.referred("2026-10-03", person(5), referral_id="R1")
    assert match(exchange)["R1"]["method"] == "LIAISON"
    exchange.referred("2026-10-04", person(6), referral_id="R1")
    assert match(exchange)["R1"]["method"] == "UNMATCHED"


def test_another_source_s_row_of_the_same_key_is_another_row(asked: Any, person: Person, match: Match) -> None:
    match(asked)
    accept(asked, person(2))
    asked.referred("2026-10-03", person(1), **SAID, source="probation")
    match(asked)
    methods = {row["source"]: row["method"] for row in asked.all("exchange.identities")}
    assert methods == {"community": "LIAISON", "probation": "REVIEW"}


def test_the_last_word_counts_and_all_are_kept(asked: Any, person: Person, match: Match) -> None:
    match(asked)
    for number in (2, 1, 1, 2):
        accept(asked, person(number))
    assert match(asked)["R1"]["cin"] == person(2)
    assert [row["cin"] for row in asked.all("facts.identity_decisions", order="sequence")] == [
        person(2), person(1), person(2),
    ]  # fmt: skip


def test_a_word_of_a_later_night_does_not_count_yet(asked: Any, person: Person, match: Match) -> None:
    match(asked)
    accept(asked, person(2))
    assert match(asked, "2026-10-02")["R1"]["method"] == "REVIEW"


def test_a_notice_and_a_mif_row_can_be_decided_on(exchange: Any, person: Person, match: Match) -> None:
    exchange.seen("2026-10-01", person(1))
    exchange.noticed("2026-10-02", None, last_name="Street", first_name="Name", dob="1984-03-12", notice_id="N1")
    exchange.mif(exchange.file("2026-10-02", kind="mif"), person(7))
    match(exchange)
    accept(exchange, person(1), "N1", "jail")
    accept(exchange, person(1), person(7), "mif")
    assert {row["method"] for row in match(exchange).values()} == {"LIAISON"}


def test_the_audit_names_no_person(asked: Any, person: Person, match: Match) -> None:
    match(asked)
    accept(asked, person(2))
    entry = asked.one("ledger.audit", None)
    assert (entry["event"], entry["detail"]) == ("IDENTITY_ACCEPT", "mini_mif of community")
    assert entry["subject"] == asked.one("facts.identity_decisions", person(2))["decision_id"]


def test_an_unknown_row_or_member_is_refused_and_nothing_is_stored(asked: Any, person: Person, match: Match) -> None:
    match(asked)
    for key, cin, code in (("R9", 2, "I01"), ("R1", 8, "I02")):
        with pytest.raises(IdentityRefused, match=code):
            accept(asked, person(cin), key)
    assert asked.all("facts.identity_decisions") == asked.all("ledger.audit") == []


def test_an_accepted_referral_opens_an_episode_of_that_member(asked: Any, person: Person, match: Match) -> None:
    asked.seen("2026-10-01", person(2), asked.coverage("2026-10", "01"), sequence=2)
    match(asked)
    accept(asked, person(2))
    asked.authorize("2026-10-03")
    assert asked.one("exchange.ji_episodes", None)["cin"] == person(2)
