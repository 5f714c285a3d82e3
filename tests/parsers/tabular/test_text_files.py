"""Text files as they should not be: what is told, and that every cell survives or is told of."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.tabular import TabularFile, read_tabular
from schemas.layout import Layout, load_layout
from schemas.problems import FileFault

Write = Callable[..., Path]
Read = Callable[[Path], TabularFile]
Told = Callable[..., set[tuple[int, str, str]]]


def fault(read: Read, path: Path) -> FileFault:
    with pytest.raises(FileFault) as held:
        read(path)
    return held.value


@pytest.mark.parametrize("content", ["", "\n\r\n", " \t ", "\ufeff", "\n" * 2_000])
def test_an_empty_file_has_no_rows_and_says_so(read: Read, write_text: Write, told: Told, content: str) -> None:
    file = read(write_text(content))
    assert (len(file.rows), file.headings, told(file.findings)) == (0, (), {(-1, "", "F10")})
    assert list(file.rows.columns) == list(file.layout.column_names)


def test_a_file_with_a_header_alone_has_no_rows_and_says_so(
    read: Read, referral: Any, write_text: Write, told: Told
) -> None:
    file = read(write_text(referral()))
    assert (len(file.rows), len(file.headings), told(file.findings)) == (0, 11, {(-1, "", "F10")})


def test_a_row_with_more_or_fewer_cells_is_kept_aside_and_the_others_go_on(
    read: Read, referral: Any, write_text: Write, told: Told
) -> None:
    header, good = referral({})
    file = read(write_text([header, good, [*good, "extra"], good[:5], good]))
    assert told(file.findings) == {(2, "", "R15"), (3, "", "R15")}
    assert file.rows.isna().all(axis="columns").tolist() == [False, True, True, False]
    assert file.original.loc[2].tolist() == [*good, "extra"]
    assert file.original.loc[3].dropna().tolist() == good[:5]
    examined = file.examine(as_of=date(2026, 3, 2))
    assert told(examined) == {(2, "", "R15"), (3, "", "R15"), (4, "", "R09")}


@pytest.mark.parametrize(
    ("tail", "place"),
    [
        ('"R-2" x,ADD\n', "after line 2"),
        ('"R-2,ADD\n', "after line 2"),
        (f"{'x' * 40_000},ADD\n", "after line 2"),
        (",".join("x" * 501) + "\n", "line 3"),
    ],
    ids=["quote amid a cell", "quote never closed", "endless cell", "too many cells"],
)
def test_a_file_whose_structure_breaks_is_held_with_the_line(
    read: Read, referral: Any, write_text: Write, tail: str, place: str
) -> None:
    cells = "\n".join(",".join(row) for row in referral({})) + "\n"
    held = fault(read, write_text(cells + tail))
    assert (held.code, held.where) == ("F01", place)
    assert "R-2" not in str(held)
    assert held.__cause__ is None
    assert held.__suppress_context__ or held.__context__ is None


def test_a_line_without_end_is_held(read: Read, write_text: Write) -> None:
    assert fault(read, write_text("x" * (2 << 20))).code == "F01"


@pytest.mark.parametrize(
    ("beginning", "code", "words"),
    [
        (b"%PDF-1.7", "F01", "PDF"),
        (b"\x1f\x8b\x08\x00", "F01", "gzip"),
        (b"<html><table>", "F01", "web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook>", "F01", "XML"),
        (b"ISA*00*          *00*          *ZZ*" + b" " * 68 + b"*:~GS*", "F02", "X12"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "F01", "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le"), "F01", ".xls"),
        (b"a,b\x00c", "F01", "NUL"),
        (b"\xff\xfea\x00\x00", "F01", "neither"),
        (b"caf\x81", "F01", "neither"),
    ],
)
def test_what_is_not_a_table_of_text_is_held_and_named(
    read: Read, tmp_path: Path, beginning: bytes, code: str, words: str
) -> None:
    path = tmp_path / "landed"
    path.write_bytes(beginning)
    held = fault(read, path)
    assert held.code == code
    assert words in held.what


def test_without_a_header_a_file_is_held(read: Read, referral: Any, write_text: Write) -> None:
    assert fault(read, write_text(referral({}, {}, {})[1:])).code == "F03"
    assert fault(read, write_text([["title"]] * 31 + referral({}))).code == "F03"


def test_a_file_of_another_kind_is_held_and_the_kind_named(read: Read, full_row: Any, write_text: Write) -> None:
    for kind in ("mif", "release_notice", "rtf", "otf"):
        layout = load_layout(kind)
        held = fault(read, write_text([list(layout.column_names), list(full_row(layout).values())]))
        assert held.code == "F02"
        assert kind in held.what


def test_a_file_without_most_of_the_required_columns_is_held(read: Read, write_text: Write) -> None:
    held = fault(read, write_text([["CIN", "Last Name", "First Name", "Referral ID"], ["91234567B", "C", "Y", "R-1"]]))
    assert held.code == "F02"
    assert "4 of 5 required columns" in held.what


def test_windows_1252_is_read_with_a_warning(read: Read, referral: Any, write_text: Write, told: Told) -> None:
    file = read(write_text(referral({"Last Name": "Peña–Núñez"}), encoding="cp1252"))  # noqa: RUF001
    assert file.rows["last_name"].tolist() == ["Peña–Núñez"]  # noqa: RUF001
    assert (file.encoding, told(file.findings)) == ("cp1252", {(-1, "", "W06")})


def test_utf8_accents_need_no_warning(read: Read, referral: Any, write_text: Write) -> None:
    file = read(write_text(referral({"Last Name": "Peña"})))
    assert file.rows["last_name"].tolist() == ["Peña"]
    assert file.findings.empty


def test_control_characters_are_told_by_row_and_column(
    read: Read, referral: Any, write_text: Write, told: Told
) -> None:
    header, *rows = referral({"Notes": "bell\x07"}, {"Notes": "tab\tand\nline"}, {"Last Name": "\x1b[31m"})
    file = read(write_text([[*header, "Colour"], *([*row, "\x85"] for row in rows)]))
    assert told(file.findings) == {
        (-1, "column 12", "W03"), (1, "notes", "R16"), (3, "last_name", "R16"),
        (1, "column 12", "R16"), (2, "column 12", "R16"), (3, "column 12", "R16"),
    }  # fmt: skip


def test_an_unknown_column_is_told_by_its_place_and_kept(
    read: Read, referral: Any, write_text: Write, told: Told
) -> None:
    header, row = referral({})
    file = read(write_text([["Colour", *header, "", ""], ["yellow", *row, "", "stray"]]))
    assert told(file.findings) == {(-1, "column 1", "W03"), (-1, "column 14", "W03")}
    assert file.original.loc[1].tolist() == ["yellow", *row, "", "stray"]
    assert file.headings == ("Colour", *header, "", "")


def test_two_headings_for_one_column_fill_each_other_and_may_not_contradict(
    read: Read, referral: Any, write_text: Write, told: Told
) -> None:
    header, *rows = referral({"CIN": ""}, {}, {}, {})
    second = ["97654321B", "", "91234567B1", "97654321B"]
    file = read(
        write_text([[*header, "Medi-Cal Number"], *([*row, cin] for row, cin in zip(rows, second, strict=True))])
    )
    assert file.rows["cin"].tolist() == ["97654321B", "91234567B", "91234567B", "91234567B"]
    assert told(file.findings) == {(4, "cin", "R13")}


def test_a_cell_with_several_values_is_told_once(read: Read, referral: Any, write_text: Write, told: Told) -> None:
    file = read(write_text(referral({"CIN": "91234567B, 97654321B"}, {})))
    assert told(file.examine(date(2026, 3, 2))) == {(1, "cin", "R13")}
    assert file.rows["cin"].tolist() == ["91234567B, 97654321B", "91234567B"]


def test_damaged_identifiers_are_told_and_never_merge_people(
    read: Read, referral: Any, write_text: Write, told: Told
) -> None:
    header, *rows = referral({}, {})
    ids = ["6.45722E+12", "123456789.0"]
    file = read(write_text([[*header, "Member ID"], *([*row, i] for row, i in zip(rows, ids, strict=True))]))
    assert file.rows["plan_member_id"].fillna("").tolist() == ["", "123456789"]
    assert told(file.findings) == {(1, "plan_member_id", "W04"), (2, "plan_member_id", "W04")}
    assert file.original[11].tolist() == ids


def test_the_extension_decides_between_delimiters_that_fit_equally(tmp_path: Path, referrals: Layout) -> None:
    path = tmp_path / "landed"
    names = ["Referral ID", "Action", "Referral Date", "Referral Source", "JI"]
    path.write_text(",".join(names) + "\n" + "|".join(names) + "\nlast\n")
    assert read_tabular(path, referrals, name="a.csv").delimiter == ","
    assert read_tabular(path, referrals, name="a.PSV").delimiter == "|"


def test_people_called_na_null_and_none_and_formulas_stay_what_they_are(
    read: Read, referral: Any, write_text: Write
) -> None:
    names = ["NA", "Null", "None", "nan", "TRUE", "=cmd|' /C calc'!A0", "00123", "1e5"]
    file = read(write_text(referral(*({"Last Name": name} for name in names))))
    assert file.rows["last_name"].tolist() == names


cells = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\t\n\r\",;|' "), max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.lists(st.lists(cells, min_size=7, max_size=7), max_size=8),
    delimiter=st.sampled_from(",|\t;"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    # The standard library's writer leaves a carriage return bare unless its own line ends have one or all is quoted.
    style=st.sampled_from([(csv.QUOTE_MINIMAL, "\r\n"), (csv.QUOTE_ALL, "\r\n"), (csv.QUOTE_ALL, "\n")]),
)
def test_every_cell_survives_unchanged(
    tmp_path: Path, read: Read, table: list[list[str]], delimiter: str, encoding: str, style: tuple[Any, str]
) -> None:
    header = ["Referral ID", "Action", "Referral Date", "Referral Source", "JI", "CIN", "Colour"]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=style[0], lineterminator=style[1]).writerows([header, *table])
    path = tmp_path / "landed"
    path.write_bytes(out.getvalue().encode(encoding))
    original = read(path).original
    assert original.to_numpy().tolist() == [row for row in table if any(cell.strip() for cell in row)]
