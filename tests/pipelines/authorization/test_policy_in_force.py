"""Length and anchor change from a day on; whoever was released before keeps what counted then (R4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from pipelines.config.policy import Authorization

Person = Callable[[int], str]
NIGHT = date(2026, 12, 15)
CHANGES = [
    {"from": date(2026, 10, 15), "months": 6},
    {"from": date(2026, 11, 1), "anchor": ["effectuation_date"]},
]


def released(exchange: Any, cin: str, seen: str, told: str | None) -> None:
    """Inside from September, active in the file of `seen`, by a notice released on `told`."""
    exchange.seen("2026-09-01", cin, exchange.coverage("2026-09", "05", ji=True))
    months = [f"2026-{month:02d}" for month in range(9, int(seen[5:7]) + 1)]
    exchange.seen(seen, cin, *(exchange.coverage(month, "01", ji=True) for month in months))
    if told:
        exchange.noticed(seen, cin, actual_release_date=told)


RELEASES = (
    ("2026-10-14", None, date(1900, 1, 1), date(2026, 10, 14), date(2027, 10, 13)),
    ("2026-10-15", None, date(2026, 10, 15), date(2026, 10, 15), date(2027, 4, 14)),
    ("2026-10-16", "2026-10-14", date(1900, 1, 1), date(2026, 10, 14), date(2027, 10, 13)),
    ("2026-11-02", "2026-10-31", date(2026, 10, 15), date(2026, 10, 31), date(2027, 4, 29)),
    ("2026-11-03", "2026-11-01", date(2026, 11, 1), date(2026, 11, 3), date(2027, 5, 2)),
)


def test_the_policy_of_the_day_of_the_release_counts_else_that_of_the_effectuation(
    exchange: Any, person: Person
) -> None:
    exchange.configure(authorization={"months": 12, "changes": CHANGES})
    for number, (seen, told, *_) in enumerate(RELEASES):
        released(exchange, person(number), seen, told)
    exchange.authorize(NIGHT)
    for number, (_, _, *expected) in enumerate(RELEASES):
        (found,) = exchange.authorizations(person(number))
        assert [found["policy_from"], found["start_date"], found["end_date"]] == expected


def test_a_change_from_a_later_day_on_moves_nobody_who_was_released_before(exchange: Any, person: Person) -> None:
    released(exchange, person(1), "2026-10-14", None)
    exchange.authorize(NIGHT)
    before = exchange.authorizations(person(1))
    exchange.configure(authorization={"changes": CHANGES})
    exchange.authorize(NIGHT)
    assert exchange.authorizations(person(1)) == before


def test_a_pending_authorization_has_no_policy_yet(exchange: Any, person: Person) -> None:
    exchange.seen("2026-09-01", person(1), exchange.coverage("2026-09", "05", ji=True))
    exchange.authorize(NIGHT)
    assert exchange.authorizations(person(1))[0]["policy_from"] is None


def test_what_a_change_does_not_name_goes_on_as_before() -> None:
    policy = Authorization.model_validate({"months": 9, "anchor": ["release_date"], "changes": CHANGES})
    assert [tuple(each) for each in policy.history()] == [
        (date(1900, 1, 1), 9, ("release_date",)),
        (date(2026, 10, 15), 6, ("release_date",)),
        (date(2026, 11, 1), 6, ("effectuation_date",)),
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([CHANGES[1], CHANGES[0]], "in the order of their dates"),
        ([CHANGES[0], CHANGES[0]], "in the order of their dates"),
        ([{"from": date(2026, 10, 15)}], "nothing changes"),
        ([{"months": 6}], "Field required"),
        ([{"from": date(2026, 10, 15), "months": 0}], "greater than or equal to 1"),
        ([{"from": date(2026, 10, 15), "anchor": ["release_date", "release_date"]}], "names an anchor twice"),
        ([{"from": date(2026, 10, 15), "month": 6}], "Extra inputs"),
    ],
    ids=["falling", "twice", "empty", "no date", "no months", "anchor twice", "unknown key"],
)
def test_changes_that_cannot_be_followed_are_refused(changes: list[dict[str, Any]], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Authorization.model_validate({"changes": changes})
