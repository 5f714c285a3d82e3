"""What a delegating plan granted itself (MIF) is taken over, for the episode it speaks of, and never overlaps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.authorization import derive_authorizations

Person = Callable[[int], str]
NIGHT = date(2026, 12, 15)
GRANT = {"authorization_number": "ORCH-7", "authorization_start": "2026-03-01", "authorization_end": "2027-01-31"}


def granted(exchange: Any, cin: str, on: str = "2026-10-05", source: str = "orchard", **columns: Any) -> None:
    exchange.mif(exchange.file(on, kind="mif", source=source), cin, **columns)


def only(exchange: Any, cin: str) -> dict[str, Any]:
    (found,) = exchange.authorizations(cin)
    return dict(found)


def span(authorization: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(authorization[name] for name in ("authorization_number", "status", "start_date", "end_date"))


@pytest.fixture
def active(exchange: Any, person: Person) -> Any:
    exchange.seen("2026-10-01", person(1), exchange.coverage("2026-10", "01"))
    return exchange


def test_a_delegating_plans_own_authorization_is_taken_over(active: Any, person: Person) -> None:
    granted(active, person(1), **GRANT)
    active.authorize(NIGHT)
    found = only(active, person(1))
    assert span(found) == ("ORCH-7", "ACTIVE", date(2026, 3, 1), date(2027, 1, 31))
    assert (found["basis"], found["anchor"], found["granted_by"]) == ("MIF", "granted", "orchard")
    assert found["policy_from"] is None, "no policy of the plan made these dates"
    active.authorize("2027-02-01")
    assert only(active, person(1))["status"] == "EXPIRED"


def test_number_and_dates_of_two_delegating_plans_are_never_mixed(active: Any, person: Person) -> None:
    granted(active, person(1), **GRANT)
    granted(active, person(1), "2026-10-06", "grove", authorization_number="GR-9")
    active.authorize(NIGHT)
    assert span(only(active, person(1)))[::2] == ("GR-9", date(2026, 10, 5))


def test_a_mif_row_without_an_authorization_gets_one_of_the_plan(active: Any, person: Person) -> None:
    granted(active, person(1), ecm_assignment_date="2026-10-02")
    active.authorize(NIGHT)
    found = only(active, person(1))
    assert span(found)[1:] == ("ACTIVE", date(2026, 10, 2), date(2027, 10, 1))
    assert found["authorization_number"].startswith("ECM-")
    assert found["granted_by"] is None


def test_a_number_that_is_sent_again_without_dates_keeps_those_it_had(active: Any, person: Person) -> None:
    granted(active, person(1), **GRANT)
    granted(active, person(1), "2026-11-05", authorization_number="ORCH-7")
    active.authorize(NIGHT)
    assert span(only(active, person(1))) == ("ORCH-7", "ACTIVE", date(2026, 3, 1), date(2027, 1, 31))


def test_a_corrected_date_of_the_same_number_counts(active: Any, person: Person) -> None:
    granted(active, person(1), **GRANT)
    granted(active, person(1), "2026-11-05", **GRANT | {"authorization_end": "2027-02-28"})
    active.authorize(NIGHT)
    assert only(active, person(1))["end_date"] == date(2027, 2, 28)


def test_dates_that_run_backwards_are_no_dates(active: Any, person: Person) -> None:
    granted(active, person(1), **GRANT | {"authorization_end": "2026-02-01"})
    active.authorize(NIGHT)
    assert span(only(active, person(1))) == ("ORCH-7", "ACTIVE", date(2026, 10, 5), date(2027, 10, 4))


def test_a_flag_that_follows_a_grant_takes_no_day_from_it_and_gives_what_r2_gives(active: Any, person: Person) -> None:
    granted(active, person(1), **GRANT)
    active.seen("2026-11-05", person(1), active.coverage("2026-11", "01", ji=True))
    active.authorize(NIGHT)
    found = only(active, person(1))
    assert span(found) == ("ORCH-7", "ACTIVE", date(2026, 3, 1), date(2027, 10, 4))
    assert found["basis"] == "PRESUMPTIVE_JI_834"
    assert found["granted_end"] == date(2027, 1, 31), "what was granted stays visible"


def test_a_grant_that_had_run_out_before_the_flag_leaves_the_presumptive_authorization(
    active: Any, person: Person
) -> None:
    granted(active, person(1), **GRANT | {"authorization_end": "2026-08-31"})
    active.authorize("2026-10-06")
    assert only(active, person(1))["status"] == "EXPIRED"
    active.seen("2026-11-05", person(1), active.coverage("2026-11", "01", ji=True))
    active.authorize(NIGHT)
    number, *dates = span(only(active, person(1)))
    assert number.startswith("ECM-")
    assert dates == ["ACTIVE", date(2026, 10, 5), date(2027, 10, 4)]


def test_a_grant_told_after_the_flag_leaves_the_presumptive_authorization_its_number(
    exchange: Any, person: Person
) -> None:
    exchange.seen("2026-10-01", person(1), exchange.coverage("2026-10", "01", ji=True))
    exchange.authorize("2026-10-01")
    before = only(exchange, person(1))
    granted(exchange, person(1), **GRANT)
    exchange.authorize(NIGHT)
    assert span(only(exchange, person(1))) == span(before)


def test_a_grant_belongs_to_the_episode_it_speaks_of_not_to_the_next_one(active: Any, person: Person) -> None:
    granted(active, person(1), **GRANT)
    active.seen("2026-11-05", person(1), active.coverage("2026-11", "05", ji=True))
    active.seen("2026-11-25", person(1), active.coverage("2026-11", "01", ji=True))
    active.authorize(NIGHT)
    first, second = active.authorizations(person(1))
    assert span(first) == ("ORCH-7", "CLOSED", date(2026, 3, 1), date(2026, 11, 24))
    assert span(second)[1:] == ("ACTIVE", date(2026, 11, 25), date(2027, 11, 24))
    assert second["authorization_number"] != "ORCH-7"


def test_a_new_grant_after_the_next_release_leaves_the_earlier_one_to_its_episode(active: Any, person: Person) -> None:
    granted(active, person(1), **GRANT)
    active.seen("2026-11-05", person(1), active.coverage("2026-11", "00"))
    active.seen("2026-12-02", person(1), active.coverage("2026-12", "01"))
    again = {"authorization_number": "ORCH-8", "authorization_start": "2026-12-03", "authorization_end": "2027-12-02"}
    granted(active, person(1), "2026-12-03", "grove", **again)
    active.authorize(NIGHT)
    assert [span(found) for found in active.authorizations(person(1))] == [
        ("ORCH-7", "CLOSED", date(2026, 3, 1), date(2026, 10, 31)),
        ("ORCH-8", "ACTIVE", date(2026, 12, 3), date(2027, 12, 2)),
    ]


def test_a_grant_under_a_merged_cin_counts_for_the_person(exchange: Any, person: Person) -> None:
    for number in (1, 2):
        exchange.seen("2026-10-01", person(number), exchange.coverage("2026-10", "01", ji=number == 1))
    granted(exchange, person(2), "2026-09-05", ecm_benefit_start="2026-10-09")
    exchange.authorize(NIGHT)
    assert only(exchange, person(1))["benefit_start_date"] is None
    exchange.warehouse.run(
        "INSERT INTO exchange.cin_aliases SELECT $alias, $cin, DATE '2026-10-02', 'LIAISON'",
        {"alias": person(2), "cin": person(1)},
    )
    derive_authorizations(exchange.warehouse, exchange.config.authorization, NIGHT, ())
    assert only(exchange, person(1))["benefit_start_date"] == date(2026, 10, 9)


dates = st.dates(date(2026, 1, 1), date(2026, 12, 10))
rows = st.fixed_dictionaries(
    {
        "on": dates,
        "source": st.sampled_from(["orchard", "grove"]),
        "authorization_number": st.sampled_from([None, "A-1", "A-2"]),
        "authorization_start": st.none() | dates,
        "authorization_end": st.none() | st.dates(date(2026, 1, 1), date(2028, 6, 30)),
        "ecm_assignment_date": dates,
    }
)
months = st.tuples(dates, st.sampled_from(["01", "05", "00", "59"]), st.booleans())
notices = st.tuples(dates, dates)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    people=st.lists(
        st.tuples(st.lists(months, min_size=2, max_size=6), st.lists(rows, max_size=3), st.lists(notices, max_size=2)),
        min_size=6,
        max_size=6,
    ),
    changed_on=dates,
)
def test_whatever_was_granted_and_released_no_day_is_authorized_twice(
    exchange: Any, person: Person, people: list[Any], changed_on: date
) -> None:
    exchange.clear()
    exchange.configure(authorization={"changes": [{"from": changed_on, "months": 6}]})
    with exchange.warehouse.transaction():
        for number, (seen, grants, told) in enumerate(people, start=1):
            for sequence, (on, status, ji) in enumerate(seen, start=1):
                coverage = exchange.coverage(f"{on:%Y-%m}", status, ji=ji)
                exchange.member(
                    exchange.file(on, sequence, name=f"834-{number}-{sequence}"), person(number), [coverage]
                )
            for sequence, row in enumerate(grants, start=1):
                file = exchange.file(
                    row["on"], sequence, kind="mif", source=row["source"], name=f"m-{number}-{sequence}"
                )
                exchange.mif(file, person(number), **{key: row[key] for key in row if key not in ("on", "source")})
            for sequence, (on, released) in enumerate(told):
                exchange.noticed(on, person(number), actual_release_date=released, notice_id=f"N{sequence}")
    exchange.authorize(NIGHT)
    for number in range(1, len(people) + 1):
        found = exchange.authorizations(person(number))
        spans = sorted((a["start_date"], a["end_date"]) for a in found if a["start_date"])
        assert all(end < start for (_, end), (start, _) in pairwise(spans)), "never two for one day"
        assert all(start <= end for start, end in spans)
        for each in found:
            assert (each["start_date"] is None) == (each["end_date"] is None)
            assert (each["close_reason"] is not None) == (each["status"] in ("CLOSED", "EXPIRED"))
            assert each["review_on"] is None or each["review_on"] <= each["end_date"] - timedelta(days=60)
            assert (each["billable_from"] is None) == (each["anchor"] is None), "payer and anchor come with the release"
