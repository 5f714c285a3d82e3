"""The sheet that a provider fills in: what it is given of it, and that it comes back as it was filled in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from parsers.tabular import TabularFile, read_tabular
from pipelines.config.contact import Contact
from pipelines.delivery.workbook import Edition, misdirected_return_sheet, render_return_sheet
from pipelines.delivery.workbook.return_sheet import ATTEMPTS, MEMBERS, SHEETS
from pipelines.returns.standings import STANDINGS
from schemas.assignment import COLUMN_NAMES
from schemas.layout import load_layout
from tests.pipelines.delivery.conftest import BRIDGE, EVENING, provider

ON = date(2026, 10, 28)
LAYOUT = load_layout("rtf_tabs")


def member(number: int) -> dict[str, str | None]:
    told = {
        "assignment_id": f"a{number}", "record_action": "ADD", "cin": f"9{number:07d}B", "last_name": f"L{number}",
        "first_name": "F", "ecm_provider_npi": BRIDGE, "ecm_provider_name": "Bridgelight", "mcp_id": "SHP",
        "mcp_name": "Sample Health Plan", "plan_member_id": f"000{number}", "authorization_number": f"00{number}",
        "pof_justice_involved": "Y", "pof_homelessness": "Y", "pof_ccs": "N",
    }  # fmt: skip
    return dict.fromkeys(COLUMN_NAMES) | told


def sheet_of(*numbers: int) -> bytes:
    contact = Contact(name="The liaison", phone="559-555-0100")
    members = [member(number) for number in numbers]
    return render_return_sheet(
        Edition(provider(BRIDGE), ON, "FULL", None, [], {}, members, {}, tuple(COLUMN_NAMES), contact)
    )


def come_back(content: bytes, folder: Path, **cells: dict[str, Any]) -> TabularFile:
    """Fill in cells as a clinic does, save, and read what is returned."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name, filled in cells.items():
        for cell, value in filled.items():
            book[name][cell] = value
    path = folder / f"ECM_RETURN_{BRIDGE}_20261028.xlsx"
    book.save(path)
    return read_tabular(path, LAYOUT, name=path.name)


def place(sheet: str, column: str, line: int) -> str:
    layout = dict(zip((MEMBERS, ATTEMPTS), LAYOUT.sheet_layouts, strict=True))[sheet]
    return f"{openpyxl.utils.get_column_letter(layout.column_names.index(column) + 1)}{line}"


def test_an_untouched_sheet_that_comes_back_is_accepted_and_reports_nothing(tmp_path: Path) -> None:
    came = come_back(sheet_of(1, 2), tmp_path)
    assert came.examine(ON).empty
    assert came.further is not None
    assert (len(came.further.rows), came.further.examine(ON).empty) == (0, True)
    given = {"ecm_provider_npi", "ecm_provider_name", "cin", "plan_member_id", "last_name", "first_name", "pof",
             "authorization_number"}  # fmt: skip
    assert {name for name in came.rows if came.rows[name].notna().any()} == given
    assert came.rows["cin"].to_list() == ["90000001B", "90000002B"]
    assert came.rows["plan_member_id"].to_list() == ["0001", "0002"], "identifiers keep their zeros"
    assert came.rows["pof"].to_list() == ["homelessness; Leaving incarceration"] * 2


def test_what_a_clinic_fills_in_comes_back_as_it_was_meant(tmp_path: Path) -> None:
    filled = {
        "ecm_status": "Enrolled", "ecm_benefit_start": date(2026, 10, 20), "new_phone_indicator": "Y",
        "phone": "559 555 0142", "lead_care_manager_name": "Ardith Zorvath", "in_person_count": 2,
    }  # fmt: skip
    tried = {
        "cin": "90000002B", "attempt_date": date(2026, 10, 21), "attempt_method": "PHONE", "attempt_successful": "N",
        "contact_outcome": "no answer",
    }  # fmt: skip
    came = come_back(
        sheet_of(1, 2),
        tmp_path,
        RTF={place(MEMBERS, name, 5): value for name, value in filled.items()},
        OTF={place(ATTEMPTS, name, 5): value for name, value in tried.items()},
    )
    assert came.further is not None
    assert came.examine(ON).empty
    assert came.further.examine(ON).empty
    told = came.rows.iloc[0]
    assert {name: told[name] for name in filled} == filled | {
        "ecm_benefit_start": "2026-10-20", "phone": "(559) 555-0142", "in_person_count": "2",
    }  # fmt: skip
    attempt = came.further.rows.iloc[0]
    assert {name: attempt[name] for name in tried} == tried | {"attempt_date": "2026-10-21"}


def test_codes_are_chosen_from_lists_dates_are_dates_and_a_status_may_be_one_s_own_word() -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet_of(1, 2)))
    assert tuple(book.sheetnames) == SHEETS

    def rule(sheet: str, column: str) -> Any:
        cell = place(sheet, column, 6)
        return next(each for each in book[sheet].data_validations.dataValidation if cell in each.sqref)

    assert rule(MEMBERS, "new_phone_indicator").formula1 == '"Y,N"'
    assert rule(ATTEMPTS, "attempt_method").formula1 == '"IN_PERSON,PHONE,TEXT,EMAIL,VIDEO,MAIL,OTHER"'
    assert (
        rule(ATTEMPTS, "cin").formula1 == f"{MEMBERS}!${place(MEMBERS, 'cin', 5)[0]}$5:${place(MEMBERS, 'cin', 6)[0]}$6"
    )
    assert (rule(MEMBERS, "care_plan_date").type, rule(ATTEMPTS, "attempt_date").type) == ("date", "date")
    status = rule(MEMBERS, "ecm_status")
    assert not status.showErrorMessage
    known = {word for words in STANDINGS.values() for word in words}
    assert {word.casefold() for word in status.formula1.strip('"').split(",")} <= known


def test_the_same_members_give_the_same_bytes_and_no_cell_is_a_formula() -> None:
    content = sheet_of(1, 2)
    assert content == sheet_of(2, 1)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())
    assert sheet_of() != content, "a provider without members gets an empty one"


@pytest.mark.parametrize(
    ("own", "told", "verdict"),
    [
        ((1, 2), (1, 2), ""),
        ((1, 2), (1,), "a row"),
        ((1,), (1, 2), "a row"),
        ((1, 3), (1, 2), "a row"),
        ((1, 1), (1,), "a row"),
    ],
)
def test_a_return_sheet_has_a_row_for_each_member_of_its_full_file_and_for_nobody_else(
    own: Sequence[int], told: Sequence[int], verdict: str
) -> None:
    rows = [(f"a{number}", f"9{number:07d}B", BRIDGE, "ADD") for number in told]
    assert misdirected_return_sheet(sheet_of(*own), rows, BRIDGE) == verdict
    assert misdirected_return_sheet(sheet_of(*own), rows, EVENING) == "a row"
    assert misdirected_return_sheet(b"", rows, BRIDGE) == "the return sheet"


def test_it_goes_with_the_full_file_and_is_accounted_for(make_world: Any) -> None:
    world = make_world(provider(BRIDGE, formats=("csv", "return_sheet"), full_day="THU"))
    gone = world.assign(1, BRIDGE)
    world.assign(2, BRIDGE)
    world.prepare(ON)
    assert not any("RETURN" in name for name in world.post(ON))
    thursday = ON + timedelta(days=1)
    world.end(gone, on=thursday)
    world.prepare(thursday)
    sheet = f"ECM_RETURN_{BRIDGE}_20261029.xlsx"
    full = f"ECM_ASSIGNMENT_{BRIDGE}_20261029_02_FULL"
    assert world.post(thursday)[-3:] == [f"{full}.csv", sheet, f"{full}.manifest.json"]
    assert [each["name"] for each in world.manifest(f"{full}.manifest.json")["files"]] == [f"{full}.csv", sheet]
    _, _, _, heading, *lines = openpyxl.load_workbook(io.BytesIO(world._content(sheet)))[MEMBERS].iter_rows(
        values_only=True
    )
    cins = {line[heading.index("CIN")] for line in lines}
    assert cins == {"90000002B"}
    disclosed = world.warehouse.rows("SELECT cin FROM delivery.disclosures WHERE file = $name", {"name": sheet})
    assert {cin for (cin,) in disclosed} == cins


def test_another_one_of_a_day_on_which_one_was_seen_has_a_name_of_its_own(make_world: Any) -> None:
    world = make_world(provider(BRIDGE, formats=("csv", "return_sheet"), full_day="WED"))
    world.assign(1, BRIDGE)
    world.prepare(ON)
    world.post(ON, fails=lambda parcel: "RETURN" in parcel.name or "FULL" in parcel.name)
    world.drop(BRIDGE)
    world.assign(2, BRIDGE)
    world.prepare(ON)
    assert [name for name in world.post(ON) if "RETURN" in name] == [f"ECM_RETURN_{BRIDGE}_20261028_03.xlsx"]


def test_one_with_a_stranger_in_it_holds_all_of_the_night(make_world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world(provider(BRIDGE, formats=("csv", "return_sheet"), full_day="WED"))
    world.assign(1, BRIDGE)

    def with_a_stranger(edition: Edition) -> bytes:
        return render_return_sheet(replace(edition, members=[*edition.members, member(9)]))

    monkeypatch.setattr("pipelines.delivery.documents.render_return_sheet", with_a_stranger)
    world.prepare(ON)
    assert {(status, reason) for _, status, reason in world.outbox(BRIDGE)} == {("HELD", "G01")}
