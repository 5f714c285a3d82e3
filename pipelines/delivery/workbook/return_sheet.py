"""The return sheet: a workbook in which a provider reports, filled in with its members as the plan knows them.

It is written by the layout by which it is read when it comes back. What a provider says of a member (status, dates,
addresses) is left to the provider: a row to which nothing was added reports nothing, and no old word of its own comes
back as a new one. The sheet of attempts is empty; whom an attempt was about is chosen from a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pipelines.delivery.render import Row
from pipelines.delivery.workbook.about import whom_to_call
from pipelines.delivery.workbook.render import Edition
from pipelines.sheets import Book, Cell, Choices, Look, ask_for_days, offer, place_of
from schemas.assignment_words import heading_of
from schemas.codes import POPULATIONS_OF_FOCUS
from schemas.layout import Layout, LayoutColumn, load_layout

LAYOUT = "rtf_tabs"
MEMBERS, ATTEMPTS, HOW_TO = "RTF", "OTF", "How to fill this in"
SHEETS = (MEMBERS, ATTEMPTS, HOW_TO)

ATTEMPTS_AT_ONCE = 300
"""Empty rows of the sheet of attempts that have lists to choose from."""

_FROM = {
    "mcp_identifier": "mcp_id", "mcp_name": "mcp_name", "ecm_provider_npi": "ecm_provider_npi",
    "ecm_provider_name": "ecm_provider_name", "cin": "cin", "plan_member_id": "plan_member_id",
    "last_name": "last_name", "first_name": "first_name", "authorization_number": "authorization_number",
}  # fmt: skip
"""What is filled in: column of the layout, and the one of the assignment file it is taken from. Others are empty."""

_SUGGESTED = {
    "ecm_status": ("Outreach", "Enrolled", "Declined", "Unable to reach", "Discontinued"),
    "referral_status": ("Accepted", "Declined", "Pending", "Services Received"),
}
"""Words that are offered where anything may be written; those of a status are among `pipelines.returns.STANDINGS`."""

_DAYS = date(2020, 1, 1), date(2099, 12, 31)
_FIRST_ROW = 4
"""Of a table, below its title, its note and its headings; counted from 0."""
_PRINTED = 12
"""Columns that fit a page in letters that can be read."""
_NOTES = {
    MEMBERS: "One row for each of your members. Fill in what you know, and leave empty what did not change.",
    ATTEMPTS: "One row for each attempt to reach somebody. The CINs to choose from are those of the sheet RTF.",
}
_HOW_TO = (
    "Sheet RTF has a row for each of your members. What is filled in, on grey, comes from the plan: please leave it.",
    "Fill in what you know of the others: status, care manager, dates, a new address or phone. Nothing is required.",
    "An empty cell says that nothing changed; what you told before stays.",
    "Y under New Address?, New Phone? or Reached? needs the address, the phone or the outcome beside it.",
    "Where ECM ended with you, give all three: its day, a code for the reason (your own will do), the reason in words.",
    "Sheet OTF has a row for each attempt to reach a member: CIN, date, how, and whether you reached the person.",
    "Dates are written as dates. Where a list opens, choose from it; a status may be told in your own words.",
    "Leave the headings as they are. Sheets and columns of your own are not read.",
    "Save it under its own name and put it into the folder for your returns, as often as there is something new in it.",
    "The next morning an answer in the folder for responses says of each row whether it was taken.",
    "Rows about people who are not your members are refused.",
)


def render_return_sheet(edition: Edition) -> bytes:
    """Write the sheet of members, the one of attempts, and how they are filled in."""
    layout = load_layout(LAYOUT)
    members = sorted(
        edition.only(edition.members),
        key=lambda row: (row["last_name"] or "", row["first_name"] or "", row["assignment_id"]),
    )
    book = Book("ECM return sheet", edition.business_date)
    place = layout.column_names.index("cin")
    cins = place_of(MEMBERS, place, _FIRST_ROW, _FIRST_ROW + len(members) - 1) if members else ""
    for name, each in zip((MEMBERS, ATTEMPTS), layout.sheet_layouts, strict=True):
        rows = [[_filled(column.name, row) for column in each.columns] for row in members if name == MEMBERS]
        _add(book, name, each, rows, cins)
    book.page(HOW_TO, list(_how_to(edition)), (24, 110))
    return book.close()


def headings(layout: Layout) -> list[str]:
    """Give the headings of a sheet: those that its layout names first."""
    return [column.headings[0] if column.headings else column.name for column in layout.columns]


def _filled(column: str, row: Row) -> Cell:
    if column == "pof":
        return "; ".join(heading_of(name).removeprefix("Also: ") for name in POPULATIONS_OF_FOCUS if row[name] == "Y")
    return row[_FROM[column]] if column in _FROM else None


def _add(book: Book, name: str, layout: Layout, rows: Sequence[Sequence[Cell]], cins: str) -> None:
    """Add a sheet by its layout, with lists to choose from as far as rows can be filled in."""
    blanks = ["date" if column.type == "date" else "text" for column in layout.columns]
    given = {place: Look.GIVEN for place, column in enumerate(layout.columns) if column.name in {*_FROM, "pof"}}
    sheet = book.table(
        name, headings(layout), rows, above=[name, _NOTES[name]], blanks=blanks, printed=_PRINTED,
        looks=[given] * len(rows),
    )  # fmt: skip
    last = _FIRST_ROW + (len(rows) if name == MEMBERS else ATTEMPTS_AT_ONCE) - 1
    for place, column in enumerate(layout.columns if last >= _FIRST_ROW else ()):
        if column.type == "date":
            ask_for_days(sheet, place, _FIRST_ROW, last, _DAYS)
        elif choices := _choices(column, cins if name == ATTEMPTS else ""):
            offer(sheet, place, _FIRST_ROW, last, choices)


def _choices(column: LayoutColumn, cins: str) -> Choices | None:
    if column.name == "cin" and cins:
        return Choices(cins)
    if column.name in _SUGGESTED:
        return Choices(_SUGGESTED[column.name], is_closed=False)
    if column.type == "yes_no":
        return Choices(("Y", "N"))
    return Choices(column.codes) if column.type == "code" else None


def _how_to(edition: Edition) -> Iterator[Sequence[Cell]]:
    yield (HOW_TO,)
    yield "For", edition.provider.name
    yield "Members as of", edition.business_date
    yield ()
    yield from enumerate(_HOW_TO, start=1)
    yield ()
    yield ("Whom to call at the plan",)
    yield from whom_to_call(edition.contact)
