"""The liaison's records: what is taken down, what is refused, and how a record is taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.enrollment import apply_enrollment
from pipelines.liaison import RecordRefused, record, void
from pipelines.liaison.kinds import KINDS

Person = Callable[[int], str]
Write = Callable[..., str]
TODAY = date(2026, 11, 20)
day = date.fromisoformat


@pytest.fixture
def write(exchange: Any, person: Person) -> Write:
    """Function that records something of the first person, on the 18th of November where nothing else is said."""
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "01", ji=True))
    apply_enrollment(exchange.warehouse, exchange.config)

    def record_it(kind: str, on: str = "2026-11-18", **given: Any) -> str:
        told: dict[str, Any] = {"recorded_on": TODAY, "recorded_by": "Alma Reyes", "happened_on": day(on)} | given
        return record(exchange.warehouse, told.pop("cin", person(1)), kind, **told)

    return record_it


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "AFTER_HOURS_ANSWERED"])
def test_a_record_is_a_fact_with_its_day_and_who_stands_for_it(
    exchange: Any, person: Person, write: Write, kind: str
) -> None:
    event_id = write(kind, detail="by phone")
    assert exchange.one("facts.liaison_events", person(1)) == {
        "event_id": event_id, "sequence": 1, "recorded_on": TODAY, "kind": kind, "cin": person(1),
        "happened_on": date(2026, 11, 18), "detail": "by phone", "recorded_by": "Alma Reyes", "voids": None,
    }  # fmt: skip


def test_the_audit_tells_of_a_record_without_the_person(exchange: Any, person: Person, write: Write) -> None:
    event_id = write("FOLLOW_UP", detail="at home")
    void(exchange.warehouse, event_id, cin=person(1), recorded_on=TODAY, recorded_by="Alma Reyes", detail="wrong")
    entries = exchange.all("ledger.audit", order="entry")
    assert [(entry["event"], entry["detail"]) for entry in entries] == [
        ("LIAISON_RECORD", "FOLLOW_UP"),
        ("LIAISON_RECORD", "VOID"),
    ]
    assert entries[0]["subject"] == event_id
    assert not any(told in str(entries) for told in (person(1), "Alma", "at home", "wrong"))


def test_the_same_record_again_is_no_news(exchange: Any, write: Write) -> None:
    assert write("FIRST_CONTACT") == write("FIRST_CONTACT")
    assert write("FIRST_CONTACT", "2026-11-19") != write("FIRST_CONTACT")
    assert len(exchange.all("facts.liaison_events")) == 2


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "LUNCH"}, "N01"),
        ({"kind": "VOID"}, "N01"),
        ({"cin": "91111111B"}, "N02"),
        ({"on": "2026-11-21"}, "N03"),
        ({"kind": "AFTER_HOURS_ANSWERED"}, "N05"),
        ({"recorded_by": " "}, "N06"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_stored(
    exchange: Any, write: Write, given: dict[str, Any], code: str
) -> None:
    with pytest.raises(RecordRefused) as refused:
        write(**{"kind": "FOLLOW_UP"} | given)
    assert refused.value.code == code
    assert "91111111B" not in str(refused.value)
    assert exchange.all("facts.liaison_events") == exchange.all("ledger.audit") == []


def test_an_answer_needs_a_contact_that_still_waits(write: Write) -> None:
    write("AFTER_HOURS_CONTACT", "2026-11-14", detail="sister called")
    answer = write("AFTER_HOURS_ANSWERED", "2026-11-16")
    assert write("AFTER_HOURS_ANSWERED", "2026-11-16") == answer, "the same record"
    with pytest.raises(RecordRefused):
        write("AFTER_HOURS_ANSWERED", "2026-11-17")
    write("AFTER_HOURS_CONTACT", "2026-11-16", detail="sister called again")
    assert write("AFTER_HOURS_ANSWERED", "2026-11-16") != answer, "the same words to another contact"


def test_a_record_is_taken_back_once_and_by_its_own_person(exchange: Any, person: Person, write: Write) -> None:
    exchange.seen("2026-11-03", person(2), exchange.coverage("2026-11", "01"))
    apply_enrollment(exchange.warehouse, exchange.config)
    event_id = write("FOLLOW_UP")
    told: dict[str, Any] = {"recorded_on": TODAY, "recorded_by": "Alma Reyes"}
    with pytest.raises(RecordRefused):
        void(exchange.warehouse, event_id, cin=person(2), **told)
    taken_back = void(exchange.warehouse, event_id, cin=person(1), **told)
    newest = exchange.all("facts.liaison_events", order="sequence")[-1]
    assert (newest["event_id"], newest["kind"], newest["voids"]) == (taken_back, "VOID", event_id)
    for gone in (event_id, taken_back, "unknown"):
        with pytest.raises(RecordRefused) as refused:
            void(exchange.warehouse, gone, cin=person(1), **told)
        assert refused.value.code == "N04"
    assert write("FOLLOW_UP") != event_id, "it can be recorded anew"


def test_a_merged_cin_names_the_same_person(exchange: Any, person: Person, write: Write) -> None:
    exchange.warehouse.run(
        "INSERT INTO exchange.cin_aliases SELECT $alias, $cin, DATE '2026-11-03', 'LIAISON'",
        {"alias": person(7), "cin": person(1)},
    )
    event_id = write("AFTER_HOURS_CONTACT", cin=person(7))
    write("AFTER_HOURS_ANSWERED", "2026-11-19")
    void(exchange.warehouse, event_id, cin=person(1), recorded_on=TODAY, recorded_by="Alma Reyes")
