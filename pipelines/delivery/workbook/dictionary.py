"""The sheet that explains the columns, made from the layout that is told."""

from __future__ import annotations

from collections.abc import Collection

from pipelines.sheets import Book
from schemas.assignment import COLUMNS
from schemas.assignment_words import codes_of, format_of, heading_of

DICTIONARY = "Data dictionary"

_COLUMNS = ("Heading", "Name in the CSV file", "Meaning", "Format", "Codes", "Told when it ended")


def add_dictionary(book: Book, columns: Collection[str]) -> None:
    """Add a line for each column that the provider gets, in the order of the assignment file."""
    lines = [
        (
            heading_of(column.name), column.name, column.meaning, format_of(column.name),
            "\n".join(f"{code}: {says}" for code, says in codes_of(column.name).items()),
            "yes" if column.on_term else "no",
        )
        for column in COLUMNS
        if column.name in columns
    ]  # fmt: skip
    book.table(DICTIONARY, _COLUMNS, lines, above=[DICTIONARY], widest=64, wrapped={2, 4}, still=1)
