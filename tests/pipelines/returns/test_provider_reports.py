"""The newest value that is not blank counts of what a provider reports, and a detail beside its own value."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipelines.returns import derive_reports
from pipelines.returns.standings import STANDINGS


@pytest.fixture
def told(exchange: Any, person: Any, npi_of: Any) -> Any:
    """Function that lets monthly files of the first provider speak of the first person, and returns the report."""

    def report(*rows: dict[str, Any], provider: int = 1) -> dict[str, Any]:
        for month, row in enumerate(rows, start=1):
            file = exchange.file(date(2026, month, 28), kind="rtf", name=f"rtf-{provider}-{month}")
            exchange.returned(file, person(1), npi_of(provider), **row)
        derive_reports(exchange.warehouse)
        found = exchange.all("exchange.provider_reports", person(1))
        return {row["npi"]: row for row in found}[npi_of(provider)]

    return report


def test_a_blank_wipes_nothing_and_a_later_file_corrects(told: Any) -> None:
    report = told(
        {"phone": "5595550101", "homelessness_indicator": "Y", "in_person_count": "2"},
        {"phone": None, "homelessness_indicator": "N"},
        {"phone": "5595550102", "telephonic_count": "x"},
    )
    assert (report["phone"], report["homelessness_indicator"]) == ("5595550102", "N")
    assert (report["in_person_count"], report["telephonic_count"]) == (2, None)
    assert (report["report_date"], report["file_id"]) == (date(2026, 3, 28), "rtf-1-3")


def test_it_is_told_since_when_the_present_value_is_said(told: Any) -> None:
    report = told({"phone": "5595550101"}, {"phone": "5595550102"}, {}, {"phone": "1 (559) 555-0102"})
    assert report["phone_told_on"] == date(2026, 2, 28)


def test_a_value_that_comes_back_after_another_is_told_anew(told: Any) -> None:
    first, other = {"reauthorization_request": "Y", "phone": "1"}, {"reauthorization_request": "N", "phone": "2"}
    report = told(first, other, {}, first, first)
    assert (report["reauthorization_told_on"], report["phone_told_on"]) == (date(2026, 4, 28), date(2026, 4, 28))


def test_a_detail_counts_beside_the_value_it_belongs_to(told: Any) -> None:
    report = told(
        {
            "address": "1 Elm Way", "city": "Fresno", "zip": "93701", "lead_care_manager_name": "Orla Brack",
            "lead_care_manager_phone": "5595550100", "referral_status": "Declined", "referral_closure_reason": "moved",
            "ecm_benefit_start": date(2026, 1, 5), "ecm_benefit_end": date(2026, 1, 20),
        },
        {
            "address": "2 Oak Way", "zip": "93702", "lead_care_manager_name": "Tam Wick", "referral_status": "Accepted",
            "ecm_benefit_start": date(2026, 2, 5),
        },
        {"city": None, "lead_care_manager_name": "Tam Wick", "lead_care_manager_email": "tam@example.org"},
    )  # fmt: skip
    assert (report["address"], report["city"], report["zip"]) == ("2 Oak Way", None, "93702")
    manager = [report[f"lead_care_manager_{part}"] for part in ("name", "phone", "email")]
    assert manager == ["Tam Wick", None, "tam@example.org"]
    assert (report["referral_status"], report["referral_closure_reason"]) == ("Accepted", None)
    assert (report["ecm_benefit_start"], report["ecm_benefit_end"]) == (date(2026, 2, 5), None)


def test_the_reason_of_a_discontinuation_is_that_of_its_day(told: Any) -> None:
    report = told(
        {
            "discontinuation_date": date(2026, 1, 9),
            "discontinuation_reason_code": "2",
            "discontinuation_reason_text": "a",
        },
        {"discontinuation_date": date(2026, 2, 9), "discontinuation_reason_code": "4"},
        {},
    )
    assert [report[f"discontinuation_{part}"] for part in ("date", "reason_code", "reason_text", "told_on")] == [
        date(2026, 2, 9), "4", None, date(2026, 2, 28),
    ]  # fmt: skip


def test_each_provider_has_a_report_of_its_own(told: Any, npi_of: Any, exchange: Any) -> None:
    told({"phone": "5595550101"})
    assert told({"ecm_status": "Enrolled"}, provider=2)["phone"] is None
    assert {row["npi"] for row in exchange.all("exchange.provider_reports")} == {npi_of(1), npi_of(2)}


def test_what_was_reported_under_a_merged_cin_is_of_the_person(exchange: Any, person: Any, npi_of: Any) -> None:
    for month, number in ((1, 1), (2, 2)):
        file = exchange.file(date(2026, month, 28), kind="rtf", name=f"rtf-{month}")
        exchange.returned(file, person(number), npi_of(1), phone=f"559555010{month}", city="Fresno")
        exchange.attempted(file, person(number), npi_of(1), "2026-01-05")
    exchange.warehouse.run(
        "INSERT INTO exchange.cin_aliases VALUES ($alias, $cin, DATE '2026-03-01', 'LIAISON')",
        {"alias": person(1), "cin": person(2)},
    )
    assert derive_reports(exchange.warehouse) == {"reports": 1, "attempts": 1, "successful": 0, "care_days": 0}
    assert exchange.one("exchange.provider_reports", person(2))["phone"] == "5595550102"


@pytest.mark.parametrize(
    ("word", "standing"),
    [("Enrolled", "SERVED"), ("OPTED-OUT", "ENDED"), ("In Outreach", "OUTREACH"), ("purple", None), (None, None)],
)
def test_a_word_for_the_status_is_understood_without_case_or_signs_or_not_at_all(
    told: Any, word: str | None, standing: str | None
) -> None:
    report = told({"ecm_status": word})
    assert (report["ecm_status"], report["standing"]) == (word, standing)


def test_no_word_means_two_things() -> None:
    words = [word for known in STANDINGS.values() for word in known]
    assert len(words) == len(set(words))
    assert all(word == " ".join(word.split()).lower() and word for word in words)
