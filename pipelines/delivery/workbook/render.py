"""A provider's rows -> the bytes of its workbook. The same rows, of the same business date, give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.config.contact import Contact
from pipelines.config.providers import Provider
from pipelines.delivery.render import Row
from pipelines.delivery.workbook.about import ABOUT, add_about
from pipelines.delivery.workbook.dictionary import DICTIONARY, add_dictionary
from pipelines.delivery.workbook.members import MEMBERS, NEWS, add_members, add_news, arranged
from pipelines.delivery.workbook.steps import Waiting
from pipelines.sheets import Book
from schemas.assignment import COLUMN_NAMES

SHEETS = (NEWS, MEMBERS, DICTIONARY, ABOUT)


@dataclass(frozen=True)
class Edition:
    """What a workbook tells."""

    provider: Provider
    business_date: date
    scope: str
    """DELTA or FULL."""
    previous: str | None
    """Name of the table that was sent before."""
    news: Sequence[Row]
    """Rows of the delta; of a full file what the deltas of its business date tell."""
    before: Mapping[str, Row]
    """What had been told of the same assignments until then."""
    members: Sequence[Row]
    """Everybody that the provider has after the file."""
    waiting: Waiting
    columns: tuple[str, ...] = COLUMN_NAMES
    """Those of the provider's layout."""
    contact: Contact | None = None

    def only(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Leave out of rows what the provider's layout leaves out: it cannot show in a due date or a word either."""
        others = {name: None for name in COLUMN_NAMES if name not in self.columns}
        return [{**row, **others} for row in rows] if others else rows


def render_workbook(edition: Edition) -> bytes:
    """Write four sheets: what is new, everybody, what the columns mean, and about the file."""
    on, waiting, by = edition.business_date, edition.waiting, arranged(edition.columns)
    news, members = edition.only(edition.news), edition.only(edition.members)
    book = Book("ECM assignments", on)
    add_news(book, by, news, edition.before, waiting, on)
    add_members(book, by, members, waiting, on)
    add_dictionary(book, edition.columns)
    add_about(
        book, edition.provider, edition.contact, on=on, scope=edition.scope, previous=edition.previous,
        news=news, members=members, waiting=waiting,
    )  # fmt: skip
    return book.close()
