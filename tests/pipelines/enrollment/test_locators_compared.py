"""Locators held against each other and against how many they flag; and what a changed locator changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipelines.enrollment import apply_enrollment
from pipelines.enrollment.locators import (
    FINDS_NOBODY,
    FLAGS_TOO_MANY,
    READ_OTHERWISE,
    STANDING_DISAGREEMENTS,
    locator_counts,
)

Person = Callable[[int], str]
NIGHT = date(2026, 10, 20)
STATUSES = {"active": ["01"], "hold": ["05"], "terminated": ["00"], "not_covered": ["59"]}
AID_CODE = {"name": "aid code", "segment": "2300/REF*CE", "slots": [3, 5, 7], "equals": "JX", "months": "current"}
CATEGORY = {"name": "category", "segment": "2750/N1*75", "equals": "JI"}
CAPITATED = {"name": "capitated", "segment": "2300/REF*RB", "equals": "JX", "months": "current"}


def look(exchange: Any, *locators: dict[str, Any], **policy: Any) -> None:
    exchange.configure(justice_involved={"locators": list(locators), "hcp_status": STATUSES} | policy)


def disagreements(exchange: Any) -> list[tuple[str, str, str, str]]:
    apply_enrollment(exchange.warehouse, exchange.config)
    columns = ("cin", "locator_yes", "locator_no", "place")
    return [tuple(row[c] for c in columns) for row in exchange.all("exchange.locator_disagreements")]


def told(exchange: Any) -> dict[str, int]:
    return locator_counts(exchange.warehouse, exchange.config.justice_involved, NIGHT)


def totals(exchange: Any) -> dict[str | None, tuple[int, int]]:
    return {row["locator"]: (row["flagged"], row["members"]) for row in exchange.all("exchange.locator_totals")}


def a_night(exchange: Any, person: Person) -> None:
    """One file: both flag the first, the aid code alone the second and third, the category alone the fourth."""
    file = exchange.file(NIGHT)
    flagged, not_flagged = exchange.coverage("2026-10", "01", ji=True), exchange.coverage("2026-10", "01")
    exchange.member(file, person(1), [flagged], [{"category": "JI"}])
    exchange.member(file, person(2), [flagged], [{"category": "AGE"}])
    exchange.member(file, person(3), [flagged])
    exchange.member(file, person(4), [not_flagged], [{"category": "JI"}])
    exchange.member(file, person(5), [not_flagged], [{"category": "AGE"}])


def test_two_places_that_disagree_are_kept_with_what_stood_at_the_other_one(exchange: Any, person: Person) -> None:
    look(exchange, AID_CODE, CATEGORY)
    a_night(exchange, person)
    assert disagreements(exchange) == [
        (person(2), "aid code", "category", "FILLED"),
        (person(3), "aid code", "category", "EMPTY"),
        (person(4), "category", "aid code", "EMPTY"),
    ]
    assert told(exchange) == {
        "aid code and category": 1,
        "aid code without category": 2,
        "category without aid code": 1,
    }


def test_another_aid_code_in_a_slot_of_the_locator_fills_its_place_and_one_outside_of_them_does_not(
    exchange: Any, person: Person
) -> None:
    look(exchange, AID_CODE, CATEGORY)
    file = exchange.file(NIGHT)
    for number, value in ((1, "M1;4;QQ;4"), (2, "M1;4;;4"), (3, None)):
        month = exchange.coverage("2026-10", "01", ref_ce=value)
        exchange.member(file, person(number), [month], [{"category": "JI"}])
    assert [(cin, place) for cin, _, _, place in disagreements(exchange)] == [
        (person(1), "FILLED"),
        (person(2), "EMPTY"),
        (person(3), "EMPTY"),
    ]


def test_a_past_month_does_not_fill_a_place_of_which_only_current_months_count(exchange: Any, person: Person) -> None:
    look(exchange, CAPITATED, CATEGORY)
    months = [exchange.coverage("2026-10", "01"), exchange.coverage("2026-09", "01", ref_rb="QQ")]
    exchange.member(exchange.file(NIGHT), person(1), months, [{"category": "JI"}])
    assert disagreements(exchange) == [(person(1), "category", "capitated", "EMPTY")]


@pytest.mark.parametrize(
    ("other", "compared"),
    [
        ({"segment": "2300/REF*CE", "slots": [3], "equals": "JY"}, False),
        ({"segment": "2300/REF*CE", "equals": "JX"}, False),
        ({"segment": "2300/REF*CE", "slots": [1], "equals": "M1"}, True),
        ({"segment": "2300/REF*RB", "slots": [3], "equals": "JX"}, True),
    ],
)
def test_two_locators_of_one_place_are_alternatives_and_do_not_disagree(
    exchange: Any, person: Person, other: dict[str, Any], *, compared: bool
) -> None:
    look(exchange, AID_CODE, {"name": "other"} | other)
    exchange.seen(NIGHT, person(1), exchange.coverage("2026-10", "01", ref_ce="M2;4;JX;4"))
    assert bool(disagreements(exchange)) is compared


def test_disagreements_are_kept_file_by_file_and_follow_late_files_as_a_rebuild_does(
    exchange: Any, person: Person
) -> None:
    look(exchange, CAPITATED, CATEGORY)
    only_category = [{"category": "JI"}]
    for dated in ("2026-10-20", "2026-10-22", "2026-09-20"):
        file = exchange.file(dated)
        exchange.member(file, person(1), [exchange.coverage(dated[:7], "01", ref_rb="QQ")], only_category)
        apply_enrollment(exchange.warehouse, exchange.config)
    found = exchange.all("exchange.locator_disagreements")
    assert [row["file_date"].isoformat() for row in found] == ["2026-09-20", "2026-10-20", "2026-10-22"]
    apply_enrollment(exchange.warehouse, exchange.config, everyone=True)
    assert exchange.all("exchange.locator_disagreements") == found


def test_each_locator_is_told_with_the_members_whom_it_flags_in_the_newest_file_that_names_them(
    exchange: Any, person: Person
) -> None:
    look(exchange, AID_CODE, CATEGORY, CAPITATED)
    a_night(exchange, person)
    apply_enrollment(exchange.warehouse, exchange.config)
    assert totals(exchange) == {"aid code": (3, 5), "category": (2, 5), "capitated": (0, 5), None: (4, 5)}
    exchange.seen("2026-10-21", person(1), exchange.coverage("2026-10", "01"))
    apply_enrollment(exchange.warehouse, exchange.config)
    assert totals(exchange) == {"aid code": (2, 5), "category": (1, 5), "capitated": (0, 5), None: (3, 5)}


def test_a_locator_that_matches_nobody_in_a_full_file_of_the_night_is_told(exchange: Any, person: Person) -> None:
    look(exchange, AID_CODE, CATEGORY, CAPITATED)
    for dated, scope in ((date(2026, 10, 19), "FULL"), (NIGHT, "DAILY"), (NIGHT, "FULL")):
        exchange.warehouse.run("SET VARIABLE business_date = $on", {"on": NIGHT})
        file = exchange.file(dated, scope=scope)
        exchange.member(file, person(1), [exchange.coverage("2026-10", "01", ji=scope == "FULL")])
        apply_enrollment(exchange.warehouse, exchange.config)
        assert exchange.warehouse.value(FINDS_NOBODY) == (2 if (dated, scope) == (NIGHT, "FULL") else 0)


def test_only_the_newest_file_s_disagreements_stand(exchange: Any, person: Person) -> None:
    look(exchange, AID_CODE, CATEGORY)
    a_night(exchange, person)
    exchange.seen("2026-10-21", person(2), exchange.coverage("2026-10", "01", ji=True), reporting=[{"category": "JI"}])
    apply_enrollment(exchange.warehouse, exchange.config)
    standing = {row[0] for row in exchange.warehouse.rows(STANDING_DISAGREEMENTS)}
    assert standing == {person(3), person(4)}


@pytest.mark.parametrize(
    ("members", "share", "most"), [(3, 0.2, 100), (600, 0.2, 120), (600, 1, 600), (600, 0.01, 100)]
)
def test_a_locator_may_flag_a_share_of_the_members_and_always_a_few(
    exchange: Any, members: int, share: float, most: int
) -> None:
    look(exchange, AID_CODE, max_flagged_share=share)
    file = exchange.file(NIGHT)
    exchange.warehouse.run(
        """INSERT INTO facts.enrollment_members (file_id, file_order, cin, member_no, segment_no)
           SELECT $file, $rank, '9' || lpad(CAST(n AS VARCHAR), 7, '0') || 'B', n, n FROM range($members) AS m (n)""",
        {"file": file.file_id, "rank": file.file_order, "members": members},
    )
    apply_enrollment(exchange.warehouse, exchange.config)
    assert {row["most"] for row in exchange.all("exchange.locator_totals")} == {most}
    assert exchange.warehouse.value(FLAGS_TOO_MANY) == 0
    exchange.warehouse.run("UPDATE exchange.locator_totals SET flagged = most + 1 WHERE locator IS NULL")
    assert exchange.warehouse.value(FLAGS_TOO_MANY) == 1


def test_a_changed_locator_makes_everyone_anew_and_tells_how_many_members_stand_otherwise(
    exchange: Any, person: Person
) -> None:
    look(exchange, AID_CODE)
    a_night(exchange, person)
    exchange.warehouse.run("INSERT INTO ledger.runs VALUES ('r', $on, 1, 'STARTED', NULL)", {"on": date(2026, 10, 21)})
    apply_enrollment(exchange.warehouse, exchange.config)
    known = exchange.one("ledger.readings", None)
    assert (known["policy"], known["changed_on"], known["members"]) == ("834", None, None)
    look(exchange, CATEGORY)
    exchange.seen("2026-10-21", person(6), exchange.coverage("2026-10", "01"), sequence=2)
    apply_enrollment(exchange.warehouse, exchange.config)
    changed = exchange.one("ledger.readings", None)
    assert (changed["changed_on"], changed["members"]) == (date(2026, 10, 21), 3), "either flags the first"
    for night, told in ((date(2026, 10, 21), 3), (date(2026, 10, 22), 0)):
        exchange.warehouse.run("SET VARIABLE business_date = $on", {"on": night})
        assert exchange.warehouse.value(READ_OTHERWISE) == told
    entry = exchange.one("ledger.audit", None)
    assert (entry["event"], entry["subject"]) == ("READ_ANEW", "834")
    apply_enrollment(exchange.warehouse, exchange.config)
    assert len(exchange.all("ledger.audit")) == 1


def test_a_changed_status_table_counts_whose_months_mean_something_else(exchange: Any, person: Person) -> None:
    for number, status in ((1, "01"), (2, "77"), (3, "77")):
        exchange.seen(NIGHT, person(number), exchange.coverage("2026-10", status))
    apply_enrollment(exchange.warehouse, exchange.config)
    policy = exchange.config.justice_involved
    known = policy.model_copy(update={"hcp_status": {**policy.hcp_status, "active": ("01", "51", "77")}})
    exchange.config = exchange.config.model_copy(update={"justice_involved": known})
    exchange.seen("2026-11-02", person(3), exchange.coverage("2026-11", "01"))
    apply_enrollment(exchange.warehouse, exchange.config)
    assert exchange.one("ledger.readings", None)["members"] == 2


def test_another_bound_of_the_flagged_share_reads_no_834_anew(exchange: Any, person: Person) -> None:
    look(exchange, AID_CODE)
    a_night(exchange, person)
    apply_enrollment(exchange.warehouse, exchange.config)
    look(exchange, AID_CODE, max_flagged_share=0.5)
    assert apply_enrollment(exchange.warehouse, exchange.config) == 0
