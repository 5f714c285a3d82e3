"""A phone that the provider before reported goes on to the next one where nobody knows any, and nothing else does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipelines.delivery.prepare import due_rows

NIGHT = date(2026, 11, 12)
REPORTED = {
    "phone": "5595550142", "address": "7 Larch Way", "city": "Clovis", "zip": "93612", "county": "Madera",
    "homelessness_indicator": "Y", "lead_care_manager_name": "Orla Brack", "ecm_status": "Enrolled",
    "lead_care_manager_phone": "5595550143", "lead_care_manager_email": "orla@example.org",
    "discontinuation_reason_text": "wants another", "discontinuation_date": date(2026, 11, 11),
    "referral_closure_reason": "Declined", "referral_status": "Closed",
}  # fmt: skip


@pytest.fixture
def told(exchange: Any, person: Any, npi_of: Any) -> Any:
    """Function that gives the first person another provider, and returns the row that this one is told."""

    def moved(
        phone: str | None, referred: str | None, reported: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        exchange.seen("2026-11-09", person(1), exchange.coverage("2026-11", "01", ji=True), phone=phone)
        exchange.referred("2026-11-09", person(1), last_name=f"Quillon{person(1)}", phone=referred)
        exchange.derive("2026-11-09")
        before = exchange.open_assignment(person(1))["npi"]
        (after,) = {npi_of(1), npi_of(2)} - {before}
        exchange.decision(person(1), after, "2026-11-12")
        rows = []
        for report in ({}, reported):
            if report:
                exchange.returned(exchange.file("2026-11-11", kind="rtf"), person(1), before, **report)
            exchange.derive(NIGHT)
            due = due_rows(exchange.warehouse, exchange.config, exchange.roster, NIGHT)
            rows += [row for each in due if each.provider.npi == after for row in each.delta]
        return rows[0], rows[1]

    return moved


def test_where_nobody_knows_a_phone_the_reported_one_goes_on_and_nothing_else(told: Any) -> None:
    without, with_it = told(None, None, REPORTED)
    changed = {name: value for name, value in with_it.items() if value != without[name]}
    assert changed.pop("phone_alternate") == "(559) 555-0142"
    assert changed.keys() <= {"row_hash", "content"}
    assert with_it["phone"] is None


@pytest.mark.parametrize(
    ("phone", "goes_on"),
    [
        ("ask the sister: 559-555-0142, after six", "(559) 555-0142"),
        ("(559) 555-0142 x7; (559) 555-0143", "(559) 555-0142 x7; (559) 555-0143"),
        ("shelter, bed 4", None),
    ],
)
def test_of_words_in_the_cell_the_numbers_alone_go_on(told: Any, phone: str, goes_on: str | None) -> None:
    _, row = told(None, None, {"phone": phone})
    assert row["phone_alternate"] == goes_on


@pytest.mark.parametrize(
    ("phone", "referred", "alternate"),
    [
        ("5595550111", None, None),
        (None, "5595550122", "(559) 555-0122"),
        ("5595550111", "5595550122", "(559) 555-0122"),
    ],
    ids=["the 834 knows one", "a referrer knows one", "both do"],
)
def test_where_the_plan_knows_a_phone_it_hears_of_no_other(
    told: Any, phone: str | None, referred: str | None, alternate: str | None
) -> None:
    without, with_it = told(phone, referred, REPORTED)
    assert with_it == without
    assert with_it["phone_alternate"] == alternate


def test_what_the_provider_itself_reported_is_not_told_to_it_again(exchange: Any, person: Any) -> None:
    exchange.seen("2026-11-09", person(1), exchange.coverage("2026-11", "01", ji=True))
    exchange.derive("2026-11-09")
    own = exchange.open_assignment(person(1))["npi"]
    exchange.returned(exchange.file("2026-11-11", kind="rtf"), person(1), own, **REPORTED)
    exchange.derive(NIGHT)
    (row,) = (r for due in due_rows(exchange.warehouse, exchange.config, exchange.roster, NIGHT) for r in due.delta)
    assert row["phone_alternate"] is None
