"""Who works in a spreadsheet program gets a workbook back, and the same workbook mended is taken."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from itertools import product
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from parsers.tabular import TabularFile, read_tabular
from pipelines.responses.found import Told
from pipelines.responses.workbook import workbook_of
from schemas.layout import load_layout
from tests.pipelines.responses.desk import APPENDED, BAD_CIN, BAD_CODE, GOOD, HEADING, Desk, a_list

STEM = "PROBATION_REFERRALS_20261028"
TITLES = [["County Probation"], [], ["Referrals", "October"]]
RECEIVED, DOB = HEADING.index("Referral Received Date"), HEADING.index("DOB")


def sent(*rows: tuple[str, ...], date_1904: bool = False, sheets: tuple[str, ...] = ("Referrals",)) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "date_1904": date_1904})
    day = book.add_format({"num_format": "mm/dd/yyyy"})
    for name, (line, cells) in product(sheets, enumerate([*TITLES, HEADING, *rows])):
        page = book.get_worksheet_by_name(name) or book.add_worksheet(name)
        for place, cell in enumerate(cells):
            if place in {RECEIVED, DOB} and "/" in cell:
                as_day = datetime.strptime(cell, "%m/%d/%Y")  # noqa: DTZ007 - a cell knows no zone
                # A serial number without the look of a date, as it comes out of other programs.
                page.write_datetime(line, place, as_day, day if place == DOB else None)
            else:
                page.write_string(line, place, cell)
    book.close()
    return target.getvalue()


def read(content: bytes, folder: Path) -> TabularFile:
    path = folder / "landed"
    path.write_bytes(content)
    return read_tabular(path, load_layout("mini_mif"), name="x")


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_a_sheet_with_data_that_was_not_read_is_something_to_do(desk: Desk) -> None:
    desk.enroll(GOOD[0])
    desk.receive(f"{STEM}.xlsx", sent(GOOD, sheets=("Referrals", "More referrals")))
    answer = desk.summary(f"{STEM}.response.json")
    assert (answer["status"], answer["rows_read"], [each["code"] for each in answer["warnings"]]) == (
        "ACCEPTED",
        1,
        ["W07"],
    )
    assert answer["what_to_do"] == (
        "A sheet with data was not read: see the warnings. Keep the data on one sheet. "
        "Every row that was read was taken."
    )


def test_a_workbook_is_answered_by_one_with_its_titles_sheet_and_dates(desk: Desk) -> None:
    desk.receive(f"{STEM}.xlsx", sent(GOOD, BAD_CIN, BAD_CODE))
    page = opened(desk.answers()[f"{STEM}.response.xlsx"])["Referrals"]
    rows = [list(row) for row in page.iter_rows()]
    assert [row[0].value for row in rows[:3]] == ["County Probation", None, "Referrals"]
    assert [cell.value for cell in rows[3]] == [*HEADING, *APPENDED]
    assert rows[4][DOB].value == datetime(1990, 1, 31)  # noqa: DTZ001 - as above
    assert rows[4][RECEIVED].value == datetime(2026, 10, 27)  # noqa: DTZ001
    assert (rows[4][0].value, rows[4][0].number_format) == ("90000001B", "@")
    assert page.freeze_panes == "A5"
    assert desk.summary(f"{STEM}.response.json")["send_back"]["name"] == f"{STEM}.response.xlsx"


def test_the_cells_that_a_finding_speaks_of_stand_out(desk: Desk) -> None:
    desk.receive(f"{STEM}.xlsx", sent(GOOD, BAD_CIN))
    page = opened(desk.answers()[f"{STEM}.response.xlsx"])["Referrals"]
    coloured = [
        place for place, cell in enumerate(list(page.iter_rows())[5]) if cell.fill.fgColor.rgb not in {"00000000", None}
    ]
    assert coloured == [HEADING.index("CIN Number"), *range(len(HEADING), len(HEADING) + len(APPENDED))]


def test_the_workbook_mended_is_taken_and_linked(desk: Desk) -> None:
    desk.receive(f"{STEM}.xlsx", sent(GOOD, BAD_CIN), pattern="PROBATION_REFERRALS_*.xlsx")
    book = opened(desk.answers()[f"{STEM}.response.xlsx"])
    book["Referrals"].cell(6, 1).value = "90000002B"
    target = io.BytesIO()
    book.save(target)
    desk.receive(f"{STEM}.response.xlsx", target.getvalue())
    assert desk.warehouse.rows("SELECT row_no, corrects_row_no FROM ledger.corrections ORDER BY ALL")[-1] == (2, 2)
    assert desk.warehouse.rows("SELECT status FROM ledger.files ORDER BY arrival") == [
        ("ACCEPTED_WITH_ERRORS",), ("ACCEPTED",),
    ]  # fmt: skip


def test_a_text_file_is_answered_by_a_workbook_where_its_sender_asks(desk: Desk, tmp_path: Path) -> None:
    desk.receive(f"{STEM}.csv", a_list(GOOD, BAD_CIN))
    assert f"{STEM}.response.xlsx" not in desk.answers()
    desk.receive(f"{STEM}_2.csv", a_list(GOOD, BAD_CODE), response_workbook=True)
    answers = desk.answers()
    by_text, by_book = (read(answers[f"{STEM}_2.response.{kind}"], tmp_path) for kind in ("csv", "xlsx"))
    pd.testing.assert_frame_equal(by_text.rows, by_book.rows)


@pytest.mark.parametrize(
    "name", ["Referrals of the county probation department", "Jail [north]", "'Referrals'", "a/b: c?"]
)
def test_whatever_its_sheet_is_called_a_workbook_is_answered(desk: Desk, name: str) -> None:
    desk.receive(f"{STEM}.xlsx", called(name, sent(GOOD, BAD_CIN)), response_workbook=True)
    (page,) = opened(desk.answers()[f"{STEM}.response.xlsx"]).worksheets
    assert [cell.value for cell in list(page.iter_rows())[3]] == [*HEADING, *APPENDED]
    assert page.title == re.sub(r"[\[\]/:?]|^'|'$", "_", name[:31])


def called(name: str, content: bytes) -> bytes:
    """Give the sheet of a workbook a name that other programs let pass."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(target, "w") as made:
        for part in given.namelist():
            made.writestr(part, given.read(part).replace(b'name="Referrals"', f'name="{name}"'.encode()))
    return target.getvalue()


def test_days_counted_from_1904_are_the_same_days_in_every_answer(desk: Desk, tmp_path: Path) -> None:
    desk.receive(f"{STEM}.xlsx", sent(GOOD, date_1904=True))
    answers = desk.answers()
    for kind in ("csv", "xlsx"):
        back = read(answers[f"{STEM}.response.{kind}"], tmp_path)
        assert back.rows[["dob", "referral_received_date"]].to_numpy().tolist() == [["1990-01-31", "2026-10-27"]]


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    table = read(sent(GOOD, BAD_CIN), tmp_path)
    told = {2: Told("R02", "cin", "REJECT", "mend it")}
    first, second = (workbook_of([(table, told)], "0" * 32, "x", date(2026, 10, 28)) for _ in range(2))
    assert first == second
