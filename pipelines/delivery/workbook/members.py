"""The two sheets with members: what is new to a provider, and everybody it has."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property

from pipelines.delivery.render import Row
from pipelines.delivery.workbook.steps import Due, Waiting, due_of, is_urgent, order, waits_for, what_to_do
from pipelines.sheets import Book, Cell, Look
from schemas.assignment import COLUMN_NAMES, DATE_COLUMNS
from schemas.assignment_words import heading_of
from schemas.outbound import ENDS

NEWS, MEMBERS = "New and changed", "All my members"

_STEP = 3
"""Columns that say what to do by when."""
_STILL = _STEP + 2
"""Columns that stay in sight: what to do by when, and the name."""
_PERSON = (
    "last_name", "first_name", "dob", "cin", "phone", "actual_release_date", "expected_release_date", "facility_name",
    "late_add", "needs_missing",
)  # fmt: skip
"""What a person needs first of a row."""
_DATES = frozenset(DATE_COLUMNS)
_SOON = timedelta(days=2)
"""From so long before a due date on it stands out."""


@dataclass(frozen=True)
class Arrangement:
    """In what order the columns of the assignment file that a provider gets stand on the sheets."""

    first: Sequence[str]
    rest: Sequence[str]

    def headings(self, sheet: str) -> list[str]:
        """Give the headings of a sheet: what a row asks for, and the columns that may leave. There are no others."""
        first, rest = ([heading_of(name) for name in names] for names in (self.first, self.rest))
        if sheet == NEWS:
            return ["What to do", "By when", "Time left", *first, "What changed", *rest]
        return ["Next due", "By when", "Time left", *first, *rest]

    @property
    def changes(self) -> int:
        """Where the sheet of news says what changed; it has this column more than the other."""
        return _STEP + len(self.first)

    @property
    def missing(self) -> set[int]:
        """Where both sheets say what is still missing, if they do."""
        return {_STEP + place for place, name in enumerate(self.first) if name == "needs_missing"}

    @cached_property
    def places(self) -> Mapping[int, str]:
        """Columns of the assignment file by their place on the sheet of news."""
        return dict(enumerate(self.first, start=_STEP)) | dict(enumerate(self.rest, start=self.changes + 1))


@cache
def arranged(columns: tuple[str, ...]) -> Arrangement:
    """Put what a person needs first in front; everything else follows in the order of the assignment file."""
    return Arrangement(
        [name for name in _PERSON if name in columns],
        [name for name in COLUMN_NAMES if name in columns and name not in _PERSON],
    )


def add_news(
    book: Book, by: Arrangement, rows: Sequence[Row], before: Mapping[str, Row], waiting: Waiting, on: date
) -> None:
    """Add rows of deltas as they are to be worked; `before` are the rows told of the same assignments until then."""
    lines, looks = [], []
    for row in sorted(rows, key=lambda row: order(row, waits_for(row, waiting))):
        waits = waits_for(row, waiting)
        due, changed = due_of(row, waits), _changed(row, before.get(str(row["assignment_id"])))
        look = {place: Look.CHANGED for place, name in by.places.items() if name in changed}
        told = "; ".join(heading_of(by.places[place]) for place in look)
        line = [*_step(what_to_do(row, waits), due, on), *_cells(row, by.first), told, *_cells(row, by.rest)]
        if row["record_action"] in ENDS:
            look = dict.fromkeys(range(len(line)), Look.OVER)
        look |= _how_urgent(due, on, at_once=is_urgent(row, waits)) | _what_is_missing(row, by)
        lines.append(line)
        looks.append(look)
    order_told = "Late adds first (out already, nobody has met them), then by the day something is due."
    above = [NEWS, order_told if lines else "Nothing is new or changed in this file."]
    book.table(
        NEWS, by.headings(NEWS), lines, above=above, looks=looks, wrapped={0, by.changes, *by.missing}, still=_STILL,
        printed=by.changes + 1,
    )  # fmt: skip


def add_members(book: Book, by: Arrangement, rows: Sequence[Row], waiting: Waiting, on: date) -> None:
    """Add everybody that the provider has, by name."""
    lines, looks = [], []
    for row in sorted(rows, key=lambda row: (row["last_name"] or "", row["first_name"] or "", row["assignment_id"])):
        waits = waits_for(row, waiting)
        due = due_of(row, waits)
        lines.append([*_step(due.what if due else None, due, on), *_cells(row, by.first), *_cells(row, by.rest)])
        looks.append(_how_urgent(due, on, at_once=is_urgent(row, waits)) | _what_is_missing(row, by))
    above = [MEMBERS, "Everybody who is yours after this file, by name, as you were last told."]
    book.table(
        MEMBERS, by.headings(MEMBERS), lines, above=above, looks=looks, wrapped=by.missing, still=_STILL,
        printed=by.changes,
    )  # fmt: skip


def _step(words: str | None, due: Due | None, on: date) -> list[Cell]:
    return [words, due.day, due.time_left(on)] if due else [words, None, None]


def _cells(row: Row, names: Sequence[str]) -> list[Cell]:
    return [date.fromisoformat(value) if (value := row[name]) and name in _DATES else value for name in names]


def _changed(row: Row, before: Row | None) -> Collection[str]:
    """Name the columns that say another thing than before, of a row that tells of a change."""
    if before is None or row["record_action"] != "CHANGE":
        return ()
    said = ("record_action", "change_reason")
    return {name for name in COLUMN_NAMES if name not in said and row[name] != before[name]}


def _how_urgent(due: Due | None, on: date, *, at_once: bool) -> dict[int, Look]:
    if at_once or (due and due.day < on):
        return dict.fromkeys(range(_STEP), Look.URGENT)
    return dict.fromkeys(range(_STEP), Look.SOON) if due and due.day <= on + _SOON else {}


def _what_is_missing(row: Row, by: Arrangement) -> dict[int, Look]:
    return dict.fromkeys(by.missing, Look.SOON) if row["needs_missing"] else {}
