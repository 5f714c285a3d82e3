"""What a clinic opens in the morning: four sheets that a second program reads as they were meant."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.config.contact import Contact
from pipelines.delivery.workbook import Edition, render_workbook
from pipelines.delivery.workbook.members import MEMBERS, NEWS, arranged
from pipelines.delivery.workbook.render import SHEETS
from schemas.assignment import COLUMN_NAMES, COLUMNS, DATE_COLUMNS
from schemas.assignment_words import CODES, heading_of
from schemas.outbound import load_outbound_layout
from tests.pipelines.delivery.conftest import BRIDGE, provider

ON = date(2026, 10, 28)
HEADINGS = {sheet: arranged(COLUMN_NAMES).headings(sheet) for sheet in (NEWS, MEMBERS)}
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=20)
HOSTILE = st.sampled_from(
    ["=1+1", "+1", "-1", "@SUM(A1)", '"', "a,b", "'", " ", "https://x.example/", "_x0041_", "O'B", "<b>&amp;"]
)
CELLS = {
    name: st.none()
    | (st.dates(date(1850, 1, 1), date(2999, 12, 31)).map(str) if name in DATE_COLUMNS else TEXTS | HOSTILE)
    for name in ("cin", "last_name", "address_1", "dob", "phone", "referring_organization")
}
ROWS = st.lists(st.fixed_dictionaries(CELLS), max_size=3)


def row(number: int = 1, **cells: str | None) -> dict[str, str | None]:
    said = {
        "assignment_id": f"a{number}",
        "record_action": "ADD",
        "ecm_provider_npi": BRIDGE,
        "last_name": f"L{number}",
    }
    return dict.fromkeys(COLUMN_NAMES) | said | cells


def book_of(rows: Sequence[Any], *, members: Sequence[Any] | None = None, **told: Any) -> bytes:
    edition = {"scope": "DELTA", "previous": None, "before": {}, "waiting": {}, **told}
    listed = rows if members is None else members
    return render_workbook(Edition(provider(BRIDGE), ON, news=rows, members=listed, **edition))


def read(content: bytes, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet with members, as its reader has them."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)  # which believes what the sheet says of its size
    _, _, _, heading, *lines = book[sheet].iter_rows(values_only=True)
    assert list(heading) == HEADINGS[sheet]
    return [dict(zip(heading, line, strict=True)) for line in lines]


def page(content: bytes) -> dict[str, list[Any]]:
    lines = openpyxl.load_workbook(io.BytesIO(content))["About this file"].iter_rows(values_only=True)
    return {str(first): [cell for cell in rest if cell is not None] for first, *rest in lines}


@settings(max_examples=25, deadline=None)
@given(ROWS)
def test_both_sheets_give_back_every_cell_as_text_and_dates_as_dates(cells: list[dict[str, str | None]]) -> None:
    rows = [row(number, **each) for number, each in enumerate(cells)]
    content = book_of(rows)
    for sheet in (NEWS, MEMBERS):
        found = {line["Assignment ID"]: line for line in read(content, sheet)}
        assert found.keys() == {one["assignment_id"] for one in rows}
        for one in rows:
            for name in COLUMN_NAMES:
                cell = found[one["assignment_id"]][heading_of(name)]
                if isinstance(cell, datetime):
                    assert name in DATE_COLUMNS
                    cell = f"{cell:%Y-%m-%d}"
                assert cell == one[name]


@settings(max_examples=10, deadline=None)
@given(ROWS)
def test_the_same_rows_give_the_same_bytes_in_whatever_order_and_no_cell_is_a_formula(
    cells: list[dict[str, str | None]],
) -> None:
    rows = [row(number, **each) for number, each in enumerate(cells)]
    content = book_of(rows)
    assert content == book_of([dict(reversed(one.items())) for one in reversed(rows)])
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets"):
                assert not re.search(rb"<f[ >/]|<hyperlink", parts.read(name))


@pytest.mark.parametrize("name", ["cin", "plan_member_id", "ecm_provider_npi", "zip", "authorization_number"])
def test_identifiers_are_text(name: str) -> None:
    for value in ("0012345678", "91234567E2", "93230"):
        sheet = openpyxl.load_workbook(io.BytesIO(book_of([row(**{name: value})])))[MEMBERS]
        cell = sheet.cell(5, HEADINGS[MEMBERS].index(heading_of(name)) + 1)
        assert (cell.value, cell.data_type, cell.number_format) == (value, "s", "@")


def test_a_birth_date_older_than_spreadsheets_is_still_told() -> None:
    for born in ("1899-12-31", "1900-01-01", "1900-02-28", "1905-06-30"):
        (line,) = read(book_of([row(dob=born)]), MEMBERS)
        value = line["Birth date"]
        assert (f"{value:%Y-%m-%d}" if isinstance(value, datetime) else value) == born


WAITING = {"a1": ("first_contact_due",), "a2": ("first_contact_due", "follow_up_due"), "a3": ("follow_up_due",)}


@pytest.mark.parametrize("text", ["<r>Jail</r>", "<r><t>Jail</r>"])
def test_what_looks_like_the_markup_of_a_workbook_is_a_text_in_it(text: str) -> None:
    content = book_of([row(facility_name=text)])
    assert [each[heading_of("facility_name")].strip() for each in read(content, MEMBERS)] == [text]


def test_late_adds_stand_on_top_then_what_is_due_first_and_ends_last() -> None:
    rows = [
        row(1, late_add="N", first_contact_due="2026-10-27"),
        row(2, late_add="Y", first_contact_due="2026-10-30", follow_up_due="2026-10-29"),
        row(3, late_add="Y", first_contact_due="2026-10-01", follow_up_due="2026-10-28", record_action="CHANGE"),
        row(4, record_action="TERM", change_reason="ELIG_LOST"),
        row(5),
    ]
    found = read(book_of(rows, waiting=WAITING), NEWS)
    assert [(line["Assignment ID"], line["By when"] and line["By when"].day, line["Time left"]) for line in found] == [
        ("a2", 29, "1 day"), ("a1", 27, "1 day overdue"), ("a3", 28, "today"), ("a5", None, None), ("a4", None, None),
    ]  # fmt: skip


def test_a_file_without_news_says_so_where_the_rows_would_stand() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(book_of([])))["New and changed"]
    assert sheet["A2"].value == "Nothing is new or changed in this file."


def test_a_due_date_that_was_met_asks_for_nothing_any_more() -> None:
    met = row(1, first_contact_due="2026-10-01", late_add="Y")
    (line,) = read(book_of([met]), MEMBERS)
    assert (line["Next due"], line["By when"], line["First contact due"]) == (None, None, datetime(2026, 10, 1))  # noqa: DTZ001
    (line,) = read(book_of([met], waiting=WAITING), MEMBERS)
    assert (line["Next due"], line["Time left"]) == ("First contact", "27 days overdue")


def test_who_is_back_in_custody_is_waited_for_and_nothing_is_overdue() -> None:
    inside = row(
        1, record_action="CHANGE", change_reason="ELIG_LOST", authorization_status="SUSPENDED", late_add="Y",
        first_contact_due="2026-10-01",
    )  # fmt: skip
    content = book_of([inside], waiting=WAITING)
    (line,) = read(content, NEWS)
    assert line["What to do"] == "Back in custody: pause; you will be told of the release"
    assert (line["By when"], line["Time left"], page(content)["First contact"]) == (None, None, [0, 0, 0])


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"late_add": "Y"}, "New and already out: contact TODAY"),
        ({"enrollment_status": "HOLD"}, "New, still in custody"),
        ({"change_reason": "PROVIDER_CHANGE"}, "New, comes from another provider"),
        ({"record_action": "CHANGE", "change_reason": "RELEASED"}, "Released: make first contact"),
        ({"record_action": "CHANGE", "change_reason": "ELIG_LOST"}, "Back in custody: pause"),
        ({"record_action": "CHANGE", "change_reason": "DEMOGRAPHIC"}, "Data of the person changed"),
        (
            {"record_action": "CHANGE", "change_reason": "CORRECTION", "late_add": "Y"},
            "Already out, not met yet: contact TODAY. Corrected",
        ),
        ({"record_action": "TERM", "change_reason": "PROVIDER_CHANGE"}, "Ended, another provider takes over"),
        ({"record_action": "TERM", "change_reason": "ELIG_LOST"}, "Ended, no longer eligible"),
        ({"record_action": "VOID"}, "Was never yours"),
    ],
)
def test_every_row_says_in_words_what_to_do(cells: dict[str, str], words: str) -> None:
    (line,) = read(book_of([row(1, **cells)], members=[], waiting=WAITING), NEWS)
    assert line["What to do"].startswith(words)


def test_a_change_names_what_changed_since_the_row_that_was_told() -> None:
    now = row(1, record_action="CHANGE", change_reason="DEMOGRAPHIC", phone="(559) 555-0102", city="FRESNO")
    before = now | {"phone": "(559) 555-0101", "record_action": "ADD", "city": None}
    (line,) = read(book_of([now], before={"a1": before}), NEWS)
    assert line["What changed"] == "Phone; City"


def test_the_sheet_about_the_file_counts_and_tells_whom_to_call() -> None:
    news = [row(1), row(2), row(3, record_action="CHANGE", change_reason="RELEASED", follow_up_due="2026-10-30")]
    news += [row(4, record_action="TERM", change_reason="ELIG_LOST")]
    contact = Contact(name="The liaison", phone="559-555-0100", after_hours="call the same number")
    told = page(book_of(news, members=news[:3], waiting=WAITING, previous="BEFORE.csv", contact=contact))
    assert told["File before"] == ["BEFORE.csv"]
    assert [told[key][0] for key in ("Added", "Changed", "Ended")] == [2, 1, 1]
    assert told["Members"] == [3]
    assert told["Follow-up visit"] == [0, 0, 1]
    assert (told["Phone"], told["After hours"]) == (["(559) 555-0100"], ["call the same number"])
    assert page(book_of([]))["Nothing"] == ["nobody is new, nothing changed, nobody left"]


def test_the_dictionary_explains_every_column_and_every_code() -> None:
    lines = openpyxl.load_workbook(io.BytesIO(book_of([])))["Data dictionary"].iter_rows(min_row=4, values_only=True)
    told = {line[1]: line for line in lines}
    assert list(told) == [column.name for column in COLUMNS]
    for column in COLUMNS:
        assert told[column.name][:3] == (heading_of(column.name), column.name, column.meaning)
        for code, says in CODES.get(column.name, {}).items():
            assert f"{code}: {says}" in told[column.name][4]


def test_headings_stay_in_sight_lists_can_be_filtered_and_pages_are_printed_across() -> None:
    book = openpyxl.load_workbook(io.BytesIO(book_of([row(1)])))
    assert tuple(book.sheetnames) == SHEETS
    for name in (NEWS, MEMBERS):
        sheet = book[name]
        assert sheet.freeze_panes == "F5"
        assert str(sheet.auto_filter.ref).startswith("A4:")
        assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$4:$4")
        assert sheet.oddFooter.left.text == "Confidential: protected health information"


def test_what_a_provider_s_layout_leaves_out_shows_on_no_sheet() -> None:
    layout = load_outbound_layout("short_list")
    one = row(1, late_add="Y", first_contact_due="2026-10-27", city="FRESNO", record_action="CHANGE")
    left_out = {
        name: f"SECRET {name}" for name in COLUMN_NAMES if name not in layout.column_names and "_due" not in name
    }
    content = book_of([one | left_out], before={"a1": one}, waiting=WAITING, columns=layout.column_names)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        texts = parts.read("xl/sharedStrings.xml").decode()
    assert "SECRET" not in texts
    for name in left_out:
        assert f">{heading_of(name)}<" not in texts


# What a provider has after a file: rows it was told, and those that pass tonight.


def open_book(world: Any, name: str, sheet: str) -> list[str]:
    return sorted(line["Assignment ID"] for line in read(world._content(name), sheet))


def name_of(on: date, number: int, scope: str) -> str:
    return f"ECM_ASSIGNMENT_{BRIDGE}_{on:%Y%m%d}_{number:02d}_{scope}.xlsx"


def test_a_delta_lists_whom_the_provider_had_been_told_of_and_whom_it_tells(make_world: Any) -> None:
    world = make_world(provider(BRIDGE, formats=("csv", "xlsx"), full_day="MON"))
    one, two = world.assign(1, BRIDGE), world.assign(2, BRIDGE)
    world.prepare(ON)
    world.post(ON)
    three = world.assign(3, BRIDGE)
    world.end(one)
    later = ON + timedelta(days=1)
    world.prepare(later)
    book = name_of(later, 1, "DELTA")
    assert open_book(world, book, NEWS) == [one, three]
    assert open_book(world, book, MEMBERS) == [two, three]


def test_what_a_gate_holds_is_on_no_sheet_of_what_goes(make_world: Any) -> None:
    world = make_world(provider(BRIDGE, formats=("csv", "xlsx"), full_day="MON"))
    told = [world.assign(number, BRIDGE) for number in range(1, 11)]
    world.prepare(ON)
    world.post(ON)
    later = ON + timedelta(days=1)
    world.end(*told[:3], on=later)
    new = world.assign(11, BRIDGE, on=later)
    world.warehouse.run("UPDATE exchange.members SET first_name = 'OTHER' WHERE cin = '90000001B'")
    world.prepare(later)
    assert [status for _, status, _ in world.outbox(BRIDGE)][1:] == ["PREPARED", "HELD"]
    book = name_of(later, 1, "DELTA")
    assert open_book(world, book, NEWS) == [new]
    assert open_book(world, book, MEMBERS) == sorted([*told, new]), "their end is held: they are as last told"
    assert "OTHER" not in {line["First name"] for line in read(world._content(book), MEMBERS)}


def test_a_full_file_s_workbook_tells_what_is_new_that_day_too_also_when_the_delta_went_before(make_world: Any) -> None:
    world = make_world(provider(BRIDGE, formats=("csv", "xlsx"), full_day="THU"))
    one, two = world.assign(1, BRIDGE), world.assign(2, BRIDGE)
    world.prepare(ON)
    world.post(ON)
    later = ON + timedelta(days=1)
    world.end(one, on=later)
    three = world.assign(3, BRIDGE, on=later)
    world.prepare(later)
    book = name_of(later, 2, "FULL")
    first = world._content(book)
    assert open_book(world, book, NEWS) == [one, three]
    assert open_book(world, book, MEMBERS) == [two, three]
    world.post(later, fails=lambda parcel: "FULL" in parcel.name)
    world.drop(BRIDGE)
    world.prepare(later)
    assert world._content(book) == first, "the same file, though its delta has been told by now"


def test_a_provider_that_serves_no_longer_is_not_told_again_of_whom_it_had(make_world: Any) -> None:
    world = make_world(provider(BRIDGE, formats=("csv", "xlsx"), full_day="MON"))
    one = world.assign(1, BRIDGE)
    world.assign(2, BRIDGE)
    world.prepare(ON)
    world.post(ON)
    later = ON + timedelta(days=1)
    world.roster = type(world.roster)(tuple(p.model_copy(update={"active": False}) for p in world.roster.providers))
    world.end(one, on=later)
    world.prepare(later)
    book = name_of(later, 1, "DELTA")
    assert open_book(world, book, NEWS) == [one]
    assert open_book(world, book, MEMBERS) == []


def test_the_accounting_names_whom_each_delivered_workbook_names_and_counts_as_many(make_world: Any) -> None:
    world = make_world(provider(BRIDGE, formats=("csv", "xlsx"), full_day="FRI"))
    nights = [ON + timedelta(days=after) for after in range(3)]
    told = [world.assign(number, BRIDGE) for number in range(1, 5)]
    for night in nights:
        world.prepare(night)
        world.post(night)
        world.end(told.pop(), on=night)
        told.append(world.assign(10 + night.day, BRIDGE, on=night))
    books = world.warehouse.rows(
        """SELECT d.name, w.news, w.members FROM delivery.deliveries AS d JOIN delivery.workbooks AS w USING (outbox_id)
           ORDER BY d.delivery"""
    )
    assert [name.split("_")[-1] for name, _, _ in books] == ["DELTA.xlsx"] * 3 + ["FULL.xlsx"]
    for name, news, members in books:
        shown = [open_book(world, name, sheet) for sheet in (NEWS, MEMBERS)]
        assert [len(each) for each in shown] == [news, members]
        disclosed = world.warehouse.rows(
            "SELECT DISTINCT assignment_id, cin FROM delivery.disclosures WHERE file = $name", {"name": name}
        )
        assert {assignment for assignment, _ in disclosed} == {*shown[0], *shown[1]}, name
