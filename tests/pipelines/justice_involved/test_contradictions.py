"""Sources that contradict each other: found, kept, and gone when a later fact resolves them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.pipelines.justice_involved.told import INSIDE, NIGHT, OUT, OUT_ON_8, VOID, Person, Said, Seen, on, tell

ACTIVE = Seen(on(10, 1), "10:01")
CUSTODY = {"incarceration_status": "IN_CUSTODY"}
Found = dict[str, date]


@dataclass(frozen=True)
class Case:
    """What came, and the contradictions that stand tonight with the day since when."""

    name: str
    came: tuple[Seen | Said, ...]
    found: Found


def notice(day: date, number: int = 1, **also: Any) -> Said:
    return Said(day, "noticed", {"notice_id": f"N{number}"} | also)


HELD = "RELEASED_WHILE_HELD"
CUSTODY_WHILE_ACTIVE = "IN_CUSTODY_WHILE_ACTIVE"
DATES = "RELEASE_DATES_DIFFER"
BEFORE = "RELEASE_BEFORE_CUSTODY"
PASSED = "EXPECTED_DATE_PASSED"
AFTER_DEATH = "TOLD_AFTER_DEATH"
COVERED = "COVERED_AFTER_DEATH"
DIED = Seen(on(11, 6), "11:01", {"death_date": on(11, 2)})

CASES = (
    Case("nothing but the 834", (INSIDE, OUT), {}),
    Case("a notice that the 834 bears out", (INSIDE, notice(on(10, 9), **OUT_ON_8), OUT), {}),
    # Released while the 834 holds.
    Case("released, and the 834 holds", (INSIDE, notice(on(10, 9), **OUT_ON_8)), {HELD: on(10, 9)}),
    Case(
        "released, and the 834 goes on to hold",
        (INSIDE, notice(on(10, 9), **OUT_ON_8), Seen(on(11, 3), "11:05*")),
        {HELD: on(10, 9)},
    ),
    Case(
        "released, and the 834 came to hold afterwards for the month of the release",
        (ACTIVE, notice(on(10, 9), **OUT_ON_8), Seen(on(10, 12), "10:05*")),
        {HELD: on(10, 12)},
    ),
    Case(
        "released, and a month later back inside",
        (ACTIVE, notice(on(10, 9), **OUT_ON_8), Seen(on(11, 12), "11:05*")),
        {},
    ),
    Case(
        "released by a referral without a date",
        (INSIDE, Said(on(10, 9), also={"incarceration_status": "RELEASED"})),
        {HELD: on(10, 9)},
    ),
    Case("the notice was voided", (INSIDE, notice(on(10, 9), **OUT_ON_8), notice(on(10, 12), **VOID)), {}),
    Case(
        "the newer notice says still inside",
        (INSIDE, notice(on(10, 9), **OUT_ON_8), notice(on(10, 12), 2, expected_release_date=on(12, 30))),
        {},
    ),
    Case("the member left", (INSIDE, notice(on(10, 9), **OUT_ON_8), Seen(on(11, 3), "11:00")), {}),
    # In custody while the 834 shows active.
    Case("in custody while active", (ACTIVE, Said(on(10, 9), also=CUSTODY)), {CUSTODY_WHILE_ACTIVE: on(10, 9)}),
    Case(
        "in custody while flagged and active", (OUT, Said(on(10, 25), also=CUSTODY)), {CUSTODY_WHILE_ACTIVE: on(10, 25)}
    ),
    Case(
        "announced while active",
        (OUT, notice(on(10, 25), expected_release_date=on(12, 30))),
        {CUSTODY_WHILE_ACTIVE: on(10, 25)},
    ),
    Case(
        "then told to be out",
        (ACTIVE, Said(on(10, 9), also=CUSTODY), notice(on(11, 9), actual_release_date=on(11, 8))),
        {},
    ),
    Case("then on hold", (ACTIVE, Said(on(10, 9), also=CUSTODY), Seen(on(11, 9), "11:05")), {}),
    Case(
        "then on hold and active: the hold was lifted since",
        (ACTIVE, Said(on(10, 9), also=CUSTODY), Seen(on(11, 9), "11:05"), Seen(on(11, 20), "11:01")),
        {},
    ),
    Case(
        "told while on hold, then active",
        (Seen(on(10, 1), "10:05"), Said(on(10, 9), also=CUSTODY), Seen(on(11, 9), "11:01")),
        {},
    ),
    Case(
        "the referral was ended",
        (OUT, Said(on(10, 25), also=CUSTODY), Said(on(10, 30), also={"record_action": "TERM"})),
        {},
    ),
    # Release dates.
    Case(
        "two sources, two dates",
        (INSIDE, notice(on(10, 9), **OUT_ON_8), Said(on(10, 12), also={"actual_release_date": on(10, 7)}), OUT),
        {DATES: on(10, 12)},
    ),
    Case(
        "two sources, one date",
        (INSIDE, notice(on(10, 9), **OUT_ON_8), Said(on(10, 12), also=OUT_ON_8), OUT),
        {},
    ),
    Case(
        "two sources, and one of them corrected",
        (
            INSIDE,
            notice(on(10, 9), **OUT_ON_8),
            Said(on(10, 12), also={"actual_release_date": on(10, 7)}),
            notice(on(10, 14), record_action="CHANGE", actual_release_date=on(10, 7)),
            OUT,
        ),
        {},
    ),
    Case(
        "two releases of two episodes",
        (
            INSIDE,
            OUT,
            notice(on(10, 21), actual_release_date=on(10, 19)),
            Seen(on(11, 4), "11:05*"),
            Seen(on(11, 19), "11:01*"),
            notice(on(11, 20), 2, actual_release_date=on(11, 18)),
        ),
        {},
    ),
    Case(
        "released before the hold began",
        (
            ACTIVE,
            Seen(on(11, 3), "11:05*"),
            notice(on(11, 9), actual_release_date=on(10, 20)),
            Seen(on(11, 20), "11:01*"),
        ),
        {BEFORE: on(11, 9)},
    ),
    Case(
        "released before the day custody was told of",
        (
            ACTIVE,
            Said(on(10, 9), also=CUSTODY | {"referral_received_date": on(10, 7)}),
            notice(on(10, 12), actual_release_date=on(10, 3)),
        ),
        {BEFORE: on(10, 12), CUSTODY_WHILE_ACTIVE: on(10, 9)},
    ),
    Case(
        "released on a day after that",
        (
            ACTIVE,
            Said(on(10, 9), also=CUSTODY | {"referral_received_date": on(10, 7)}),
            notice(on(10, 12), actual_release_date=on(10, 10)),
        ),
        {},
    ),
    # Expected dates.
    Case("expected, and the day has not come", (INSIDE, notice(on(10, 9), expected_release_date=on(12, 15))), {}),
    Case(
        "expected, and the day has passed",
        (INSIDE, notice(on(10, 9), expected_release_date=on(12, 1))),
        {PASSED: on(12, 2)},
    ),
    Case(
        "expected, passed, and moved on",
        (
            INSIDE,
            notice(on(10, 9), expected_release_date=on(12, 1)),
            notice(on(12, 3), expected_release_date=on(12, 28)),
        ),
        {},
    ),
    Case("expected, and released", (INSIDE, notice(on(10, 9), expected_release_date=on(10, 18)), OUT), {}),
    Case(
        "expected, and told to be released though the 834 holds",
        (INSIDE, notice(on(10, 9), expected_release_date=on(12, 1)), notice(on(12, 3), actual_release_date=on(12, 2))),
        {HELD: on(12, 3)},
    ),
    Case(
        "expected again after the return, and passed",
        (INSIDE, OUT, Seen(on(11, 4), "11:05*"), notice(on(11, 9), expected_release_date=on(12, 1))),
        {PASSED: on(12, 2)},
    ),
    Case(
        "an expected date of before the return does not speak of this custody",
        (INSIDE, notice(on(10, 9), expected_release_date=on(10, 18)), OUT, Seen(on(11, 4), "11:05*")),
        {},
    ),
    # Death.
    Case("a notice after the death", (OUT, DIED, notice(on(11, 9), **OUT_ON_8)), {AFTER_DEATH: on(11, 9)}),
    Case("a notice before the death", (OUT, notice(on(10, 25), actual_release_date=on(10, 19)), DIED), {}),
    Case(
        "a release after the death",
        (OUT, notice(on(11, 5), actual_release_date=on(11, 4)), DIED),
        {AFTER_DEATH: on(11, 6)},
    ),
    Case("a referral after the death, voided", (OUT, DIED, Said(on(11, 9)), Said(on(11, 12), also=VOID)), {}),
    Case("covered in the month after the death", (OUT, DIED, Seen(on(12, 2), "12:01*")), {COVERED: on(12, 2)}),
    Case(
        "covered after the death, and the death told again",
        (OUT, DIED, Seen(on(12, 2), "12:01*"), Seen(on(12, 5), "", {"death_date": on(11, 2)})),
        {},
    ),
)


@pytest.fixture(scope="module")
def walked(a_exchange: Any, person: Person) -> dict[str, list[dict[str, Any]]]:
    exchange = a_exchange
    exchange.clear()
    with exchange.warehouse.transaction():
        for number, case in enumerate(CASES, start=1):
            for came in case.came:
                tell(exchange, person(number), came)
    exchange.authorize(NIGHT)
    return {
        case.name: exchange.all("exchange.ji_contradictions", person(number))
        for number, case in enumerate(CASES, start=1)
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_contradicts_stands_until_it_is_resolved(walked: dict[str, list[dict[str, Any]]], case: Case) -> None:
    assert {row["kind"]: row["since"] for row in walked[case.name]} == case.found


def test_a_contradiction_names_rule_and_file_and_tells_no_value(
    walked: dict[str, list[dict[str, Any]]], a_exchange: Any
) -> None:
    known = {row["file_id"] for row in a_exchange.all("ledger.files")}
    rows = [row for found in walked.values() for row in found]
    assert {row["kind"] for row in rows} == {HELD, CUSTODY_WHILE_ACTIVE, DATES, BEFORE, PASSED, AFTER_DEATH, COVERED}
    assert len({row["contradiction_id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["file_id"] in known
        assert row["rule"]
        assert not any(part in row["detail"] for part in (row["cin"], "2026", "Quillon", "Brindlemoor"))


def test_a_contradiction_keeps_its_name_from_night_to_night(exchange: Any, person: Person) -> None:
    tell(exchange, person(1), INSIDE)
    tell(exchange, person(1), notice(on(10, 9), **OUT_ON_8))
    exchange.authorize(on(10, 10))
    first = exchange.one("exchange.ji_contradictions", person(1))
    exchange.authorize(NIGHT)
    assert exchange.one("exchange.ji_contradictions", person(1)) == first
