"""A full 834 against the roster before it: who is missing, new or back, as of its place in the order of files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from pipelines.checks import run_checks
from pipelines.enrollment import apply_enrollment
from pipelines.enrollment.roster import QUESTIONS, roster_counts
from pipelines.reporting.night import summarize_night

Person = Callable[[int], str]
NIGHT = date(2026, 10, 2)


def arrive(exchange: Any, dated: str, scope: str, members: dict[str, str], *, ji: bool = False) -> None:
    """Let a file come that gives each of these members one status for the file's month."""
    file = exchange.file(dated, scope=scope)
    for number, (cin, status) in enumerate(members.items(), start=1):
        exchange.member(file, cin, [exchange.coverage(dated[:7], status, ji=ji)], member_no=number)


def differences(exchange: Any) -> set[tuple[str, str, str]]:
    apply_enrollment(exchange.warehouse, exchange.config)
    return set(
        exchange.warehouse.rows(
            """SELECT CAST(f.file_date AS VARCHAR), d.cin, d.kind
               FROM exchange.roster_differences AS d JOIN ledger.files AS f ON f.file_id = d.file_id"""
        )
    )


def test_a_full_file_tells_who_is_missing_new_and_back(exchange: Any, person: Person) -> None:
    stays, on_hold, leaves, gone, comes = (person(number) for number in range(1, 6))
    arrive(exchange, "2026-09-01", "FULL", {stays: "01", on_hold: "05", leaves: "01", gone: "01"})
    arrive(exchange, "2026-09-15", "DAILY", {gone: "00"})
    arrive(exchange, "2026-10-01", "FULL", {stays: "01", comes: "01", gone: "01"})
    assert differences(exchange) == {
        ("2026-10-01", on_hold, "MISSING"),
        ("2026-10-01", leaves, "MISSING"),
        ("2026-10-01", comes, "NEW"),
        ("2026-10-01", gone, "RETURNED"),
    }
    assert roster_counts(exchange.warehouse, date(2026, 10, 1)) == {
        "roster_missing": 2, "roster_new": 1, "roster_returned": 1,
    }  # fmt: skip
    assert exchange.warehouse.value("SELECT detail FROM ledger.files WHERE file_date = DATE '2026-10-01'") == (
        "roster: 2 missing, 1 new, 1 returned"
    )


def test_whoever_left_died_or_was_last_covered_long_ago_is_not_missed(exchange: Any, person: Person) -> None:
    arrive(exchange, "2026-07-01", "FULL", {person(1): "01"})
    arrive(exchange, "2026-09-01", "FULL", {person(2): "01", person(3): "01", person(4): "59"})
    arrive(exchange, "2026-09-10", "DAILY", {person(2): "00"})
    exchange.member(exchange.file("2026-09-11"), person(3), death_date=date(2026, 9, 9))
    arrive(exchange, "2026-10-01", "FULL", {person(9): "01"})
    assert {row for row in differences(exchange) if row[0] == "2026-10-01"} == {("2026-10-01", person(9), "NEW")}


def test_whoever_stands_in_a_row_that_could_not_be_read_is_not_missing(exchange: Any, person: Person) -> None:
    arrive(exchange, "2026-09-01", "FULL", {person(1): "01", person(2): "01"})
    arrive(exchange, "2026-10-01", "FULL", {person(2): "01"})
    full = exchange.warehouse.value("SELECT file_id FROM ledger.files WHERE file_date = DATE '2026-10-01'")
    exchange.warehouse.run(
        """INSERT INTO quarantine.rows BY NAME
           SELECT $file AS file_id, 1 AS row, 4 AS line, 'birth_date' AS column_name, 'R03' AS code,
                  'REJECT' AS severity, $text AS original""",
        {"file": full, "text": f"INS*Y*18*030~REF*1L*{person(1)}~NM1*IL*1*X*Y~"},
    )
    assert differences(exchange) == set()


def test_the_first_full_file_and_another_sources_file_are_compared_with_nothing(exchange: Any, person: Person) -> None:
    arrive(exchange, "2026-09-10", "DAILY", {person(1): "01"})
    arrive(exchange, "2026-09-15", "FULL", {person(2): "01"})
    other = exchange.file("2026-10-01", scope="FULL", source="delegate")
    exchange.member(other, person(3), [exchange.coverage("2026-10", "01")])
    assert differences(exchange) == set()


FILES: tuple[tuple[str, str, dict[int, str]], ...] = (
    ("2026-09-01", "FULL", {1: "01", 2: "01", 3: "05"}),
    ("2026-09-20", "DAILY", {2: "00"}),
    ("2026-10-01", "FULL", {3: "05", 4: "01"}),
    ("2026-10-02", "FULL", {1: "01", 4: "01"}),
)


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_files_in_any_order_end_in_the_same_differences_and_in_those_of_a_rebuild(
    exchange: Any, person: Person, order: tuple[int, ...]
) -> None:
    for place in order:
        dated, scope, members = FILES[place]
        arrive(exchange, dated, scope, {person(number): status for number, status in members.items()})
        found = differences(exchange)
    assert found == {
        ("2026-10-01", person(1), "MISSING"),
        ("2026-10-01", person(4), "NEW"),
        ("2026-10-02", person(3), "MISSING"),
    }
    apply_enrollment(exchange.warehouse, exchange.config, everyone=True)
    assert differences(exchange) == found


def test_a_missing_member_with_a_running_authorization_is_told_and_nothing_of_it_ends(
    exchange: Any, person: Person
) -> None:
    exchange.seen("2026-08-15", person(1), exchange.coverage("2026-08", "05", ji=True))
    arrive(exchange, "2026-09-01", "FULL", {person(1): "01", person(2): "01"})
    arrive(exchange, "2026-10-01", "FULL", {person(2): "01"})
    exchange.derive(NIGHT)
    assert exchange.warehouse.rows(
        f"SELECT cin, has_open_episode, has_authorization, has_assignment FROM ({QUESTIONS})"  # noqa: S608 - a constant
    ) == [(person(1), True, True, True)]
    assert exchange.one("exchange.ecm_authorizations", person(1))["status"] == "ACTIVE"

    received = date(2026, 10, 1)
    told = {r.check.name: r.violations for r in run_checks(exchange.warehouse, received, after="authorize")}
    assert told["no_authorized_member_is_missing_from_a_full_file"] == 1
    summary = summarize_night(exchange.warehouse, received)
    assert (summary.roster, summary.missing_with_authorization) == ({"roster_missing": 1}, 1)


def test_a_later_file_that_names_the_member_answers_the_question(exchange: Any, person: Person) -> None:
    arrive(exchange, "2026-09-01", "FULL", {person(1): "01", person(2): "01"})
    arrive(exchange, "2026-10-01", "FULL", {person(2): "01"})
    arrive(exchange, "2026-10-02", "DAILY", {person(1): "01"})
    assert differences(exchange) == {("2026-10-01", person(1), "MISSING")}
    assert exchange.warehouse.rows(QUESTIONS) == []
