"""What the other partners send: headings the layouts know, habits that differ, quiet days, now and then a bad row."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest

from sample_data import SampleExchange
from sample_data.sources import COMMUNITY, DELEGATE, JAIL, PRISON, PROBATION, RECEIPTS, Source
from schemas.layout import load_layout

_DIALECTS = {PROBATION: ("utf-8-sig", ","), COMMUNITY: ("cp1252", "|"), JAIL: ("utf-8", ","), RECEIPTS: ("utf-8", "|")}
_LINES_ABOVE = {PRISON: 3, DELEGATE: 4}


def inbox(exchange: SampleExchange, source: Source) -> dict[int, list[Path]]:
    """The source's files by day number."""
    return {
        number: sorted((exchange.servers(day) / source.username / "outgoing").glob("*"))
        for number, day in enumerate(exchange.dates, start=1)
    }


def table(source: Source, file: Path) -> list[list[str]]:
    """The header and the rows of a file, read the way a person would."""
    if file.suffix == ".xlsx":
        book = openpyxl.load_workbook(file)
        rows = list(book[book.sheetnames[1]].iter_rows(values_only=True))[_LINES_ABOVE[source] :]
        return [["" if cell is None else str(cell) for cell in row] for row in rows]
    encoding, delimiter = _DIALECTS[source]
    return list(
        csv.reader(io.StringIO(file.read_text(encoding=encoding), newline=""), delimiter=delimiter, strict=True)
    )


@pytest.mark.parametrize(
    "source", [PROBATION, COMMUNITY, PRISON, DELEGATE, JAIL, RECEIPTS], ids=lambda source: source.name
)
def test_every_heading_is_one_the_layout_knows_and_every_required_column_is_there(
    source: Source, exchange: SampleExchange
) -> None:
    layout = load_layout(source.layout)
    files = [file for files in inbox(exchange, source).values() for file in files]
    assert files
    for file in files:
        columns = [layout.column_for(heading) for heading in table(source, file)[0]]
        assert None not in columns
        assert layout.required_columns <= set(columns)


def test_quiet_days_differ_by_partner(exchange: SampleExchange) -> None:
    sent = {source: inbox(exchange, source) for source in (PROBATION, COMMUNITY, PRISON, DELEGATE, JAIL)}
    assert [number for number, files in sent[PROBATION].items() if not files] == [4]
    assert [number for number, files in sent[COMMUNITY].items() if not files] == [1, 4, 7]
    assert [number for number, files in sent[PRISON].items() if files] == [2, 5, 8]
    assert [number for number, files in sent[DELEGATE].items() if files] == [1, 4]
    assert [number for number, files in sent[JAIL].items() if not files] == [1]
    assert len(table(PROBATION, sent[PROBATION][6][0])) == 1
    assert len(table(JAIL, sent[JAIL][5][0])) == 1


def test_the_list_of_the_second_day_comes_again_under_another_name(exchange: SampleExchange) -> None:
    sent = inbox(exchange, PROBATION)
    (first,) = sent[2]
    assert [file.name for file in sent[5]] == [
        "PROBATION_REFERRALS_20261029_RESEND.csv",
        "PROBATION_REFERRALS_20261103.csv",
    ]
    assert sent[5][0].read_bytes() == first.read_bytes()


def test_bad_rows_come_every_few_days_and_stay_the_exception(exchange: SampleExchange) -> None:
    def cells(source: Source, number: int) -> list[list[str]]:
        return table(source, inbox(exchange, source)[number][-1])

    assert sum("PAROLE OFFICE" in row for row in cells(PROBATION, 2)) == 1
    header, *rows = cells(PROBATION, 5)
    names = [(row[header.index("CIN Number")], row[header.index("Last Name")]) for row in rows]
    assert names.count(("", "")) == 1
    assert sum("999999999" in row for row in cells(COMMUNITY, 3)) == 1
    header, *rows = cells(COMMUNITY, 6)
    assert [len(row) - len(header) for row in rows].count(2) == 1
    assert sum("; " in cell for row in cells(PRISON, 5) for cell in row) == 1
    header, *rows = cells(DELEGATE, 1)
    assert [row[header.index("Medi-Cal Member Client Index Number (CIN)")] for row in rows].count("") == 1
    for source, number in ((PROBATION, 2), (PROBATION, 5), (COMMUNITY, 3), (COMMUNITY, 6), (PRISON, 5), (DELEGATE, 1)):
        assert len(cells(source, number)) > 4


def test_each_partner_writes_in_its_own_hand(exchange: SampleExchange) -> None:
    probation = inbox(exchange, PROBATION)[2][0].read_bytes()
    assert probation.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in probation
    assert b'work,\nask for ""the unit""' in probation
    community = inbox(exchange, COMMUNITY)[2][0].read_bytes()
    assert "Peñaluz".encode("cp1252") in community
    prison = openpyxl.load_workbook(inbox(exchange, PRISON)[2][0])
    assert prison.sheetnames == ["Read me", "Referrals"]
    assert [type(cell.value).__name__ for cell in prison["Referrals"][5] if cell.is_date] == ["datetime"] * 4
    header, *rows = table(PRISON, inbox(exchange, PRISON)[2][0])
    assert {len(row[header.index("Medi-Cal Member Client Index Number (CIN)")]) for row in rows} == {10}


def test_the_delegating_plan_keeps_its_members_and_their_authorizations(exchange: SampleExchange) -> None:
    (october,), (november,) = (inbox(exchange, DELEGATE)[number] for number in (1, 4))
    header, *before = table(DELEGATE, october)
    after = table(DELEGATE, november)[1:]
    kept = [
        header.index(heading) for heading in ("Authorization Number", "Authorization Start", "Authorizatin End Date")
    ]
    assert [[row[place] for place in kept] for row in before[:-1]] == [
        [row[place] for place in kept] for row in after[:-1]
    ]
    assert before[0][kept[1] : kept[2] + 1] == ["2026-07-01 00:00:00", "2027-06-30 00:00:00"]
