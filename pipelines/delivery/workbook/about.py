"""The sheet that tells of the file: which it is, what changed since the one before, what is due, whom to call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from pipelines.config.contact import Contact
from pipelines.config.providers import Provider
from pipelines.delivery.render import Row
from pipelines.delivery.workbook.steps import DUE, Waiting, is_urgent, waits_for
from pipelines.sheets import Book, Cell
from schemas.assignment_words import CODES

ABOUT = "About this file"

_SCOPES = {
    "DELTA": "what is new or changed since the file before (delta)",
    "FULL": "everybody assigned to you (full); what is new or changed today stands on the first sheet",
}
_NEWS = {"ADD": "Added", "CHANGE": "Changed", "TERM": "Ended", "VOID": "Never right"}
_WIDTHS = (30, 12, 12, 18, 40)
_CONFIDENTIAL = (
    "This workbook holds protected health information of the people assigned to you.",
    "Keep it where only those who serve them can read it.",
    "If anybody here is not yours, or it reached you by mistake, call at once.",
)


def add_about(
    book: Book,
    provider: Provider,
    contact: Contact | None,
    *,
    on: date,
    scope: str,
    previous: str | None,
    news: Sequence[Row],
    members: Sequence[Row],
    waiting: Waiting,
) -> None:
    """Add the sheet; it counts people and names none."""
    lines: list[Sequence[Cell]] = [
        (ABOUT,),
        ("For", provider.name),
        ("NPI", provider.npi),
        ("Business date", on),
        ("What it tells", _SCOPES[scope]),
        ("File before", previous or "none: this is the first one for you"),
        (),
        ("What changed since then",),
        *_changes(news),
        (),
        ("Your members after this file",),
        ("Members", len(members)),
        ("Late adds not met yet", sum(is_urgent(row, waits_for(row, waiting)) for row in members)),
        (),
        ("What is due",),
        ("", "Overdue", "Today", "Later this week"),
        *_due(members, waiting, on),
        (),
        ("Whom to call at the plan",),
        *whom_to_call(contact),
        (),
        ("Confidential",),
        *(("", line) for line in _CONFIDENTIAL),
    ]
    book.page(ABOUT, lines, _WIDTHS)


def _changes(news: Sequence[Row]) -> Iterator[Sequence[Cell]]:
    """Count the rows by what they say, and changes and ends by the reason."""
    if not news:
        yield "Nothing", None, "nobody is new, nothing changed, nobody left"
    counts = Counter((str(row["record_action"]), row["change_reason"] or "") for row in news)
    for action, title in _NEWS.items():
        of_action: Mapping[str, int] = {reason: number for (one, reason), number in counts.items() if one == action}
        for number, (reason, many) in enumerate(sorted(of_action.items())):
            yield title if number == 0 else "", many, CODES["change_reason"].get(reason, reason)


def _due(members: Sequence[Row], waiting: Waiting, on: date) -> Iterator[Sequence[Cell]]:
    sunday = on + timedelta(days=6 - on.weekday())
    for column, what in DUE.items():
        days = [
            date.fromisoformat(day) for row in members if column in waits_for(row, waiting) and (day := row[column])
        ]
        yield what, sum(day < on for day in days), days.count(on), sum(on < day <= sunday for day in days)


def whom_to_call(contact: Contact | None) -> Iterator[Sequence[Cell]]:
    """Say how the plan is reached."""
    if contact is None:
        yield "Contact", "your contact at the plan"
        return
    yield "Name", contact.name
    yield "Phone", contact.phone
    yield "E-mail", contact.email
    yield "After hours", contact.after_hours
