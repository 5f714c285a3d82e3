"""A workbook may have a sheet of members and one of attempts: both are read, and every row has a number of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from parsers.tabular import TabularFile, read_tabular
from schemas.layout import load_layout
from schemas.problems import FileFault

Write = Callable[..., Path]
Cells = list[list[Any]]

NPI = "1234567893"
MEMBERS: Cells = [
    ["ECM Provider NPI", "CIN", "Last Name", "First Name", "ECM Status", "Population of Focus"],
    [NPI, "91234567B", "Canary", "Yellow", "Enrolled", "4"],
    [NPI, "91234568B", "Canary", "Green", None, None],
]
ATTEMPTS: Cells = [
    ["CIN", "Member Name", "Date of Attempt", "How", "Reached?", "Outcome"],
    ["91234567B", "Canary, Yellow", "2026-01-30", "Call", "N", "no answer"],
    ["91234567B", "Canary, Yellow", "2026-01-31", "Visit", "Y", "met at home"],
    ["91234568B", "Canary, Green", "2026-01-31", "by pigeon", "N", None],
]
NAMED: Cells = [["ECM Provider NPI", "Last Name", "First Name"] + ATTEMPTS[0]] + [
    [NPI, "Canary", "Yellow", *row] for row in ATTEMPTS[1:]
]
EMPTY: Cells = []


def read(path: Path) -> TabularFile:
    return read_tabular(path, load_layout("rtf_tabs"), name="returns")


def shape(file: TabularFile) -> list[tuple[str, str, list[int]]]:
    return [(sheet.layout.name, sheet.sheet, sheet.rows.index.tolist()) for sheet in file.sheets]


@pytest.mark.parametrize(
    "sheets",
    [
        {"RTF": MEMBERS, "OTF": ATTEMPTS},
        {"Read me": [["How to fill this in"]], "OTF": ATTEMPTS, "Lists": [["How"], ["Call"]], "RTF": MEMBERS},
        {"January": MEMBERS, "Calls": ATTEMPTS},
    ],
    ids=["as agreed", "among others and turned about", "renamed"],
)
def test_both_sheets_are_read_wherever_they_are_and_their_rows_are_numbered_through(
    sheets: dict[str, Cells], write_workbook: Write
) -> None:
    file = read(write_workbook(sheets))
    assert [(layout, rows) for layout, _, rows in shape(file)] == [("rtf_tabs", [1, 2]), ("otf_tab", [3, 4, 5])]
    members, attempts = file.sheets
    assert members.rows["pof"].tolist()[0] == "4"
    assert attempts.rows["attempt_method"].tolist() == ["PHONE", "IN_PERSON", "by pigeon"]
    assert attempts.lines.to_dict() == {3: 2, 4: 3, 5: 4}
    assert attempts.original.index.tolist() == [3, 4, 5]


def test_what_is_found_names_the_row_by_its_number_in_the_file(write_workbook: Write) -> None:
    members, attempts = read(write_workbook({"RTF": MEMBERS, "OTF": ATTEMPTS})).sheets
    assert members.examine(date(2026, 2, 1)).empty
    found = attempts.examine(date(2026, 2, 1))
    assert found[["row", "column", "code"]].to_numpy().tolist() == [[5, "attempt_method", "R12"]]


@pytest.mark.parametrize(
    ("sheets", "found"),
    [
        ({"RTF": MEMBERS}, [("rtf_tabs", "RTF", [1, 2])]),
        ({"Calls": NAMED}, [("otf_tab", "Calls", [1, 2, 3])]),
        ({"OTF": ATTEMPTS}, [("otf_tab", "OTF", [1, 2, 3])]),
        ({"RTF": MEMBERS, "OTF": ATTEMPTS[:1]}, [("rtf_tabs", "RTF", [1, 2]), ("otf_tab", "OTF", [])]),
        ({"RTF": MEMBERS[:1], "OTF": ATTEMPTS}, [("rtf_tabs", "RTF", []), ("otf_tab", "OTF", [1, 2, 3])]),
        ({"RTF": MEMBERS, "OTF": EMPTY}, [("rtf_tabs", "RTF", [1, 2])]),
    ],
    ids=["members alone", "attempts with names alone", "attempts alone", "no attempt", "no member", "a blank sheet"],
)
def test_either_sheet_may_be_missing_or_without_rows(
    sheets: dict[str, Cells], found: list[tuple[str, str, list[int]]], write_workbook: Write
) -> None:
    file = read(write_workbook(sheets))
    assert shape(file) == found
    assert [{*sheet.findings["code"]} - {"W03"} for sheet in file.sheets] == [set()] * len(found)


def test_a_workbook_without_any_row_says_so_once_for_each_sheet_and_a_third_sheet_with_data_is_told(
    write_workbook: Write,
) -> None:
    empty = read(write_workbook({"RTF": MEMBERS[:1], "OTF": ATTEMPTS[:1]}))
    assert {code for sheet in empty.sheets for code in sheet.findings["code"]} == {"F10"}
    file = read(write_workbook({"RTF": MEMBERS, "OTF": ATTEMPTS, "OTF old": ATTEMPTS}))
    assert file.findings[["column", "code"]].to_numpy().tolist() == [["sheet 3", "W07"]]


def test_a_sheet_that_is_named_as_one_is_told_when_its_headings_are_not_understood(write_workbook: Write) -> None:
    file = read(
        write_workbook({"RTF": MEMBERS, "OTF": [["Whom", "When"], ["91234567B", "yesterday"]], "Notes": [["x"]]})
    )
    assert shape(file) == [("rtf_tabs", "RTF", [1, 2])]
    assert file.findings[["column", "code"]].to_numpy().tolist() == [["sheet 2", "W07"]]


@pytest.mark.parametrize(("cells", "layout"), [(MEMBERS, "rtf_tabs"), (ATTEMPTS, "otf_tab")])
@pytest.mark.parametrize("delimiter", [",", "|"])
def test_a_text_file_is_the_one_or_the_other(cells: Cells, layout: str, delimiter: str, write_text: Write) -> None:
    file = read(write_text(cells, delimiter=delimiter))
    assert (file.layout.name, len(file.rows), file.further) == (layout, len(cells) - 1, None)


def test_what_is_neither_is_held_as_it_is_elsewhere(write_text: Write, referral: Any) -> None:
    with pytest.raises(FileFault, match="mini_mif"):
        read(write_text(referral({})))
    with pytest.raises(FileFault, match="F03"):
        read(write_text([["a", "b"], ["1", "2"]]))
