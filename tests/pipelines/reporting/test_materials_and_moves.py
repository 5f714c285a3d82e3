"""Lists for plan operations: whom to mail new-member materials to, and who moved from one provider to another."""

from __future__ import annotations

from datetime import date
from typing import Any

from pipelines.directory import Section
from pipelines.liaison import record
from pipelines.reporting.operations import materials, moved_from, moves


def rows(section: Section) -> list[dict[str, Any]]:
    return [dict(zip(section.columns, row, strict=True)) for row in section.rows]


def test_materials_go_to_whose_hold_has_ended_until_the_mailing_is_noted_and_never_into_custody(
    plan: Any, person: Any
) -> None:
    exchange = plan.exchange
    for number in (1, 2, 3):
        exchange.seen("2026-10-20", person(number), exchange.coverage("2026-10", "05", ji=True), sequence=number)
    for number in (1, 2):
        exchange.seen("2026-11-02", person(number), exchange.coverage("2026-11", "01", ji=True), sequence=number)
    plan.night("2026-11-03")
    waiting = rows(materials(exchange.warehouse, date(2026, 11, 3)))
    assert [(each["cin"], each["due"], each["status"], each["days_left"]) for each in waiting] == [
        (person(number), date(2026, 11, 9), "DUE", 6) for number in (1, 2)
    ]
    assert (waiting[0]["address_1"], waiting[0]["zip"], waiting[0]["remark"]) == ("1 Elm Way", "93701", None)
    record(
        exchange.warehouse, person(1), "MATERIALS_SENT", happened_on=date(2026, 11, 4), recorded_on=date(2026, 11, 4),
        recorded_by="operations",
    )  # fmt: skip
    plan.night("2026-11-10")
    left = rows(materials(exchange.warehouse, date(2026, 11, 10)))
    assert [(each["cin"], each["status"], each["days_left"]) for each in left] == [(person(2), "OVERDUE", -1)]
    exchange.seen("2026-11-11", person(2), exchange.coverage("2026-11", "05", ji=True))
    plan.night("2026-11-12")
    assert rows(materials(exchange.warehouse, date(2026, 11, 12))) == []


def test_without_a_whole_residence_the_list_says_so(plan: Any, person: Any) -> None:
    exchange = plan.exchange
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "01", ji=True), address_1=None)
    plan.night("2026-11-03")
    (found,) = rows(materials(exchange.warehouse, date(2026, 11, 3)))
    assert "no whole residence" in found["remark"]


def test_a_move_is_listed_with_its_reason_and_the_former_provider_is_told_only_that_and_when(
    plan: Any, person: Any, a_provider: Any
) -> None:
    exchange = plan.exchange
    exchange.providers(a_provider(1), a_provider(2, counties=("Kings",)), a_provider(3, counties=("Kings",)))
    for number in (1, 2):
        exchange.seen("2026-11-02", person(number), exchange.coverage("2026-11", "01", ji=True), sequence=number)
    plan.night("2026-11-02")
    exchange.decision(person(1), a_provider(2).npi, "2026-11-03")
    plan.night("2026-11-04")
    exchange.providers(a_provider(1, active=False), a_provider(2), a_provider(3))
    plan.night("2026-11-06")
    found = moves(exchange.warehouse, date(2026, 11, 1), date(2026, 11, 30))
    first, second = sorted(rows(found), key=lambda each: str(each["cin"]))
    assert (first["from_npi"], first["to_npi"], first["moved_on"], first["why"], first["reason"]) == (
        a_provider(1).npi, a_provider(2).npi, date(2026, 11, 4), "LIAISON", "known",
    )  # fmt: skip
    assert (second["cin"], second["why"], second["method"], second["from_until"]) == (
        person(2), "PROVIDER_GONE", "RULE", date(2026, 11, 6),
    )  # fmt: skip
    assert rows(moves(exchange.warehouse, date(2026, 11, 5), date(2026, 11, 30))) == [second]
    told = moved_from(exchange.warehouse, found)
    assert told.keys() == {a_provider(1).npi}
    assert set(told[a_provider(1).npi].columns) == {"moved_on", "cin", "plan_member_id", "last_name", "first_name"}
    exchange.decision(person(1), a_provider(3).npi, "2026-11-07")
    plan.night("2026-11-09")
    told = moved_from(exchange.warehouse, moves(exchange.warehouse, date(2026, 11, 1), date(2026, 11, 30)))
    assert [each["cin"] for each in rows(told[a_provider(2).npi])] == [person(1)], "its own former member, nobody else"


def test_a_member_that_came_back_to_a_provider_is_not_told_to_it_as_gone(
    plan: Any, person: Any, a_provider: Any
) -> None:
    exchange = plan.exchange
    exchange.providers(a_provider(1), a_provider(2, counties=("Kings",)))
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "01", ji=True))
    plan.night("2026-11-02")
    exchange.decision(person(1), a_provider(2).npi, "2026-11-03")
    plan.night("2026-11-04")
    exchange.decision(person(1), a_provider(1).npi, "2026-11-05")
    plan.night("2026-11-06")
    told = moved_from(exchange.warehouse, moves(exchange.warehouse, date(2026, 11, 1), date(2026, 11, 30)))
    assert told.keys() == {a_provider(2).npi}
    told = moved_from(exchange.warehouse, moves(exchange.warehouse, date(2026, 11, 1), date(2026, 11, 5)))
    assert told == {}, "nor by the list of a time in which it was gone"


def test_that_somebody_whose_assignment_had_ended_is_another_s_now_is_nothing_to_the_former_provider(
    plan: Any, person: Any, a_provider: Any
) -> None:
    exchange = plan.exchange
    exchange.providers(a_provider(1), a_provider(2, counties=("Kings",)))
    for night, status in (("2026-11-02", "01"), ("2026-11-04", "00")):
        exchange.seen(night, person(1), exchange.coverage("2026-11", status, ji=True))
        plan.night(night)
    exchange.providers(a_provider(1, active=False), a_provider(2))
    exchange.seen("2026-11-09", person(1), exchange.coverage("2026-11", "01", ji=True))
    plan.night("2026-11-09")
    found = moves(exchange.warehouse, date(2026, 11, 1), date(2026, 11, 30))
    assert [(each["why"], each["to_npi"]) for each in rows(found)] == [("CAME_BACK", a_provider(2).npi)]
    assert moved_from(exchange.warehouse, found) == {}


def test_whom_nobody_could_take_after_the_provider_is_gone_waits(plan: Any, person: Any, a_provider: Any) -> None:
    exchange = plan.exchange
    exchange.providers(a_provider(1))
    exchange.seen("2026-11-02", person(1), exchange.coverage("2026-11", "01", ji=True))
    plan.night("2026-11-02")
    exchange.providers(a_provider(1, active=False))
    plan.night("2026-11-04")
    (found,) = rows(moves(exchange.warehouse, date(2026, 11, 1), date(2026, 11, 30)))
    assert (found["why"], found["to_npi"], found["moved_on"]) == ("WAITS", None, date(2026, 11, 4))
