"""Which places of an 834 a locator may name, and where it finds the date from which an indicator holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from pipelines.config.policy.locators import DATE_PLACES, PLACES, Locator
from pipelines.enrollment import apply_enrollment
from schemas.enrollment_columns import COVERAGE_COLUMNS, MEMBER_COLUMNS, REPORTING_COLUMNS

Person = Callable[[int], str]
ON = "2026-10-20"


def find(exchange: Any, **locator: Any) -> list[tuple[int, str, date | None]]:
    exchange.configure(justice_involved={"locators": [{"name": "sought"} | locator], "hcp_status": {"active": ["01"]}})
    apply_enrollment(exchange.warehouse, exchange.config)
    return [
        (e["slot"], e["value"], e["effective_date"]) for e in exchange.all("exchange.ji_evidence", order="slot, value")
    ]


def one_of_each(exchange: Any, cin: str) -> None:
    """Let an 834 arrive in which the name of each column stands in it, as far as it holds text."""
    numbers = {"member_no", "segment_no"}
    dates = {"birth_date", "death_date", "reporting_month", "benefit_begin", "benefit_end", "benefit_month", "date"}
    texts = [{c: c for c in columns if c not in numbers | dates | {"cin"}}
             for columns in (MEMBER_COLUMNS, COVERAGE_COLUMNS, REPORTING_COLUMNS)]  # fmt: skip
    month = exchange.coverage("2026-10", "01") | texts[1]
    exchange.member(exchange.file(ON), cin, [month], [texts[2] | {"ref_qualifier": "ZZ"}], **texts[0])


@pytest.mark.parametrize("place", PLACES)
def test_every_place_a_locator_may_name_is_looked_at(exchange: Any, person: Person, place: str) -> None:
    one_of_each(exchange, person(1))
    stood = {
        "2000/INS/04": "maintenance_reason", "2000/INS/05": "benefit_status", "2000/INS/08": "employment_status",
        "2000/AID": "aid_code", "2300/HD/03": "insurance_line", "2300/HD/04": "hcp_code;hcp_status",
        "2300/AID": "aid_code;esc;special_aid_1;special_esc_1;special_aid_2;special_esc_2;special_aid_3;special_esc_3",
        "2750/N1*75": "category", "2750/N1*75+REF": "ref_value", "2750/REF*ZZ": "ref_value",
    }.get(place) or f"ref_{place.partition('*')[2].lower()}"  # fmt: skip
    another = place.startswith("2750/REF*") and place != "2750/REF*ZZ"
    assert find(exchange, segment=place, regex=".+") == ([] if another else [(0, stood, None)])


def test_every_place_that_is_kept_as_a_date_is_taken_for_one(exchange: Any, person: Person) -> None:
    month = exchange.coverage("2026-10", "01", ref_rb="JI")
    exchange.member(exchange.file(ON), person(1), [month], [{"category": "JI", "date": date(2026, 9, 8)}])
    taken = {
        place: find(exchange, segment="2300/REF*RB" if place.startswith("2300") else "2750/N1*75", equals="JI",
                    date={"segment": place})[0][2]
        for place in DATE_PLACES
    }  # fmt: skip
    assert taken == {
        "2300/DTP*348": date(2026, 10, 1),
        "2300/DTP*349": date(2026, 10, 31),
        "2750/DTP*007": date(2026, 9, 8),
    }


DATES = [
    ("JI;20260908", {"slot": 2}, date(2026, 9, 8)),
    ("JI; 20260908 ", {"slot": 2}, date(2026, 9, 8)),
    ("JI;202609", {"slot": 2, "format": "YYYYMM"}, date(2026, 9, 1)),
    ("JI;202609", {"slot": 2}, None),
    ("JI;20260931", {"slot": 2}, None),
    ("JI;00000000", {"slot": 2}, None),
    ("JI;2026-09-08", {"slot": 2}, None),
    ("JI;20260908", {"slot": 3}, None),
    ("JI", {"segment": "2300/REF*RB"}, date(2026, 8, 7)),
    ("JI", {"segment": "2300/REF*17", "slot": 4, "format": "YYYYMM"}, date(2026, 7, 1)),
    ("JI", {"segment": "2300/REF*9V"}, None),
]


@pytest.mark.parametrize(("value", "where", "effective"), DATES)
def test_the_date_of_an_indicator_stands_beside_it_and_what_cannot_be_one_is_left_out(
    exchange: Any, person: Person, value: str, where: dict[str, Any], effective: date | None
) -> None:
    month = exchange.coverage("2026-10", "01", ref_zz=value, ref_rb="20260807", ref_17=";;;202607")
    exchange.seen(ON, person(1), month)
    assert find(exchange, segment="2300/REF*ZZ", slots=[1], equals="JI", date=where) == [(1, "JI", effective)]


def test_the_date_of_a_member_level_indicator_stands_in_its_ins_loop(exchange: Any, person: Person) -> None:
    exchange.seen(ON, person(1), ref_qq="JI", ref_17=";;202611")
    where = {"segment": "2000/REF*17", "slot": 3, "format": "YYYYMM"}
    assert find(exchange, segment="2000/REF*QQ", equals="JI", date=where) == [(0, "JI", date(2026, 11, 1))]


def test_a_reporting_category_is_told_apart_by_its_name_and_by_the_qualifier_of_its_value(
    exchange: Any, person: Person
) -> None:
    said = [("JUSTICE INVOLVED", "ZZ", "Y"), ("HOMELESS", "ZZ", "Y"), ("JUSTICE INVOLVED", "LU", "Y")]
    reporting = [{"category": c, "ref_qualifier": q, "ref_value": v} for c, q, v in said]
    for number in (1, 2, 3):
        exchange.member(exchange.file(ON, number), person(number), (), [reporting[number - 1]])
    found = {}
    for name, where in {
        "any": {"segment": "2750/N1*75+REF"},
        "by name": {"segment": "2750/N1*75+REF", "category": "JUSTICE INVOLVED"},
        "by qualifier": {"segment": "2750/REF*ZZ"},
        "by both": {"segment": "2750/REF*ZZ", "category": "JUSTICE INVOLVED"},
    }.items():
        find(exchange, equals="Y", **where)
        found[name] = [row["cin"] for row in exchange.all("exchange.ji_evidence", order="cin")]
    one, two, three = (person(number) for number in (1, 2, 3))
    assert found == {"any": [one, two, three], "by name": [one, three], "by qualifier": [one, two], "by both": [one]}


def test_every_loop_of_a_member_is_looked_at(exchange: Any, person: Person) -> None:
    months = [exchange.coverage(f"2026-{month:02d}", "01", ref_rb=f"J{month}") for month in (8, 9, 10)]
    exchange.seen(ON, person(1), *months)
    found = find(exchange, segment="2300/REF*RB", one_of=["J8", "J10"])
    assert [value for _, value, _ in found] == ["J10", "J8"]


def test_blanks_around_a_slot_do_not_hide_its_value(exchange: Any, person: Person) -> None:
    exchange.seen(ON, person(1), exchange.coverage("2026-10", "01", ref_ce="M1;4; JX ;4"))
    assert find(exchange, segment="2300/REF*CE", slots=[3], equals="JX") == [(3, "JX", None)]


MISTAKES = [
    ({"segment": "2300/REF*CF"}, "did you mean `2300/REF*CE`? They are 2000/INS/04,"),
    ({"segment": "2320/REF*ZZ"}, "none of the places that the facts keep"),
    ({"segment": "2700/N1*75"}, "did you mean `2750/N1*75`?"),
    ({"segment": "2000/REF*ZZ", "months": "current"}, "belongs to no month"),
    ({"segment": "2300/REF*CE", "category": "JI"}, "category is for values of a reporting category"),
    ({"segment": "2750/N1*75", "category": "JI"}, "category is for values of a reporting category"),
    ({"segment": "2300/REF*CE", "date": {"segment": "2750/DTP*007"}}, "date.segment is none of the places"),
    ({"segment": "2000/REF*QQ", "date": {"segment": "2300/DTP*348"}}, "none of the places that the facts keep"),
    ({"segment": "2750/N1*75", "date": {"segment": "2750/DTP*007", "slot": 2}}, "a DTP segment has one date"),
    ({"segment": "2300/REF*CE", "date": {"format": "RD8"}}, "Input should be 'D8' or 'YYYYMM'"),
    ({"segment": "2300/REF*CE", "slots": [51]}, "less than or equal to 50"),
]


@pytest.mark.parametrize(("given", "told"), MISTAKES)
def test_a_place_or_a_date_that_cannot_be_followed_is_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Locator.model_validate({"name": "sought", "equals": "JI"} | given)
    assert told in str(refused.value)


def test_two_locators_must_not_have_one_name(exchange: Any) -> None:
    twice = [{"name": "sought", "segment": "2300/REF*CE", "equals": value} for value in ("JX", "JY")]
    with pytest.raises(ValidationError, match="same name"):
        exchange.configure(justice_involved={"locators": twice, "hcp_status": {"active": ["01"]}})
