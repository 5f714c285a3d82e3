"""Members and coverage months: the newest file wins, whatever came first; a blank is not news; addresses never mix."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.enrollment import apply_enrollment

Person = Callable[[int], str]


def apply(exchange: Any, *, everyone: bool = False) -> int:
    return apply_enrollment(exchange.warehouse, exchange.config, everyone=everyone)


def months(exchange: Any, cin: str) -> dict[str, str]:
    return {
        f"{row['benefit_month']:%Y-%m}": row["coverage_class"] for row in exchange.all("exchange.coverage_months", cin)
    }


def test_an_older_file_that_comes_later_changes_nothing(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-20", person(1), exchange.coverage("2026-10", "01"), last_name="New")
    apply(exchange)
    exchange.seen("2026-10-19", person(1), exchange.coverage("2026-10", "05"), last_name="Old")
    assert apply(exchange) == 1
    assert exchange.one("exchange.members", person(1))["last_name"] == "New"
    assert months(exchange, person(1)) == {"2026-10": "active"}


def test_of_one_day_the_higher_sequence_wins_and_a_daily_file_follows_a_full_one(exchange: Any, person: Person) -> None:
    for sequence, scope, name in ((9, "FULL", "Full"), (1, "DAILY", "First"), (2, "DAILY", "Second")):
        exchange.member(exchange.file("2026-10-20", sequence, scope), person(1), last_name=name)
    apply(exchange)
    assert exchange.one("exchange.members", person(1))["last_name"] == "Second"


def test_only_members_of_files_not_yet_applied_are_touched(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-20", person(1))
    assert apply(exchange) == 1
    assert apply(exchange) == 0
    exchange.seen("2026-10-21", person(2))
    assert apply(exchange) == 1
    assert apply(exchange, everyone=True) == 2


def test_a_blank_never_wipes_what_an_older_file_knew(exchange: Any, person: Person) -> None:
    known = {"phone": "5595550101", "email": "a@example.org", "language": "SPA", "race": "2106-3"}
    exchange.seen("2026-10-20", person(1), **known)
    exchange.seen("2026-10-21", person(1), language=None)
    apply(exchange)
    found = exchange.one("exchange.members", person(1))
    assert {name: found[name] for name in known} == known


def test_an_address_is_taken_whole_even_where_the_newer_one_is_shorter(exchange: Any, person: Person) -> None:
    mailing = {"mailing_address_1": "PO Box 7", "mailing_city": "Selma", "mailing_state": "CA", "mailing_zip": "93662"}
    exchange.seen("2026-10-20", person(1), address_1="9 Oak", address_2="Flat 3", zip="93650", **mailing)
    exchange.seen("2026-10-21", person(1), address_1="4 Fig", address_2=None, zip=None)
    apply(exchange)
    found = exchange.one("exchange.members", person(1))
    assert (found["address_1"], found["address_2"], found["zip"]) == ("4 Fig", None, None)
    assert all(found[name] is None for name in mailing)


def test_of_two_loops_for_one_person_in_one_file_the_last_counts_as_a_whole(exchange: Any, person: Person) -> None:
    file = exchange.file("2026-10-20")
    exchange.member(file, person(1), address_1="9 Oak", address_2="Flat 3", last_name="First")
    exchange.member(file, person(1), address_1="4 Fig", address_2=None, last_name="Second")
    apply(exchange)
    found = exchange.one("exchange.members", person(1))
    assert (found["last_name"], found["address_1"], found["address_2"]) == ("Second", "4 Fig", None)


@pytest.mark.parametrize(
    ("residence", "case", "county"),
    [
        ("10", "16", "Fresno"),
        ("7", None, "Contra Costa"),
        ("Kings", "10", "Kings"),
        ("KINGS COUNTY", "10", "Kings"),
        (" fresno ", None, "Fresno"),
        (None, "16", "Kings"),
        (None, "1", "Alameda"),
        ("019", "16", "Kings"),
        ("06019", None, None),
        ("99", "16", "Kings"),
        ("Nowhere", None, None),
        (None, None, None),
    ],
)
def test_the_county_is_the_residences_by_code_or_name_else_the_cases(
    exchange: Any, person: Person, residence: str | None, case: str | None, county: str | None
) -> None:
    exchange.seen("2026-10-20", person(1), county=residence, county_code=case)
    apply(exchange)
    assert exchange.one("exchange.members", person(1))["county"] == county


def test_what_a_month_means_follows_status_dates_and_maintenance(exchange: Any, person: Person) -> None:
    exchange.seen(
        "2026-10-20",
        person(1),
        exchange.coverage("2026-10", "01"),
        exchange.coverage("2026-09", "05"),
        exchange.coverage("2026-08", "00"),
        exchange.coverage("2026-07", "59"),
        exchange.coverage("2026-06", "77"),
        exchange.coverage("2026-05", "01", benefit_end=date(2026, 4, 30)),
        exchange.coverage("2026-04", "01", maintenance_type="024"),
        exchange.coverage("2026-03", "01", hcp_code="304"),
        exchange.coverage("2026-02", None),
    )
    apply(exchange)
    assert months(exchange, person(1)) == {
        "2026-10": "active",
        "2026-09": "hold",
        "2026-08": "terminated",
        "2026-07": "not_covered",
        "2026-06": "unknown",
        "2026-05": "not_covered",
        "2026-04": "terminated",
        "2026-02": "unknown",
    }, "a month of another plan's HCP code is not this plan's"


def test_a_retroactive_correction_replaces_its_month_and_no_other(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-01", person(1), exchange.coverage("2026-10", "01"), exchange.coverage("2026-09", "01"))
    exchange.seen("2026-10-09", person(1), exchange.coverage("2026-09", "00"))
    apply(exchange)
    assert months(exchange, person(1)) == {"2026-10": "active", "2026-09": "terminated"}
    assert exchange.warehouse.value("SELECT count(*) FROM facts.enrollment_coverage") == 3, "history is kept"


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Files of a few days and three people, each in a place of its own in the order of files."""
    places = st.tuples(st.integers(1, 28), st.integers(1, 3), st.sampled_from(["DAILY", "FULL"]))
    files = []
    for place in draw(st.lists(places, min_size=1, max_size=6, unique=True)):
        people = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3, unique=True))
        files.append({"place": place, "rows": [draw(rows(number)) for number in people]})
    return files


@st.composite
def rows(draw: st.DrawFn, number: int) -> dict[str, Any]:
    month = st.sampled_from(["2026-08", "2026-09", "2026-10"])
    return {
        "number": number,
        "phone": draw(st.sampled_from([None, "5595550101", "5595550102"])),
        "address_2": draw(st.sampled_from([None, "Flat 3"])),
        "months": draw(
            st.lists(
                st.tuples(month, st.sampled_from(["01", "05", "00", "77"]), st.booleans()),
                max_size=3,
                unique_by=lambda m: m[0],
            )
        ),
    }


def receive(exchange: Any, person: Person, number: int, file: dict[str, Any]) -> None:
    day, sequence, scope = file["place"]
    received = exchange.file(date(2026, 10, day), sequence, scope, name=f"file-{number}")
    for row in file["rows"]:
        exchange.member(
            received,
            person(row["number"]),
            [exchange.coverage(month, status, ji=ji) for month, status, ji in row["months"]],
            phone=row["phone"],
            address_2=row["address_2"],
            member_no=row["number"],
        )


def tables(exchange: Any) -> dict[str, list[dict[str, Any]]]:
    names = ("members", "coverage_months", "ji_evidence")
    return {name: exchange.all(f"exchange.{name}") for name in names}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=histories(), data=st.data())
def test_any_order_and_any_grouping_of_arrivals_end_in_the_state_of_a_rebuild(
    exchange: Any, person: Person, files: list[dict[str, Any]], data: st.DataObject
) -> None:
    exchange.clear()
    order = data.draw(st.permutations(range(len(files))))
    for number in order:
        receive(exchange, person, number, files[number])
        if data.draw(st.booleans()):
            apply(exchange)
    apply(exchange)
    arrived = tables(exchange)
    apply(exchange, everyone=True)
    assert tables(exchange) == arrived

    exchange.clear()
    for number in sorted(range(len(files)), key=lambda each: files[each]["place"]):
        receive(exchange, person, number, files[number])
    apply(exchange)
    assert tables(exchange) == arrived
