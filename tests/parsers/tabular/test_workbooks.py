"""Workbooks as they should not be, hostile ones among them: rows or an F01, soon and within bounds."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from parsers.tabular import TabularFile, workbook
from schemas.problems import FileFault

Write = Callable[..., Path]
Read = Callable[[Path], TabularFile]
Told = Callable[..., set[tuple[int, str, str]]]

SHEET = "xl/worksheets/sheet1.xml"


def refusal(read: Read, path: Path) -> str:
    with pytest.raises(FileFault) as held:
        read(path)
    assert held.value.code == "F01"
    assert held.value.__cause__ is None
    return held.value.what


def test_numbers_dates_and_times_become_text_without_loss(read: Read, referral: Any, write_workbook: Write) -> None:
    header, row = referral({"Phone": 5595550123, "Referral ID": 123456789012345, "Justice Involved": True})
    file = read(write_workbook([[*header, "A", "B", "C", "D"], [*row, 9.5, 0.1 + 0.2, -3, 1e15]]))
    assert file.original.loc[1, [0, 8, 9]].tolist() == ["123456789012345", "5595550123", "TRUE"]
    assert file.original.loc[1, 11:].tolist() == ["9.5", "0.3", "-3", "1000000000000000"]
    assert file.rows.loc[1, ["referral_id", "phone", "pof_justice_involved"]].tolist() == [
        "123456789012345", "(559) 555-0123", "Y",
    ]  # fmt: skip


def test_text_that_looks_like_a_formula_or_number_stays_text(read: Read, referral: Any, write_workbook: Write) -> None:
    names = ["=cmd|' /C calc'!A0", "NA", "007", "1e5"]
    assert read(write_workbook(referral(*({"Last Name": name} for name in names)))).rows["last_name"].tolist() == names


def test_an_empty_workbook_and_a_header_alone_have_no_rows_and_say_so(
    read: Read, referral: Any, write_workbook: Write, told: Told
) -> None:
    for sheets in ({"One": [], "Two": []}, {"One": referral()}):
        file = read(write_workbook(sheets))
        assert (len(file.rows), told(file.findings)) == (0, {(-1, "", "F10")})


def test_the_sheet_that_shows_the_layout_best_is_read_and_others_with_data_are_told(
    read: Read, referral: Any, write_workbook: Write, told: Told
) -> None:
    january, february = referral({"Referral ID": "R-1"}), referral({"Referral ID": "R-2"})
    other = [["Month", "Cases"], ["1", "20"]]
    file = read(write_workbook({"Summary": other, "Mini MIF": january, "Older": february, "Template": referral()}))
    assert (file.sheet, file.rows["referral_id"].tolist()) == ("Mini MIF", ["R-1"])
    assert told(file.findings) == {(-1, "sheet 3", "W07")}
    file = read(write_workbook({"Older": february, "Mini MIF": january}))
    assert (file.sheet, told(file.findings)) == ("Mini MIF", {(-1, "sheet 1", "W07")})


def test_a_form_or_a_hidden_list_with_more_columns_is_not_read_instead(
    read: Read, referral: Any, write_workbook: Write, rewrite: Write, told: Told
) -> None:
    header, row = referral({"Referral ID": "R-1"})
    wider, old = [[*header, "Email"]], [[*header, "Email"], [*row, "old@example.org"]]
    file = read(write_workbook({"Form": wider, "List": [header, row]}))
    assert (file.sheet, told(file.findings)) == ("List", set())
    path = write_workbook({"Old": old, "List": [header, row]})
    file = read(rewrite(path, "xl/workbook.xml", lambda xml: xml.replace(b'name="Old"', b'name="Old" state="hidden"')))
    assert (file.sheet, told(file.findings)) == ("List", {(-1, "sheet 1", "W07")})


def test_data_beside_the_headings_is_told_by_its_place(
    read: Read, referral: Any, write_workbook: Write, told: Told
) -> None:
    header, row = referral({})
    file = read(write_workbook([header, [*row, None, "stray"], row[:5]]))
    assert told(file.findings) == {(-1, "column 13", "W03")}
    assert file.original.loc[1].tolist() == [*row, "", "stray"]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda xml: xml.replace(b'r="A2"', b'r="C2"', 1), "out of order"),
        (lambda xml: xml.replace(b'<row r="2"', b'<row r="1"', 1), "out of order"),
        (lambda xml: xml.replace(b'<row r="2"', b'<row r="99999999"', 1), "out of order"),
        (lambda xml: xml.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
         "beyond column 500"),
        (lambda xml: xml.replace(b"</sheetData>", b'<row r="9"><c r="A9"><f>A1</f></c></row></sheetData>'), "formulas"),
        (lambda xml: xml.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', 1), "document type"),
        (lambda xml: xml.replace(b"schemas.openxmlformats.org/spreadsheetml/2006", b"purl.oclc.org/ooxml"), "Strict"),
        (lambda xml: xml[: len(xml) // 2], "damaged"),
        (lambda xml: xml.replace(b"<v>0</v>", b"<v>99999</v>", 1), "damaged"),
        (lambda _: b"", "damaged"),
    ],
    ids=["cells out of order", "rows out of order", "row beyond the last", "stray value far away",
         "formula without result", "entity", "strict dialect", "cut off", "no such string", "empty sheet part"],
)  # fmt: skip
def test_a_sheet_of_which_something_would_be_lost_is_held(
    read: Read, referral: Any, write_workbook: Write, rewrite: Write, edit: Callable[[bytes], bytes], words: str
) -> None:
    assert words in refusal(read, rewrite(write_workbook(referral({})), SHEET, edit))


def test_a_blank_styled_cell_at_the_far_end_is_nothing(
    read: Read, referral: Any, write_workbook: Write, rewrite: Write
) -> None:
    far = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    path = rewrite(write_workbook(referral({})), SHEET, lambda xml: xml.replace(b"</sheetData>", far))
    file = read(path)
    assert (file.original.shape, file.findings.empty) == ((1, 11), True)


def test_a_formula_counts_by_its_stored_result(
    read: Read, referral: Any, write_workbook: Write, rewrite: Write
) -> None:
    cells = b'<c r="A3" t="str"><f>"R-"&amp;9</f><v>R-9</v></c><c r="B3" t="e"><v>#REF!</v></c>'
    end = b"</sheetData>"
    path = write_workbook(referral({}))
    rewrite(path, SHEET, lambda xml: xml.replace(end, b'<row r="3">' + cells + b"</row>" + end))
    file = read(path)
    assert file.rows["referral_id"].tolist() == ["R-1", "R-9"]
    assert file.original.loc[2, 1] == "#REF!"
    assert file.findings.to_numpy().tolist() == [[2, "record_action", "W04", "WARN"]]


def test_line_breaks_that_excel_escapes_come_back_as_such(read: Read, referral: Any, write_workbook: Write) -> None:
    assert read(write_workbook(referral({"Notes": "one_x000D_\ntwo"}))).original.loc[1, 10] == "one\r\ntwo"


@pytest.mark.parametrize(
    ("part", "words"),
    [("xl/vbaProject.bin", ".xlsm"), ("xl/workbook.bin", ".xlsb")],
)
def test_workbooks_with_macros_and_binary_ones_are_held_and_named(
    read: Read, referral: Any, write_workbook: Write, rewrite: Write, part: str, words: str
) -> None:
    assert words in refusal(read, rewrite(write_workbook(referral({})), part, lambda _: b"x"))


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: archive({"referrals.csv": b"a,b"}), "not a workbook"),
        (lambda: archive({}), "not a workbook"),
        (lambda: archive({"[Content_Types].xml": b"", "xl/sharedStrings.xml": bytes(64 << 20)}), "far more"),
        (lambda: archive({"[Content_Types].xml": b"", **{f"{n}": b"" for n in range(2_001)}}), "too many"),
        (lambda: archive({"[Content_Types].xml": b"<x/>"}), "damaged"),
        (lambda: b"PK\x03\x04" + bytes(500), "damaged"),
    ],
    ids=["zipped csv", "empty zip", "bomb", "many entries", "no workbook in it", "no zip"],
)
def test_archives_that_are_no_workbooks_are_held_at_once(
    read: Read, tmp_path: Path, content: Callable[[], bytes], words: str
) -> None:
    path = tmp_path / "landed"
    path.write_bytes(content())
    begun = time.monotonic()
    assert words in refusal(read, path)
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    "excess",
    ["limits['limit_memory'](); bytearray(3 << 30)", "limits['limit_time'](1)\nwhile True: pass"],
    ids=["memory", "time"],
)
def test_the_process_that_opens_workbooks_ends_when_it_takes_too_much(excess: str) -> None:
    script = Path(workbook.__file__).with_name("workbook_child.py")
    program = f"import runpy; limits = runpy.run_path({str(script)!r}); {excess}"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=False)
    assert ended.returncode == -signal.SIGXCPU or b"MemoryError" in ended.stderr


def test_whatever_ends_the_process_the_file_is_held(
    read: Read, referral: Any, write_workbook: Write, rewrite: Write
) -> None:
    for part in ("xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        assert "damaged" in refusal(read, rewrite(write_workbook(referral({})), part, lambda xml: xml[:-20]))
