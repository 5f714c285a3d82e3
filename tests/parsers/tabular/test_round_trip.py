"""The same rows in every dress that partners give them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from parsers.tabular import TabularFile, read_tabular
from schemas.layout import available_layouts, load_layout

Write = Callable[..., Path]


@pytest.mark.parametrize("kind", available_layouts())
@pytest.mark.parametrize(("dress", "heading"), [("comma", 0), ("workbook", -1)])
def test_every_column_of_every_layout_comes_through(
    kind: str, heading: int, dress: str, full_row: Any, write_text: Write, write_workbook: Write
) -> None:
    layout = load_layout(kind)
    row = full_row(layout)
    headings = [column.headings[heading] for column in layout.columns]
    path = (write_text if dress == "comma" else write_workbook)([headings, list(row.values())])
    file = read_tabular(path, layout, name="x")
    assert file.findings.empty
    assert file.headings == tuple(headings)
    assert file.rows.to_dict("records") == [row]
    assert list(file.rows.columns) == list(layout.column_names)


TITLES = [["County of Fresno"], [], ["Referrals", "January 2026"]]


def american(cell: str) -> str:
    return {"2026-01-31": "01/31/2026", "1990-02-03": "2/3/1990"}.get(cell, cell)


def as_date_cell(cell: str) -> object:
    return datetime.fromisoformat(cell) if cell.count("-") == 2 else cell


def as_serial_since_1904(cell: str) -> object:
    return {"2026-01-31": 44591, "1990-02-03": 31445}.get(cell, cell)


def each(cells: list[list[str]], change: Callable[[str], object]) -> list[list[object]]:
    return [[change(cell) for cell in row] for row in cells]


def misspelt(heading: str) -> str:
    return heading.replace("Referral", "Referal").upper() + " *"


TEXT_DRESSES: dict[str, Callable[[Write, Any], Path]] = {
    "comma": lambda write, cells: write(cells),
    "pipe": lambda write, cells: write(cells, delimiter="|"),
    "tab": lambda write, cells: write(cells, delimiter="\t"),
    "semicolon": lambda write, cells: write(cells, delimiter=";"),
    "UTF-8 with mark": lambda write, cells: write(cells, encoding="utf-8-sig"),
    "UTF-16": lambda write, cells: write(cells, encoding="utf-16", delimiter="\t"),
    "title rows": lambda write, cells: write(TITLES + cells),
    "misspelt headings": lambda write, cells: write([[misspelt(heading) for heading in cells[0]], *cells[1:]]),
    "months first": lambda write, cells: write(each(cells, american)),
    "blank rows": lambda write, cells: write([cells[0], [""] * 11, *cells[1:], [" "] * 11, [""] * 11]),
    "unix lines": lambda write, cells: write("\n".join(",".join(f'"{cell}"' for cell in row) for row in cells)),
    "columns moved": lambda write, cells: write([list(reversed(row)) for row in cells]),
}
WORKBOOK_DRESSES: dict[str, Callable[[Write, Any], Path]] = {
    "extra tabs": lambda write, cells: write({"Readme": [["How"]], "List": TITLES + cells, "Codes": [["JAIL"]]}),
    "true dates": lambda write, cells: write(each(cells, as_date_cell)),
    "true dates since 1904": lambda write, cells: write(each(cells, as_date_cell), date_1904=True),
    "serials since 1904": lambda write, cells: write(each(cells, as_serial_since_1904), date_1904=True),
    "inline strings": lambda write, cells: write(cells, constant_memory=True),
}


@pytest.mark.parametrize("dress", [*TEXT_DRESSES, *WORKBOOK_DRESSES])
def test_a_referral_file_reads_the_same_in_every_dress(
    dress: str, read: Callable[[Path], TabularFile], referral: Any, write_text: Write, write_workbook: Write
) -> None:
    cells = referral({}, {"Referral ID": "R-2", "Notes": "two\nlines, and a | and a ; and a \t"}, {"CIN": ""})
    is_text = dress in TEXT_DRESSES
    path = TEXT_DRESSES[dress](write_text, cells) if is_text else WORKBOOK_DRESSES[dress](write_workbook, cells)
    file = read(path)
    assert file.findings.empty
    names = ["referral_id", "record_action", "referral_received_date", "referral_source_type", "cin", "last_name",
             "first_name", "dob", "phone", "pof_justice_involved", "notes"]  # fmt: skip
    expected = referral({}, {"Referral ID": "R-2", "Notes": "two\nlines, and a | and a ; and a"}, {"CIN": None})[1:]
    frame = pd.DataFrame(expected, columns=names, dtype="str", index=pd.RangeIndex(1, 4, name="row"))
    pd.testing.assert_frame_equal(file.rows[names], frame)
    assert file.rows.drop(columns=names).isna().all(axis=None)
    assert file.examine(date(2026, 3, 2)).empty


def test_lines_lead_back_to_the_senders_file(
    read: Callable[[Path], TabularFile], referral: Any, write_text: Write, write_workbook: Write
) -> None:
    cells = [["Title"], *referral({"Notes": "two\nlines"}, {}), [""] * 11, referral({})[1]]
    assert read(write_text(cells)).lines.tolist() == [3, 5, 7]
    assert read(write_workbook(cells)).lines.tolist() == [3, 4, 6]


def test_a_file_that_comes_back_corrected_is_rid_of_the_columns_its_response_appended(
    read: Callable[[Path], TabularFile], referral: Any, write_text: Write, write_workbook: Write
) -> None:
    header, row = referral({})
    appended = ["error_code", "error_column", "error_severity", "error_text"]
    plain = read(write_text([header, row]))
    for write in (write_text, write_workbook):
        back = read(write([[*header, *appended], [*row, "R01", "cin", "REJECT", "the CIN is missing"]]))
        assert back.headings == plain.headings
        pd.testing.assert_frame_equal(back.original, plain.original)
        pd.testing.assert_frame_equal(back.rows, plain.rows)
        assert back.findings.empty
