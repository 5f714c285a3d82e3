"""Coverage that spans several benefit months: what a sender other than DHCS says in one HD loop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.enrollment import apply_enrollment

Person = Callable[[int], str]
OPEN = date(9999, 12, 31)


def months(exchange: Any, cin: str) -> dict[str, str]:
    apply_enrollment(exchange.warehouse, exchange.config)
    return {
        f"{row['benefit_month']:%Y-%m}": row["coverage_class"] for row in exchange.all("exchange.coverage_months", cin)
    }


def span(exchange: Any, begin: date, end: date, status: str = "01", **columns: Any) -> dict[str, Any]:
    first = begin.replace(day=1)
    row: dict[str, Any] = exchange.coverage(f"{begin:%Y-%m}", status, benefit_begin=begin, benefit_end=end, **columns)
    return row | {"benefit_month": first}


def test_a_span_speaks_of_every_month_from_its_begin_to_its_end(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-20", person(1), span(exchange, date(2026, 7, 10), date(2026, 9, 15)))
    assert months(exchange, person(1)) == {"2026-07": "active", "2026-08": "active", "2026-09": "active"}
    found = exchange.all("exchange.coverage_months", person(1), "benefit_month")
    assert [(row["benefit_begin"], row["benefit_end"]) for row in found] == [
        (date(2026, 7, 10), date(2026, 7, 31)),
        (date(2026, 8, 1), date(2026, 8, 31)),
        (date(2026, 9, 1), date(2026, 9, 15)),
    ]


@pytest.mark.parametrize("end", [OPEN, date(2027, 6, 30), date(2026, 11, 30)])
def test_an_end_that_is_open_or_far_off_reaches_to_the_month_after_the_files(
    exchange: Any, person: Person, end: date
) -> None:
    exchange.seen("2026-10-20", person(1), span(exchange, date(2026, 9, 1), end))
    assert list(months(exchange, person(1))) == ["2026-09", "2026-10", "2026-11"]


def test_coverage_that_begins_later_than_that_speaks_of_its_first_month(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-20", person(1), span(exchange, date(2027, 2, 1), OPEN))
    assert months(exchange, person(1)) == {"2027-02": "active"}


def test_a_newer_file_changes_the_months_of_a_span_that_it_speaks_of(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-01", person(1), span(exchange, date(2026, 8, 1), OPEN))
    exchange.seen("2026-10-20", person(1), span(exchange, date(2026, 10, 1), OPEN, "05"))
    assert months(exchange, person(1)) == {
        "2026-08": "active",
        "2026-09": "active",
        "2026-10": "hold",
        "2026-11": "hold",
    }


def test_a_cancelled_span_ends_the_coverage_after_its_end(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-01", person(1), span(exchange, date(2026, 8, 1), OPEN))
    exchange.seen(
        "2026-10-20", person(1), span(exchange, date(2026, 8, 1), date(2026, 10, 31), "00", maintenance_type="024")
    )
    assert months(exchange, person(1)) == {
        "2026-08": "active",
        "2026-09": "active",
        "2026-10": "active",
        "2026-11": "terminated",
    }


def test_a_cancelled_span_without_an_end_cancels_all_its_months(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-01", person(1), span(exchange, date(2026, 8, 1), OPEN))
    exchange.seen("2026-10-20", person(1), span(exchange, date(2026, 10, 1), OPEN, "01", maintenance_type="024"))
    assert months(exchange, person(1)) == {
        "2026-08": "active",
        "2026-09": "active",
        "2026-10": "terminated",
        "2026-11": "terminated",
    }


def test_an_indicator_in_a_span_that_reaches_the_files_month_is_about_now(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-01", person(1), exchange.coverage("2026-10", "01"))
    exchange.seen("2026-10-20", person(1), span(exchange, date(2026, 8, 1), OPEN, ref_ce="M1;4;JX;4"))
    apply_enrollment(exchange.warehouse, exchange.config)
    assert len(exchange.all("exchange.ji_evidence", person(1))) == 1


def test_who_is_inside_by_a_span_is_released_by_the_next_one(exchange: Any, person: Person) -> None:
    flagged = {"ref_ce": "M1;4;JX;4"}
    exchange.seen("2026-10-01", person(1), span(exchange, date(2026, 8, 1), OPEN, "05", **flagged))
    exchange.seen("2026-10-20", person(1), span(exchange, date(2026, 10, 15), OPEN, "01", **flagged))
    exchange.authorize("2026-10-21")
    (episode,) = exchange.episodes(person(1))
    assert episode["state"] == "RELEASED"
