"""What providers report and a person has to decide on stands on the lists, until it is settled or said otherwise."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from pipelines.clocks import derive_clocks
from pipelines.liaison import record, void
from pipelines.returns import derive_reports
from pipelines.work_lists import derive_work_items
from pipelines.work_lists.workbook import render_workbook

TOLD = "2026-11-20"


@pytest.fixture
def served(exchange: Any, person: Any) -> Any:
    """The first person, released and assigned on the 10th of November; `exchange.serving` serves."""
    exchange.seen("2026-11-10", person(1), exchange.coverage("2026-11", "01", ji=True), phone="5595550111")
    exchange.noticed("2026-11-10", person(1), actual_release_date="2026-11-10")
    exchange.derive("2026-11-10")
    exchange.serving = exchange.open_assignment(person(1))["npi"]
    return exchange


@pytest.fixture
def listed(exchange: Any) -> Any:
    """Function that derives what follows from reports as of a night, and returns the items of one list."""

    def items(night: str, name: str) -> list[dict[str, Any]]:
        on, plan = date.fromisoformat(night), exchange.config.plan
        derive_reports(exchange.warehouse)
        derive_clocks(exchange.warehouse, exchange.config.clocks, on, plan.holidays, plan.timezone)
        derive_work_items(exchange.warehouse, exchange.config.work_lists, exchange.config.reports, on)
        return [row for row in exchange.all("exchange.work_items", order="list, priority") if row["list"] == name]

    return items


@pytest.fixture
def report(served: Any, person: Any) -> Any:
    """Function that lets the serving provider report something of the first person."""

    def told(dated: str = TOLD, **columns: Any) -> None:
        file = served.file(dated, kind="rtf", name=f"rtf-{dated}")
        served.returned(file, person(1), served.serving, **columns)

    return told


def reasons(items: list[dict[str, Any]]) -> list[str]:
    return [item["reason"] for item in items]


def settle(exchange: Any, cin: str, on: str) -> str:
    day = date.fromisoformat(on)
    told = {"happened_on": day, "recorded_on": day, "recorded_by": "liaison"}
    return str(record(exchange.warehouse, cin, "REPORT_SETTLED", **told))


def test_a_discontinuation_is_for_the_liaison_and_ends_nothing(
    served: Any, person: Any, report: Any, listed: Any
) -> None:
    columns = {"discontinuation_date": date(2026, 11, 18), "discontinuation_reason_code": "3", "ecm_status": "Declined"}
    report(**columns, discontinuation_reason_text="wants no care")
    before = served.open_assignment(person(1))["assignment_id"]
    (item,) = listed("2026-11-21", "PROVIDER_ENDED")
    assert (item["cin"], item["npi"], item["due"], item["rule"]) == (
        person(1), served.serving, date(2026, 11, 18), "R17",
    )  # fmt: skip
    assert served.open_assignment(person(1))["assignment_id"] == before
    assert served.one("exchange.ecm_authorizations", person(1))["status"] == "ACTIVE"
    assert listed("2026-11-21", "CONTRADICTIONS") == [], "it is told once"


def test_it_leaves_the_list_when_the_liaison_settles_it_or_the_provider_says_otherwise(
    served: Any, person: Any, report: Any, listed: Any
) -> None:
    report(discontinuation_date=date(2026, 11, 18))
    assert reasons(listed("2026-11-21", "PROVIDER_ENDED")) == ["DISCONTINUED"]
    settled = settle(served, person(1), "2026-11-21")
    assert listed("2026-11-21", "PROVIDER_ENDED") == []
    void(served.warehouse, settled, cin=person(1), recorded_on=date(2026, 11, 21), recorded_by="liaison")
    assert reasons(listed("2026-11-21", "PROVIDER_ENDED")) == ["DISCONTINUED"]
    report("2026-11-24", ecm_status="Enrolled")
    assert listed("2026-11-24", "PROVIDER_ENDED") == []


def test_a_new_report_after_the_settlement_is_told(served: Any, person: Any, report: Any, listed: Any) -> None:
    report(phone="5595550199")
    settle_on = "2026-11-21"
    settle(served, person(1), settle_on)
    assert listed(settle_on, "CONTACT_DATA") == []
    report("2026-11-25", phone="5595550199")
    assert listed("2026-11-25", "CONTACT_DATA") == [], "the same again is no news"
    report("2026-11-27", phone="5595550188")
    assert reasons(listed("2026-11-27", "CONTACT_DATA")) == ["PHONE"]


DIFFERENCES: list[tuple[dict[str, Any], list[str]]] = [
    ({"phone": "(559) 555-0111"}, []),
    ({"phone": "5595550199"}, ["PHONE"]),
    ({"address": "1 N. Elm Avenue, Apt 3", "zip": "93701-1234"}, []),
    ({"address": "1 Elm Way"}, []),
    ({"address": "2 Elm Way", "zip": "93701"}, ["ADDRESS"]),
    ({"address": "1 Oak Way", "zip": "93701"}, ["ADDRESS"]),
    ({"address": "1 Elm Way", "zip": "93277"}, ["ADDRESS"]),
    ({"address": "2 Oak Way", "phone": "5595550199"}, ["ADDRESS_AND_PHONE"]),
    ({"city": "Clovis"}, []),
]


def test_contact_data_that_differ_from_the_834_are_to_be_confirmed(exchange: Any, person: Any, listed: Any) -> None:
    people = [person(number) for number in range(1, len(DIFFERENCES) + 1)]
    for sequence, cin in enumerate(people, start=1):
        month = exchange.coverage("2026-11", "01", ji=True)
        exchange.seen("2026-11-02", cin, month, sequence=sequence, phone="5595550111")
    exchange.derive("2026-11-02")
    file = exchange.file(TOLD, kind="rtf")
    for cin, (columns, _) in zip(people, DIFFERENCES, strict=True):
        exchange.returned(file, cin, exchange.open_assignment(cin)["npi"], **columns)
    items = listed("2026-11-21", "CONTACT_DATA")
    found = [reasons([item for item in items if item["cin"] == cin]) for cin in people]
    assert found == [expected for _, expected in DIFFERENCES]


def test_once_the_834_says_the_same_nothing_is_left_to_confirm(
    served: Any, person: Any, report: Any, listed: Any
) -> None:
    report(phone="5595550199")
    served.seen("2026-11-22", person(1), served.coverage("2026-11", "01", ji=True), phone="5595550199")
    served.derive("2026-11-22")
    assert listed("2026-11-22", "CONTACT_DATA") == []


def test_whom_attempts_did_not_reach_stands_apart_until_one_does(served: Any, person: Any, listed: Any) -> None:
    file = served.file(TOLD, kind="otf")
    assert listed("2026-11-12", "NOT_REACHED") == [], "nobody tried yet"
    for on in ("2026-11-09", "2026-11-11", "2026-11-12"):
        served.attempted(file, person(1), served.serving, on)
    served.attempted(file, person(1), served.serving, "2026-11-13", attempt_method="MAIL", attempt_successful="Y")
    (item,) = listed("2026-11-21", "NOT_REACHED")
    assert (item["due"], item["since"], item["rule"]) == (date(2026, 11, 12), date(2026, 11, 11), "R10")
    served.attempted(file, person(1), served.serving, "2026-11-19", attempt_successful="Y")
    assert listed("2026-11-21", "NOT_REACHED") == []


def test_a_request_to_reauthorize_stands_with_the_reviews(report: Any, listed: Any) -> None:
    report(reauthorization_request="N")
    assert listed("2026-11-21", "REAUTHORIZATION") == []
    report("2026-11-23", reauthorization_request="Y")
    (item,) = listed("2026-11-23", "REAUTHORIZATION")
    assert (item["reason"], item["due"], item["rule"]) == ("REQUESTED", date(2027, 9, 10), "R4")


def test_a_status_that_contradicts_ours_is_a_contradiction(report: Any, listed: Any) -> None:
    report(ecm_status="Enrolled")
    assert listed("2026-11-21", "CONTRADICTIONS") == []
    report("2026-11-23", ecm_status="Disenrolled")
    assert reasons(listed("2026-11-23", "CONTRADICTIONS")) == ["PROVIDER_SAYS_ENDED"]


def test_a_contact_after_the_assignment_ended_is_a_contradiction_and_one_before_it_is_not(
    served: Any, person: Any, npi_of: Any, report: Any, listed: Any
) -> None:
    (other,) = {npi_of(1), npi_of(2)} - {served.serving}
    served.decision(person(1), other, "2026-11-13")
    served.derive("2026-11-13")
    report("2026-11-30", last_encounter_date=date(2026, 11, 12), ecm_status="Enrolled")
    assert listed("2026-11-13", "CONTRADICTIONS") == []
    report("2026-12-01", last_encounter_date=date(2026, 11, 16))
    (item,) = listed("2026-12-01", "CONTRADICTIONS")
    assert (item["reason"], item["npi"], item["since"]) == ("PROVIDER_SERVES_ON", served.serving, date(2026, 11, 16))


def test_the_workbook_shows_what_was_reported_beside_what_the_834_has(
    served: Any, person: Any, report: Any, listed: Any
) -> None:
    report(phone="5595550199", address="2 Oak Way", city="Clovis", zip="93612", discontinuation_date=date(2026, 11, 18))
    file = served.file(TOLD, kind="otf")
    served.attempted(file, person(1), served.serving, "2026-11-12")
    listed("2026-11-21", "CONTACT_DATA")
    book = openpyxl.load_workbook(io.BytesIO(render_workbook(served.warehouse, date(2026, 11, 21))))

    def reported(title: str) -> Any:
        _, _, _, heading, row = ([cell.value for cell in line] for line in book[title].iter_rows())
        return row[heading.index("Details")]

    assert reported("Contact data differ") == (
        "2 Oak Way, Clovis, 93612; (559) 555-0199 (834: 1 Elm Way, Fresno, 93701; (559) 555-0111)"
    )
    assert reported("Not reached") == "attempts: 1, the last on 2026-11-12, phone"
