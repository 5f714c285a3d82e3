"""What was found in a list, in words for the one who sent it: by its own headings, and how to mend it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.warehouse import Warehouse
from schemas.findings import CATALOGUE
from schemas.layout import Layout, LayoutColumn

FILE = -1
"""The row of what is said of a file as a whole."""

_MOST_CODES = 20
"""So many codes can be listed in a cell."""

_FOUND = """
    SELECT row, column_name, code, severity FROM quarantine.rows WHERE file_id = $file_id
    UNION
    SELECT row_no, 'cin', CASE method WHEN 'REVIEW' THEN 'W10' ELSE 'R05' END, 'WARN'
    FROM exchange.identities
    WHERE file_id = $file_id AND method IN ('REVIEW', 'UNMATCHED', 'EXPIRED', 'NOBODY')
    ORDER BY ALL
"""


@dataclass(frozen=True, order=True)
class Found:
    """One finding: row of the file (`FILE` for all of it), column of the layout or its place, code and severity."""

    row: int
    column: str
    code: str
    severity: str


@dataclass(frozen=True)
class Told:
    """What is appended to a row, and the columns that it speaks of."""

    codes: str
    columns: str
    severity: str
    text: str

    def cells(self) -> tuple[str, ...]:
        """The cells in the order of `RESPONSE_COLUMNS`."""
        return self.codes, self.columns, self.severity, self.text


def found_in(warehouse: Warehouse, file_id: str) -> list[Found]:
    """List what was found in a file: when it was loaded or held, and as its people were looked for."""
    return [Found(*found) for found in warehouse.rows(_FOUND, {"file_id": file_id})]


def by_row(found: Iterable[Found], headings: Iterable[str] = (), layout: Layout | None = None) -> dict[int, Told]:
    """Put into words what was found about each row; with the sender's `headings` by them, as `layout` knows them."""
    of_row: defaultdict[int, list[Found]] = defaultdict(list)
    for each in found:
        if each.row != FILE:
            of_row[each.row].append(each)
    words = Words.of(headings, layout)
    return {
        row: Told(
            codes="; ".join(sorted({each.code for each in some})),
            columns="; ".join(sorted({each.column for each in some} - {""})),
            severity=min(each.severity for each in some),  # REJECT before WARN
            text=" ".join(words.sentence(each) for each in sorted(some)),
        )
        for row, some in of_row.items()
    }


@dataclass(frozen=True)
class Words:
    """How findings are told to one sender."""

    headings: Mapping[str, str]
    columns: Mapping[str, LayoutColumn]

    @classmethod
    def of(cls, headings: Iterable[str], layout: Layout | None) -> Words:
        """Learn the sender's headings."""
        if layout is None:
            return cls({}, {})
        own = {name: heading.strip() for heading in headings if (name := layout.column_for(heading))}
        return cls(own, {column.name: column for column in layout.columns})

    def sentence(self, found: Found) -> str:
        """Say what is wrong where, and what to do about it."""
        place = self.place(found.column)
        return f"{f'{place}: ' if place else ''}{CATALOGUE[found.code].meaning}. {self._remedy(found)}"

    def place(self, column: str) -> str:
        """Name a column as the sender does; one that is missing by the name that the layout would know it by."""
        known = self.columns.get(column)
        if known is None or column in self.headings:
            return self.headings.get(column, column)
        return next(iter(known.headings), column)

    def _remedy(self, found: Found) -> str:
        column = self.columns.get(found.column)
        if found.code == "R12" and column is not None and 0 < len(codes := _codes(column)) <= _MOST_CODES:
            return f"Use one of {', '.join(codes)}."
        return CATALOGUE[found.code].remedy


def _codes(column: LayoutColumn) -> tuple[str, ...]:
    return column.codes or {"yes_no": ("Y", "N"), "gender": ("M", "F", "U")}.get(column.type, ())
