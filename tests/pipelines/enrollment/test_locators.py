"""Locators: where the justice-involved indicator may stand, and what counts as a match."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pipelines.enrollment import apply_enrollment

Person = Callable[[int], str]
STATUSES = {"active": ["01"], "hold": ["05"], "terminated": ["00"], "not_covered": ["59"]}


def look(exchange: Any, *locators: dict[str, Any]) -> None:
    named = [{"name": f"locator {number}"} | locator for number, locator in enumerate(locators, start=1)]
    exchange.configure(justice_involved={"locators": named, "hcp_status": STATUSES})


def evidence(exchange: Any, cin: str) -> list[tuple[str, int, str]]:
    apply_enrollment(exchange.warehouse, exchange.config)
    return [(e["locator"], e["slot"], e["value"]) for e in exchange.all("exchange.ji_evidence", cin, "locator, slot")]


MATCHES = [
    ({"slots": [3], "equals": "JX"}, "M1;4;JX;4", [(3, "JX")]),
    ({"slots": [3, 5, 7], "one_of": ["JX", "JY"]}, "M1;4;JY;4;;;JX", [(3, "JY"), (7, "JX")]),
    ({"slots": [1], "equals": "JX"}, "M1;4;JX;4", []),
    ({"slots": [3], "equals": "JX"}, "M1;4;JXA;4", []),
    ({"slots": [3], "equals": "JX"}, "M1;4", []),
    ({"equals": "M1;4;JX"}, "M1;4;JX", [(0, "M1;4;JX")]),
    ({"equals": "JX"}, "M1;4;JX", []),
    ({"regex": ".*;JX(;.*)?"}, "M1;4;JX;4", [(0, "M1;4;JX;4")]),
    ({"slots": [3], "regex": "J[XY]"}, "M1;4;JY;4", [(3, "JY")]),
    ({"slots": [3], "regex": "J"}, "M1;4;JY;4", []),
    ({"slots": [3], "regex": "J."}, "M1;4", []),
    ({"slots": [3], "equals": "J.X"}, "M1;4;JAX", []),
    ({"slots": [3], "one_of": ["J X+", "(J)"]}, "M1;4;J X+", [(3, "J X+")]),
]


@pytest.mark.parametrize(("locator", "value", "found"), MATCHES)
def test_a_locator_matches_whole_slots_or_the_whole_value(
    exchange: Any, person: Person, locator: dict[str, Any], value: str, found: list[tuple[int, str]]
) -> None:
    look(exchange, {"segment": "2300/REF*CE"} | locator)
    exchange.seen("2026-10-20", person(1), exchange.coverage("2026-10", "05", ref_ce=value))
    assert evidence(exchange, person(1)) == [("locator 1", *each) for each in found]


@pytest.mark.parametrize(
    ("segment", "column"),
    [("2300/REF*CE", "ref_ce"), ("2300/REF*17", "ref_17"), ("2300/REF*RB", "ref_rb"), ("2300/REF*XX1", "ref_xx1")],
)
def test_a_locator_reads_its_own_segment_of_the_coverage(
    exchange: Any, person: Person, segment: str, column: str
) -> None:
    look(exchange, {"segment": segment, "equals": "JI"})
    exchange.seen("2026-10-20", person(1), exchange.coverage("2026-10", "05", **{column: "JI"}))
    exchange.seen("2026-10-20", person(2), exchange.coverage("2026-10", "05", ref_9v="JI"))
    assert evidence(exchange, person(1)) == [("locator 1", 0, "JI")]
    assert evidence(exchange, person(2)) == []


def test_a_locator_reads_the_member_level(exchange: Any, person: Person) -> None:
    look(exchange, {"segment": "2000/REF*ZZ", "slots": [10], "equals": "JI"})
    exchange.seen("2026-10-20", person(1), ref_zz=";;;;;;;;;JI")
    assert evidence(exchange, person(1)) == [("locator 1", 10, "JI")]
    assert exchange.one("exchange.ji_evidence", person(1))["benefit_month"] is None


@pytest.mark.parametrize("segment", ["2750/N1*75", "2750/N1*75+REF"])
def test_a_locator_reads_reporting_categories_and_their_values(exchange: Any, person: Person, segment: str) -> None:
    look(exchange, {"segment": segment, "regex": "^JI-(ADULT|YOUTH)$"})
    column = "category" if segment.endswith("75") else "ref_value"
    file = exchange.file("2026-10-20")
    exchange.member(file, person(1), (), [{"category": "AGE"}, {"category": "AGE", column: "JI-YOUTH"}])
    assert evidence(exchange, person(1)) == [("locator 1", 0, "JI-YOUTH")]


@pytest.mark.parametrize(("months", "found"), [("any", True), ("current", False)])
def test_a_past_month_counts_only_where_any_month_does(
    exchange: Any, person: Person, months: str, *, found: bool
) -> None:
    look(exchange, {"segment": "2300/REF*CE", "slots": [3], "equals": "JX", "months": months})
    exchange.seen(
        "2026-10-20", person(1), exchange.coverage("2026-10", "01"), exchange.coverage("2026-09", "01", ji=True)
    )
    assert bool(evidence(exchange, person(1))) is found


def test_a_correction_of_a_past_month_alone_is_not_about_the_current_month(exchange: Any, person: Person) -> None:
    look(exchange, {"segment": "2300/REF*CE", "slots": [3], "equals": "JX", "months": "current"})
    exchange.seen("2026-10-20", person(1), exchange.coverage("2026-10", "01"))
    exchange.seen("2026-10-21", person(1), exchange.coverage("2026-08", "01", ji=True))
    assert evidence(exchange, person(1)) == []


def test_two_locators_that_disagree_are_both_kept_with_what_each_saw(exchange: Any, person: Person) -> None:
    look(
        exchange,
        {"segment": "2300/REF*CE", "slots": [3], "equals": "JX"},
        {"segment": "2300/REF*CE", "slots": [3, 5], "equals": "JY"},
        {"segment": "2300/REF*RB", "equals": "JX"},
    )
    exchange.seen("2026-10-20", person(1), exchange.coverage("2026-10", "05", ref_ce="M1;4;JX;4;JY;4", ref_rb="M1"))
    assert evidence(exchange, person(1)) == [("locator 1", 3, "JX"), ("locator 2", 5, "JY")]
    kept = exchange.all("exchange.ji_evidence", person(1))
    assert len({row["evidence_id"] for row in kept}) == 2
    assert {row["place"] for row in kept} == {"2300/REF*CE"}


def test_evidence_of_older_files_is_kept_when_the_flag_is_gone(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-20", person(1), exchange.coverage("2026-10", "05", ji=True))
    assert len(evidence(exchange, person(1))) == 1
    exchange.seen("2026-10-21", person(1), exchange.coverage("2026-10", "05"))
    assert len(evidence(exchange, person(1))) == 1


def test_a_changed_locator_is_applied_to_everyone_by_a_rebuild(exchange: Any, person: Person) -> None:
    exchange.seen("2026-10-20", person(1), exchange.coverage("2026-10", "05", ji=True))
    assert evidence(exchange, person(1))
    look(exchange, {"segment": "2300/REF*CE", "slots": [3], "equals": "QQ"})
    apply_enrollment(exchange.warehouse, exchange.config, everyone=True)
    assert exchange.all("exchange.ji_evidence") == []
