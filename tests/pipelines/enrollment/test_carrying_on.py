"""The cost of a file follows what it says, not how long the roster and its history are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipelines.enrollment import apply_enrollment

Person = Callable[[int], str]


def apply(exchange: Any, *, everyone: bool = False) -> int:
    return apply_enrollment(exchange.warehouse, exchange.config, everyone=everyone)


def anew(exchange: Any) -> dict[str, bool]:
    return dict(exchange.warehouse.rows("SELECT cin, anew FROM touched"))


def test_a_newer_file_is_folded_into_what_is_known_without_reading_older_facts_again(
    exchange: Any, person: Person
) -> None:
    exchange.seen("2026-09-01", person(1), exchange.coverage("2026-09", "05", ji=True), phone="5595550101")
    apply(exchange)
    known = {table: exchange.all(f"exchange.{table}") for table in ("coverage_months", "ji_evidence")}
    for table in ("members", "coverage"):
        exchange.warehouse.run(f"DELETE FROM facts.enrollment_{table}")  # noqa: S608 - own names
    exchange.seen("2026-10-01", person(1), exchange.coverage("2026-10", "01"), phone=None, last_name="Married")
    assert apply(exchange) == 1
    member = exchange.one("exchange.members", person(1))
    assert (member["last_name"], member["phone"]) == ("Married", "5595550101")
    assert exchange.all("exchange.coverage_months", order="benefit_month")[:1] == known["coverage_months"]
    assert exchange.all("exchange.ji_evidence") == known["ji_evidence"]


def test_only_whom_a_late_file_speaks_of_is_made_anew_from_all_facts(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-10", person(1), exchange.coverage("2026-10", "01"))
    exchange.seen("2026-10-10", person(2), exchange.coverage("2026-10", "01"))
    apply(exchange)
    assert anew(exchange) == {person(1): False, person(2): False}
    exchange.seen("2026-10-09", person(1), exchange.coverage("2026-10", "05"))
    exchange.seen("2026-10-11", person(2), exchange.coverage("2026-10", "05"))
    apply(exchange)
    assert anew(exchange) == {person(1): True, person(2): False}


def test_whoever_no_fresh_file_speaks_of_is_left_alone(exchange: Any, person: Person) -> None:
    for number in (1, 2):
        exchange.seen("2026-10-10", person(number), exchange.coverage("2026-10", "01"))
    apply(exchange)
    exchange.seen("2026-10-11", person(2), exchange.coverage("2026-10", "05"))
    assert apply(exchange) == 1
    assert anew(exchange) == {person(2): False}
    apply(exchange)
    assert anew(exchange) == {}


def test_a_configuration_that_reads_the_834_in_another_way_makes_everyone_anew(exchange: Any, person: Person) -> None:
    for number in (1, 2):
        exchange.seen("2026-10-10", person(number), exchange.coverage("2026-10", "77"))
    apply(exchange)
    assert exchange.one("exchange.coverage_months", person(1))["coverage_class"] == "unknown"
    statuses = {**exchange.config.justice_involved.hcp_status, "active": ("01", "51", "77")}
    known = exchange.config.justice_involved.model_copy(update={"hcp_status": statuses})
    exchange.config = exchange.config.model_copy(update={"justice_involved": known})
    assert apply(exchange) == 2
    assert exchange.one("exchange.coverage_months", person(1))["coverage_class"] == "active"
    assert apply(exchange) == 0
