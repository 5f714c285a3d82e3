"""A month's assignments held against what providers returned for it: missing, extra, differing, or nothing at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipelines.directory import Section
from pipelines.reporting.months import Month
from pipelines.reporting.operations import reconciliation

NOVEMBER = Month.named("2026-11")


def rows(section: Section) -> list[dict[str, Any]]:
    return [dict(zip(section.columns, row, strict=True)) for row in section.rows]


def reconciled(plan: Any, npi: str | None = None, month: Month = NOVEMBER) -> tuple[dict[str, Any], list[Any]]:
    """Figures by NPI, and the findings as provider, member, finding and field."""
    figures, findings = reconciliation(plan.exchange.warehouse, month, npi)
    told = [(each["npi"], each["cin"], each["finding"], each["what"]) for each in rows(findings)]
    return {each["npi"]: each for each in rows(figures)}, told


@pytest.fixture
def assigned(plan: Any, person: Any, a_provider: Any) -> Any:
    """A plan whose first provider has had four members since October; its fifth left then, the second has nobody."""
    exchange = plan.exchange
    exchange.providers(a_provider(1), a_provider(2, counties=("Kings",)))
    for number in range(1, 6):
        exchange.seen("2026-10-05", person(number), exchange.coverage("2026-10", "01", ji=True), sequence=number)
    plan.night("2026-10-06")
    exchange.seen("2026-10-20", person(5), exchange.coverage("2026-10", "00", ji=True))
    plan.night("2026-10-21")
    return plan


def returned(
    plan: Any, cin: str, provider: Any, on: str = "2026-12-05", period: str | None = "2026-11", **columns: Any
) -> None:
    exchange = plan.exchange
    file = exchange.file(on, kind="rtf", source=f"rtf_{provider.npi}", name=f"rtf-{provider.npi}-{on}-{exchange.rows}")
    told = {"last_name": f"Quillon{cin}", "first_name": "ARDITH", "rtf_reporting_period": period}
    exchange.returned(file, cin, provider.npi, **told | columns)


def test_missing_extra_and_differing_members_are_told_and_who_agrees_is_not(
    assigned: Any, person: Any, a_provider: Any
) -> None:
    first = a_provider(1)
    returned(assigned, person(1), first)
    returned(
        assigned, person(2), first, authorization_number="ECM-OTHER", pof_justice_involved="N", last_name="Anders",
        ecm_status="Disenrolled", discontinuation_date=date(2026, 11, 20),
    )  # fmt: skip
    returned(assigned, person(3), first, period="2026-10", on="2026-11-05")
    returned(assigned, person(5), first, ecm_status="Enrolled")
    figures, findings = reconciled(assigned)
    assert findings == [
        *[(first.npi, person(2), "DIFFERS", what) for what in (
            "AUTHORIZATION_NUMBER", "DISCONTINUED", "JUSTICE_INVOLVED", "LAST_NAME",
        )],
        (first.npi, person(5), "EXTRA", "NOT_ASSIGNED"),
        (first.npi, person(3), "MISSING", "ASSIGNED_ALL_MONTH"),
        (first.npi, person(4), "MISSING", "ASSIGNED_ALL_MONTH"),
    ]  # fmt: skip
    counts = {"assigned": 4, "reported": 3, "alike": 1, "missing": 2, "extra": 1, "differing": 1}
    assert {name: figures[first.npi][name] for name in counts} == counts
    (_, ours) = reconciliation(assigned.exchange.warehouse, NOVEMBER, first.npi)
    extra = next(each for each in rows(ours) if each["finding"] == "EXTRA")
    assert (extra["ours"], extra["theirs"]) == ("assigned until 2026-10-21", "Enrolled")
    october, _ = reconciled(assigned, month=Month.named("2026-10"))
    assert (october[first.npi]["assigned"], october[first.npi]["reported"]) == (5, 1)


def test_of_whoever_returned_nothing_that_is_said_and_no_member_is_listed(assigned: Any, a_provider: Any) -> None:
    figures, findings = reconciled(assigned)
    assert findings == []
    told = figures[a_provider(1).npi]
    assert (told["assigned"], told["missing"], told["remark"]) == (4, 4, "nothing was returned for this month")


def test_one_provider_s_reconciliation_has_no_row_of_another(assigned: Any, person: Any, a_provider: Any) -> None:
    first, second = a_provider(1), a_provider(2)
    assigned.exchange.decision(person(4), second.npi, "2026-11-10")
    assigned.night("2026-11-11")
    returned(assigned, person(1), first)
    returned(assigned, person(4), first, authorization_number="ECM-OTHER")
    returned(assigned, person(3), second)
    figures, findings = reconciled(assigned, second.npi)
    assert figures.keys() == {second.npi}
    assert findings == [
        (second.npi, person(3), "EXTRA", "NOT_ASSIGNED"),
        (second.npi, person(4), "MISSING", "ASSIGNED_PART_OF_IT"),
    ]
    (_, theirs) = reconciliation(assigned.exchange.warehouse, NOVEMBER, second.npi)
    assert first.npi not in str(rows(theirs))


@pytest.mark.parametrize(
    ("period", "on", "counts"),
    [
        ("November 2026", "2026-12-05", True), ("11/2026", "2026-12-05", True), ("202611", "2026-12-05", True),
        ("2026-11-01 - 2026-11-30", "2026-12-05", True), ("2026-10", "2026-12-05", False),
        ("monthly", "2026-12-05", True), (None, "2026-12-13", True), (None, "2026-11-13", False),
        (None, "2026-11-20", True),
    ],
)  # fmt: skip
def test_a_row_is_of_the_month_it_names_else_of_the_one_a_fortnight_before(
    plan: Any, person: Any, a_provider: Any, period: str | None, on: str, counts: Any
) -> None:
    returned(plan, person(1), a_provider(1), on=on, period=period)
    figures, _ = reconciled(plan)
    assert (a_provider(1).npi in figures) is counts


def test_the_newest_row_of_a_month_counts_in_whatever_order_files_came(
    assigned: Any, person: Any, a_provider: Any
) -> None:
    returned(assigned, person(1), a_provider(1), on="2026-12-09")
    returned(assigned, person(1), a_provider(1), on="2026-12-05", pof_justice_involved="N")
    _, findings = reconciled(assigned)
    assert [finding for finding in findings if finding[1] == person(1)] == []


def test_rows_that_were_refused_are_counted(plan: Any, a_provider: Any) -> None:
    warehouse, npi = plan.exchange.warehouse, a_provider(1).npi
    file = plan.exchange.file("2026-12-05", kind="rtf", source="rtf", name="refused")
    warehouse.run("UPDATE ledger.files SET reporting_npi = $npi WHERE file_id = 'refused'", {"npi": npi})
    for row in (1, 2):
        warehouse.run(
            """INSERT INTO quarantine.rows BY NAME
               SELECT $file AS file_id, $row AS row, 'cin' AS column_name, 'R19' AS code, 'REJECT' AS severity""",
            {"file": file.file_id, "row": row},
        )
    figures, findings = reconciled(plan)
    assert findings == []
    assert (figures[npi]["refused"], figures[npi]["remark"]) == (2, "every row returned for this month was refused")
