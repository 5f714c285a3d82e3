"""People with several CINs: one person, one timeline, and never a second episode because two CINs became one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.pipelines.justice_involved.told import NIGHT, Person, Said, Seen, on, tell

MERGED_ON = date(2026, 11, 1)
TABLES = ("ji_statements", "ji_steps", "ji_episodes", "ji_contradictions", "ecm_authorizations")


@pytest.fixture
def main(person: Person) -> str:
    return person(1)


@pytest.fixture
def alias(person: Person) -> str:
    return person(2)


@pytest.fixture
def decide(exchange: Any, main: str, alias: str) -> Callable[[str], None]:
    """Function that merges the alias into the main CIN, or undoes it, and derives the night."""

    def decided(action: str) -> None:
        sequence = exchange.warehouse.value("SELECT count(*) + 1 FROM facts.cin_merges")
        words = {"merge_id": f"M{sequence}", "action": action, "reason": "same person", "decided_by": "liaison"}
        number = {"sequence": sequence, "decided_on": MERGED_ON, "alias_cin": alias, "cin": main}
        exchange._insert("facts.cin_merges", words | number)
        exchange.authorize(NIGHT)

    return decided


def told(exchange: Any, *came: tuple[str, Seen | Said]) -> None:
    for cin, each in came:
        tell(exchange, cin, each)


def only(exchange: Any, main: str, alias: str) -> dict[str, Any]:
    """The one episode of the person."""
    assert exchange.episodes(alias) == [] == exchange.all("exchange.ji_steps", alias)
    found = exchange.episodes(main)
    assert len(found) == 1, [(e["state"], e["close_reason"]) for e in found]
    assert len(exchange.authorizations(main)) == 1
    return dict(found[0])


def test_the_flag_of_one_cin_and_the_coverage_of_the_other_are_one_persons(
    exchange: Any, decide: Any, main: str, alias: str
) -> None:
    told(
        exchange,
        (alias, Seen(on(9, 5), "9:05*")),
        (main, Seen(on(10, 5), "10:01")),
        (main, Seen(on(11, 5), "11:01")),
    )
    decide("MERGE")
    found = only(exchange, main, alias)
    assert (found["state"], found["opened_on"], found["released_seen_on"]) == ("RELEASED", on(9, 5), on(10, 5))


def test_two_episodes_of_two_cins_become_one(exchange: Any, decide: Any, main: str, alias: str) -> None:
    told(exchange, (alias, Seen(on(9, 5), "9:01*")), (main, Seen(on(10, 5), "10:01*")))
    exchange.authorize(NIGHT)
    assert len(exchange.episodes(main)) == len(exchange.episodes(alias)) == 1
    decide("MERGE")
    assert only(exchange, main, alias)["opened_on"] == on(9, 5)


@pytest.mark.parametrize("leaving", [{}, {"maintenance_type": "024"}, {"ref_zz": "30401"}])
def test_an_end_told_under_the_alias_does_not_end_who_is_active_under_the_cin_that_counts(
    exchange: Any, decide: Any, main: str, alias: str, leaving: dict[str, Any]
) -> None:
    told(
        exchange,
        (alias, Seen(on(9, 5), "9:01*")),
        (main, Seen(on(10, 5), "10:01")),
        (alias, Seen(on(11, 9), "11:00", leaving)),
        (alias, Seen(on(12, 9), "12:00", leaving)),
    )
    decide("MERGE")
    assert only(exchange, main, alias)["state"] == "RELEASED"


def test_a_cin_that_ends_in_the_month_the_other_begins_was_replaced_and_nobody_left(
    exchange: Any, decide: Any, main: str, alias: str
) -> None:
    told(
        exchange,
        (alias, Seen(on(9, 5), "9:01*")),
        (alias, Seen(on(10, 2), "10:00")),
        (main, Seen(on(10, 5), "10:01")),
    )
    decide("MERGE")
    assert only(exchange, main, alias)["state"] == "RELEASED"


def test_a_hold_that_goes_on_under_the_alias_opens_nothing_month_after_month(
    exchange: Any, decide: Any, main: str, alias: str
) -> None:
    for month in (8, 9, 10, 11, 12):
        file = exchange.file(on(month, 1), scope="FULL")
        exchange.member(file, alias, [exchange.coverage(f"2026-{month:02d}", "05", ji=True)])
        if month > 9:
            exchange.member(file, main, [exchange.coverage(f"2026-{month:02d}", "01")])
    decide("MERGE")
    found = only(exchange, main, alias)
    assert (found["state"], found["released_seen_on"]) == ("RELEASED", on(10, 1))


def test_the_end_of_the_cin_that_counts_is_the_end_though_the_alias_was_never_ended(
    exchange: Any, decide: Any, main: str, alias: str
) -> None:
    told(
        exchange,
        (alias, Seen(on(10, 1), "10:01*")),
        (main, Seen(on(10, 5), "10:01")),
        (main, Seen(on(11, 9), "11:00")),
    )
    decide("MERGE")
    found = only(exchange, main, alias)
    assert (found["state"], found["closed_on"], found["close_reason"]) == ("CLOSED", on(11, 9), "TERMINATED")


def test_who_is_active_under_the_alias_alone_is_a_member(exchange: Any, decide: Any, main: str, alias: str) -> None:
    told(
        exchange,
        (main, Seen(on(8, 5), "8:01")),
        (main, Seen(on(9, 5), "9:00")),
        (alias, Seen(on(10, 5), "10:05*")),
        (alias, Seen(on(11, 5), "11:01")),
        (main, Seen(on(11, 6), "11:00")),
    )
    decide("MERGE")
    found = only(exchange, main, alias)
    assert (found["state"], found["opened_on"], found["released_seen_on"]) == ("RELEASED", on(10, 5), on(11, 5))


def test_a_referral_that_was_told_under_both_cins_is_one(exchange: Any, decide: Any, main: str, alias: str) -> None:
    told(exchange, (alias, Seen(on(9, 5), "9:01")), (main, Seen(on(10, 5), "10:01")))
    exchange.referred(on(9, 9), alias, referral_id="R1", incarceration_status="IN_CUSTODY")
    exchange.referred(on(10, 9), main, referral_id="R1", incarceration_status="RELEASED")
    decide("MERGE")
    found = only(exchange, main, alias)
    assert (found["opened_on"], found["released_seen_on"]) == (on(9, 9), on(10, 9))
    assert len(exchange.all("exchange.ji_statements", main)) == 1
    exchange.referred(on(11, 9), alias, referral_id="R1", record_action="TERM")
    exchange.authorize(NIGHT)
    assert only(exchange, main, alias)["close_reason"] == "WITHDRAWN"


def test_undoing_a_merge_gives_exactly_the_state_without_it(exchange: Any, decide: Any, main: str, alias: str) -> None:
    told(
        exchange,
        (alias, Seen(on(9, 5), "9:05*")),
        (alias, Said(on(9, 9), "noticed", {"actual_release_date": on(9, 8)})),
        (main, Seen(on(10, 5), "10:01*")),
        (main, Said(on(10, 9), also={"incarceration_status": "IN_CUSTODY"})),
        (alias, Seen(on(11, 5), "11:00")),
    )
    exchange.authorize(NIGHT)
    before = {table: exchange.all(f"exchange.{table}") for table in TABLES}
    decide("MERGE")
    assert {table: exchange.all(f"exchange.{table}") for table in TABLES} != before
    decide("UNDO")
    assert {table: exchange.all(f"exchange.{table}") for table in TABLES} == before
