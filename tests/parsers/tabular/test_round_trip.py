"""The same rows in every dress that partners give them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from parsers.tabular import TabularFile, read_tabular
from schemas.layout import KINDS, Layout, load_layout

Write = Callable[..., Path]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("heading", [0, -1], ids=["first heading", "last heading"])
@pytest.mark.parametrize("dress", ["comma", "workbook"])
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


@pytest.fixture
def dressed(
    request: pytest.FixtureRequest, referral: Any, write_text: Write, write_workbook: Write, rewrite: Write
) -> Path:
    cells = referral({}, {"Referral ID": "R-2", "Notes": "two\nlines, and a | and a ; and a \t"}, {"CIN": ""})
    match request.param:
        case "pipe" | "tab" | "semicolon" as name:
            return write_text(cells, delimiter={"pipe": "|", "tab": "\t", "semicolon": ";"}[name])
        case "utf-8-sig" | "utf-16" as encoding:
            return write_text(cells, encoding=encoding, delimiter="\t")
        case "title rows":
            return write_text(TITLES + cells)
        case "misspelt headings":
            return write_text([[h.replace("Referral", "Referal").upper() + " *" for h in cells[0]], *cells[1:]])
        case "months first":
            american = {"2026-01-31": "01/31/2026", "1990-02-03": "2/3/1990"}
            return write_text([[american.get(cell, cell) for cell in row] for row in cells])
        case "blank rows":
            return write_text([cells[0], [""] * 11, *cells[1:], [" "] * 11, [""] * 11])
        case "unix lines":
            return write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in cells))
        case "columns moved":
            return write_text([list(reversed(row)) for row in cells])
        case "workbook, title rows, extra tab":
            return write_workbook({"Readme": [["How to"]], "Referrals": TITLES + cells, "Codes": [["JAIL"]]})
        case "workbook, true dates":
            days = {"2026-01-31": datetime(2026, 1, 31), "1990-02-03": datetime(1990, 2, 3)}  # noqa: DTZ001
            return write_workbook([[days.get(cell, cell) for cell in row] for row in cells])
        case "workbook since 1904":
            days = {"2026-01-31": datetime(2026, 1, 31), "1990-02-03": datetime(1990, 2, 3)}  # noqa: DTZ001
            return write_workbook([[days.get(cell, cell) for cell in row] for row in cells], date_1904=True)
        case "workbook since 1904, serials":
            days = {"2026-01-31": 44591, "1990-02-03": 31445}
            return write_workbook([[days.get(cell, cell) for cell in row] for row in cells], date_1904=True)
        case "workbook, wrong dimension":
            path = write_workbook(cells)
            return rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'"A1:K4"', b'"A1:B2"'))
    raise AssertionError(request.param)


@pytest.mark.parametrize(
    "dressed",
    [
        "pipe", "tab", "semicolon", "utf-8-sig", "utf-16", "title rows", "misspelt headings", "months first",
        "blank rows", "unix lines", "columns moved", "workbook, title rows, extra tab", "workbook, true dates",
        "workbook since 1904", "workbook since 1904, serials", "workbook, wrong dimension",
    ],
    indirect=True,
)  # fmt: skip
def test_a_referral_file_reads_the_same_in_every_dress(
    dressed: Path, read: Callable[[Path], TabularFile], referral: Any, referrals: Layout
) -> None:
    file = read(dressed)
    assert file.findings.empty
    names = ["referral_id", "record_action", "referral_received_date", "referral_source_type", "cin", "last_name",
             "first_name", "dob", "phone", "pof_justice_involved", "notes"]  # fmt: skip
    expected = referral({}, {"Referral ID": "R-2", "Notes": "two\nlines, and a | and a ; and a"}, {"CIN": None})[1:]
    frame = pd.DataFrame(expected, columns=names, dtype="str", index=pd.RangeIndex(1, 4, name="row"))
    pd.testing.assert_frame_equal(file.rows[names], frame)
    assert file.rows.drop(columns=names).isna().all(axis=None)
    assert file.examine(date(2026, 3, 2))["severity"].isin(["WARN"]).all()


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
