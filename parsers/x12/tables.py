"""Raw rows into the tables of `schemas.enrollment`, column by column as the profile declares them.

Works on whole columns and does not care how the raw rows were read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from parsers.x12.arrays import TEXT, Column, compute
from parsers.x12.bulk import RawTables
from parsers.x12.canonical import WRITTEN, piece, translated, where, without_end
from parsers.x12.packed import unpack
from parsers.x12.profile import TABLES, WHOLE, EnrollmentProfile, Origin, Place
from parsers.x12.slots import raw_column, table_of
from schemas.enrollment_columns import COVERAGE_COLUMNS, MEMBER_COLUMNS, REPORTING_COLUMNS

COLUMNS = {"members": MEMBER_COLUMNS, "coverage": COVERAGE_COLUMNS, "reporting": REPORTING_COLUMNS}
"""The columns of each table, in order."""

READERS_OWN = ("set_control", "segment_no", "member_no")
"""Columns that no profile declares: the reader fills them itself."""


class RawRows:
    """Raw rows of consecutive members, which are numbered from 1."""

    def __init__(self, raw: RawTables, profile: EnrollmentProfile) -> None:
        self._profile = profile
        self._raw = dict(zip(TABLES, raw, strict=True))
        self._members = {
            name: compute.subtract(table["member_no"].chunk(0), 1)
            for name, table in self._raw.items()
            if name != "members"
        }

    def tables(self) -> RawTables:
        """Make members, coverage and reporting of the rows."""
        return RawTables(*(_Cells(self, self._profile, name).table() for name in TABLES))

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        count: int = self._raw[table].num_rows
        return count

    def numbers(self, table: str, column: str) -> Column:
        """Return a column that the reader fills itself."""
        return self._raw[table][column].chunk(0)

    def at(self, table: str, place: Place, column: str) -> Column:
        """Return a raw column for the rows of a table, those of the member for the rows of its coverage."""
        owner = table_of(place)
        found = self._raw[owner][column].chunk(0)
        return found if owner == table else found.take(self._members[table])

    def without_needed(self) -> Iterator[tuple[int, str, str]]:
        """Find members with a row that has nothing where the profile needs something: `(member, column, code)`."""
        for table, name in self._profile.needed:
            declared = next(column for column in self._profile.table(table) if column.name == name)
            places = [(origin.place, raw_column(origin)) for origin in declared.origins if origin.place]
            held = compute.coalesce(*(self.at(table, place, column) for place, column in places))
            if held.null_count:
                lacking = np.flatnonzero(held.is_null().to_numpy(zero_copy_only=False))
                members = self._members[table].to_numpy()[lacking] if table in self._members else lacking
                yield from ((member + 1, places[0][0].name, "R17") for member in np.unique(members).tolist())


class _Cells:
    """The cells of a table."""

    def __init__(self, rows: RawRows, profile: EnrollmentProfile, table: str) -> None:
        self._rows = rows
        self._separator = profile.separator
        self._table = table
        self._declared = {column.name: column for column in profile.table(table)}
        self._made: dict[str, Column] = {}
        self._packed: dict[str, list[Column]] = {}
        self._most: dict[str, int] = defaultdict(int)
        for column in self._declared.values():
            for origin in column.origins:
                if origin.slot:
                    source = raw_column(origin)
                    self._most[source] = max(self._most[source], origin.slot)

    def table(self) -> pa.Table:
        """Make all columns of the table."""
        return pa.table({name: self._column(name) for name in COLUMNS[self._table]})

    def _column(self, name: str) -> Column:
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def _make(self, name: str) -> Column:
        if name in READERS_OWN:
            return self._rows.numbers(self._table, name)
        if name not in self._declared:
            return pa.nulls(self._rows.count(self._table), TEXT)
        origins = self._declared[name].origins
        found = self._value(origins[0])
        for origin in origins[1:]:
            if not found.null_count:
                break
            found = compute.coalesce(found, self._value(origin))
        return found

    def _value(self, origin: Origin) -> Column:
        if origin.place is not None:
            text = self._at(origin.place, origin)
        elif origin.of:
            text = self._column(origin.of)
        else:
            text = pa.repeat(pa.scalar(origin.value, TEXT), self._rows.count(self._table))
        text = WRITTEN[origin.kind](text)
        return translated(text, dict(origin.codes)) if origin.codes else text

    def _at(self, place: Place, origin: Origin) -> Column:
        source = raw_column(origin)
        text = self._slot(place, source, origin.slot) if origin.slot else self._rows.at(self._table, place, source)
        if origin.chars != WHOLE:
            text = piece(text, *origin.chars)
        if not origin.repeats:  # of a segment that repeats the conditions chose the repetition
            for condition in origin.conditions:
                held = self._rows.at(self._table, condition.place, str(condition.place))
                text = where(compute.is_in(held, pa.array(condition.codes, TEXT)), text)
        if origin.without_end is not None:
            end = self._rows.at(self._table, origin.without_end, str(origin.without_end))
            text = without_end(text, end)
        return text

    def _slot(self, place: Place, source: str, slot: int) -> Column:
        if source not in self._packed:
            packed = self._rows.at(self._table, place, source)
            self._packed[source] = unpack(packed, self._separator, self._most[source])
        return self._packed[source][slot - 1]
