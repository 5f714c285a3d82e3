"""A notice carries little: another statement of the same person in the same place says who it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from pipelines.identity.decisions import decide_identity

Person = Callable[[int], str]
Match = Callable[..., dict[str, dict[str, Any]]]
ARDITH = {"last_name": "Quillonbrax", "first_name": "Ardith", "birth_date": "1984-03-12", "zip": "93701"}
SAID = {"last_name": "Quillonbrax", "first_name": "Ardith", "dob": "1984-03-12"}
NOTICE = {"facility_name": "Brindlemoor Jail", "booking_number": "B-77"}

STREET_NAME = SAID | {"last_name": "Streetname Sr"}
NOTHING = {"facility_name": None, "booking_number": None}


def test_the_same_entry_booking_number_or_facility_makes_it_the_same_person(
    exchange: Any, person: Person, match: Match
) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH)
    exchange.noticed("2026-10-02", person(1), **STREET_NAME, **NOTICE, notice_id="N1")
    exchange.noticed("2026-10-03", None, **STREET_NAME, **NOTHING, notice_id="N1")
    exchange.noticed("2026-10-03", None, **STREET_NAME, **NOTICE | {"facility_name": "Elsewhere"}, notice_id="N2")
    exchange.noticed("2026-10-03", None, **STREET_NAME, **NOTICE | {"booking_number": None}, notice_id="N3")
    found = match(exchange)
    assert {key: (row["method"], row["cin"], row["agreement"]) for key, row in found.items()} == {
        key: ("OTHER_STATEMENT", person(1), f"last_name;first_name;birth_date;{agreement}")
        for key, agreement in {"N1": "entry", "N2": "booking_number", "N3": "facility"}.items()
    }


def test_nothing_less_does(exchange: Any, person: Person, match: Match) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH)
    exchange.noticed("2026-10-02", person(1), **STREET_NAME, **NOTICE, notice_id="N1")
    others: dict[str, dict[str, str | None]] = {
        "elsewhere": {"facility_name": "Elsewhere", "booking_number": "B-78"},
        "no place": NOTHING,
        "another birth date": {"dob": "1984-03-13"},
        "another first name": {"first_name": "Benno"},
        "the son": {"last_name": "Streetname Jr"},
    }
    for key, columns in others.items():
        exchange.noticed("2026-10-02", None, **STREET_NAME | NOTICE | {"notice_id": key} | columns)
    found = match(exchange)
    assert {key: row["method"] for key, row in found.items()} == {"N1": "CIN"} | dict.fromkeys(others, "UNMATCHED")


def test_another_partner_s_booking_number_is_another_booking(exchange: Any, person: Person, match: Match) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH)
    exchange.noticed("2026-10-02", person(1), **STREET_NAME, **NOTICE, notice_id="N1")
    file = exchange.file("2026-10-02", kind="release_notice", source="prison")
    exchange.notice(file, None, **STREET_NAME, **NOTICE | {"facility_name": "Elsewhere"}, notice_id="N2")
    assert match(exchange)["N2"]["method"] == "UNMATCHED"


def test_a_notice_is_known_by_a_referral_that_names_the_same_facility(
    exchange: Any, person: Person, match: Match
) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH)
    exchange.noticed("2026-10-02", None, **SAID, facility_name="Brindlemoor  Jail.", notice_id="N1")
    assert match(exchange)["N1"]["reason"] == "ONLY_NAME_AND_BIRTH_DATE"
    assert len(exchange.all("exchange.identity_proposals")) == 1
    exchange.referred("2026-10-03", None, **SAID, zip="93701", facility_name="BRINDLEMOOR JAIL")
    assert match(exchange)["N1"]["method"] == "OTHER_STATEMENT"
    assert exchange.all("exchange.identity_proposals") == []


def test_a_notice_with_a_cin_of_its_own_is_not_known_by_others(exchange: Any, person: Person, match: Match) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH)
    exchange.noticed("2026-10-02", person(1), **STREET_NAME, **NOTICE, notice_id="N1")
    exchange.noticed("2026-10-02", person(2), **STREET_NAME, **NOTICE, notice_id="N2")
    assert match(exchange)["N2"]["method"] == "UNMATCHED"


def test_a_facility_does_not_tell_namesakes_apart(exchange: Any, person: Person, match: Match) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH)
    exchange.seen("2026-10-01", person(2), **ARDITH)
    exchange.noticed("2026-10-02", person(1), **SAID, **NOTICE, notice_id="N1")
    exchange.noticed("2026-10-02", None, **SAID, **NOTICE, notice_id="N2")
    assert match(exchange)["N2"]["reason"] == "SEVERAL_FIT"


def test_a_member_of_that_name_and_birth_date_may_be_meant_as_well(exchange: Any, person: Person, match: Match) -> None:
    exchange.seen("2026-10-01", person(1), **ARDITH)
    exchange.seen("2026-10-01", person(2), **ARDITH | {"last_name": "Streetname"})
    exchange.noticed("2026-10-02", None, **STREET_NAME, **NOTICE, notice_id="N1")
    exchange.noticed("2026-10-02", None, **STREET_NAME, **NOTICE, notice_id="N2")
    match(exchange)
    said = {"on": date(2026, 10, 3), "reason": "asked the jail", "decided_by": "liaison"}
    decide_identity(exchange.warehouse, "jail", "N1", "ACCEPT", cin=person(1), **said)
    found = match(exchange)
    assert (found["N1"]["method"], found["N2"]["reason"]) == ("LIAISON", "ONLY_NAME_AND_BIRTH_DATE")


def test_statements_that_mean_different_members_say_nothing(exchange: Any, person: Person, match: Match) -> None:
    for number in (1, 2):
        exchange.seen("2026-10-01", person(number), **ARDITH | {"last_name": f"Other{'x' * number}"})
        exchange.noticed("2026-10-02", person(number), **STREET_NAME, **NOTICE, notice_id=f"N{number}")
    exchange.noticed("2026-10-02", None, **STREET_NAME, **NOTICE, notice_id="N3")
    assert match(exchange)["N3"]["method"] == "UNMATCHED"
