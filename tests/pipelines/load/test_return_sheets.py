"""A return sheet that a provider was given, filled in and returned: its rows become facts, and nothing else does."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from pipelines.config import Source
from pipelines.delivery.workbook import Edition, render_return_sheet
from schemas.assignment import COLUMN_NAMES
from tests.pipelines.delivery.conftest import provider
from tests.pipelines.load.test_returns import MINE, ON, OURS, THEIRS, load, ours, told

assert ours  # the fixture: members of two providers, and what the first returns


def given(*cins: str) -> bytes:
    """A sheet as the provider finds it, with these people as its members."""
    members = [
        dict.fromkeys(COLUMN_NAMES)
        | {
            "assignment_id": cin, "record_action": "ADD", "cin": cin, "last_name": f"ZORVATH{cin[-2:]}",
            "first_name": "ARDITH", "ecm_provider_npi": OURS, "ecm_provider_name": "Bridgelight",
            "pof_justice_involved": "Y",
        }
        for cin in cins
    ]  # fmt: skip
    return render_return_sheet(Edition(provider(OURS), ON, "FULL", None, [], {}, members, {}))


def filled(content: bytes, **cells: dict[str, Any]) -> bytes:
    """Write below headings of a sheet, into its first row, and save."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name, values in cells.items():
        places = {cell.value: cell.column for cell in book[name][4]}
        for heading, value in values.items():
            book[name].cell(5, places[heading], value)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.fixture
def plan_of_sheets(ours: Any) -> Any:
    server = ours.config.sources[0].model_dump(include={"host", "port", "username", "key_file", "known_hosts"})
    sheets = Source(name="sheets", kind="rtf", layout="rtf_tabs", folder="/", pattern="*", provider=OURS, **server)
    ours.config = ours.config.model_copy(update={"sources": (*ours.config.sources, sheets)})
    return ours


def test_what_was_filled_in_becomes_facts(plan_of_sheets: Any) -> None:
    status = {"ECM Status": "Enrolled", "ECM Benefit Start": date(2026, 10, 20)}
    attempt = {"CIN": MINE, "Date of Attempt": date(2026, 10, 21), "How": "PHONE", "Reached?": "Y", "Outcome": "spoke"}
    plan_of_sheets.receive("sheets", f"ECM_RETURN_{OURS}_20261028.xlsx", filled(given(MINE), RTF=status, OTF=attempt))
    load(plan_of_sheets)
    assert plan_of_sheets.files() == [("ACCEPTED", "", 2, 2, 0, 0)]
    assert plan_of_sheets.warehouse.rows(
        "SELECT cin, ecm_status, ecm_benefit_start FROM facts.return_transmissions"
    ) == [(MINE, "Enrolled", date(2026, 10, 20))]
    assert plan_of_sheets.warehouse.rows("SELECT cin, attempt_date, attempt_method FROM facts.outreach_attempts") == [
        (MINE, date(2026, 10, 21), "PHONE")
    ]


def test_an_untouched_sheet_is_accepted_without_a_word(plan_of_sheets: Any) -> None:
    plan_of_sheets.receive("sheets", f"ECM_RETURN_{OURS}_20261028.xlsx", filled(given(MINE)))
    load(plan_of_sheets)
    assert plan_of_sheets.files() == [("ACCEPTED", "", 1, 1, 0, 0)]
    assert told(plan_of_sheets) == []
    assert plan_of_sheets.count("facts.outreach_attempts") == 0


def test_a_row_about_somebody_else_is_refused_though_it_stands_on_the_provider_s_sheet(plan_of_sheets: Any) -> None:
    plan_of_sheets.receive("sheets", f"ECM_RETURN_{OURS}_20261028.xlsx", filled(given(MINE, THEIRS)))
    load(plan_of_sheets)
    assert [(code, original) for _, _, code, original in told(plan_of_sheets)] == [("R19", None)]
