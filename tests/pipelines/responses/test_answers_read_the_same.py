"""Whatever list is read, its answer reads the same: nothing that a response does to a row is left of it."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.tabular import TabularFile, read_tabular
from pipelines.delimited import csv_bytes
from pipelines.responses.found import Told
from pipelines.responses.rows import answered_rows
from schemas.layout import load_layout
from tests.pipelines.responses.desk import GOOD, HEADING

LAYOUT = load_layout("mini_mif")
DELIMITERS = (",", "|", "\t", ";")
TOLD = Told("R02; W04", "cin", "REJECT", 'CIN: the CIN is malformed, and more; of the kind | "and"\nso on')

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]), max_size=8)
signs = st.sampled_from(
    ["=1+1", "+1 (559) 555-0123", "-", "--", "@x", "'=1", "''=1", "\t", "\t=x", " = y", "'\t", "\uff1d1"]
)
damaged = st.sampled_from(
    ["6.45722E+12", "12.0", "44591", "45231.0", "#N/A", "9372", "90000001B", "1/31/1990", "a; b", "X\nY"]
)
cells = texts | signs | damaged
rows = st.lists(st.tuples(*[cells] * len(HEADING)), min_size=1, max_size=4)
titles = st.lists(st.lists(texts | signs, max_size=3), max_size=3)


def read(content: bytes, name: str = "list.csv") -> TabularFile:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "landed"
        path.write_bytes(content)
        return read_tabular(path, LAYOUT, name=name)


def answered(table: TabularFile) -> bytes:
    return csv_bytes(answered_rows(table, dict.fromkeys(list(table.rows.index)[::2], TOLD), "0" * 32))


def of_rows(table: TabularFile) -> pd.DataFrame:
    found = table.findings
    return found[(found["row"] > 0) & (found["code"] != "R15")].reset_index(drop=True)


@settings(max_examples=60, deadline=None)
@given(rows, titles, st.sampled_from(DELIMITERS), st.permutations(range(len(HEADING))))
def test_an_answer_reads_as_the_list_it_answers(
    some: list[tuple[str, ...]], above: list[list[str]], delimiter: str, order: list[int]
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([*above, *([row[n] for n in order] for row in [HEADING, GOOD, *some])])
    sent = read(text.getvalue().encode())
    back = read(answered(sent))
    pd.testing.assert_frame_equal(back.rows, sent.rows)
    pd.testing.assert_frame_equal(of_rows(back), of_rows(sent))
    assert len(back.above) == len(sent.above)
    assert answered(back) == answered(read(answered(back))), "from then on nothing changes any more"


def written_by_a_spreadsheet(content: bytes) -> bytes:
    """Open a CSV as a spreadsheet program does, making numbers and dates of what looks so, and save a workbook."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page, day = book.add_worksheet(), book.add_format({"num_format": "m/d/yyyy"})
    table = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    for line, row in enumerate(table):
        for column, cell in enumerate(row):
            page.write(line, column, _guessed(cell), *([day] if isinstance(_guessed(cell), datetime) else []))
    book.close()
    return target.getvalue()


def _guessed(cell: str) -> Any:
    for form in ("%m/%d/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(cell, form)  # noqa: DTZ007 - a cell knows no zone
        except ValueError:
            continue
    try:
        return float(cell)
    except ValueError:
        return cell or None


def test_an_answer_saved_as_a_workbook_reads_as_the_list_it_answers() -> None:
    heading = (*HEADING, "ZIP", "Referring NPI", "Plan Member ID")
    content = csv_bytes([["Fresno"], [], heading, (*GOOD, "09372", "1234567893", "700123")])
    sent = read(content)
    back = read(written_by_a_spreadsheet(answered(sent)), "list.response.xlsx")
    pd.testing.assert_frame_equal(back.rows, sent.rows)
    assert back.is_answer
