"""Put the members of a file together, block by block, while the envelope is held to its word."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from parsers.x12.arrays import TEXT, Column, Mask
from parsers.x12.blocks import Block
from parsers.x12.bulk import RawTables, raw_tables
from parsers.x12.control import ControlTotals
from parsers.x12.outline import Outline, outline, symbols_of
from parsers.x12.rows import MemberRows, Row
from parsers.x12.slots import MEMBER_TEXT, RAW_COVERAGE_COLUMNS, RAW_MEMBER_COLUMNS, RAW_REPORTING_COLUMNS
from parsers.x12.sound import sound_members
from parsers.x12.symbols import symbols
from parsers.x12.text import elements
from parsers.x12.tokens import Tokens
from schemas.findings import CATALOGUE, findings


class Assembly:
    """The members read and not yet handed out. Taking raises the `FileFault` of the first segment that is wrong.

    Blocks of at most `few` members are read one by one.

    Attributes
    ----------
    totals
        The state of the envelope.
    size
        Bytes of the members held.
    in_member
        Whether the last member may go on: there is nothing to hand out before it has ended.
    """

    def __init__(self, few: int) -> None:
        self._few = few
        self.totals = ControlTotals()
        self.size = 0
        self.in_member = False
        self._members = 0
        self._bulk: list[tuple[Outline, Mask, Column, int]] = []
        self._rows = MemberRows()

    def take(self, block: Block) -> None:
        """Take the next segments of the file."""
        tokens = block.tokens
        found = outline(tokens, symbols_of(tokens))
        first = found.members.first
        sound = sound_members(found) if len(first) > self._few else np.zeros(len(first), np.bool_)
        if block.cut_in_member:
            sound[-1:] = False
        controls = self._follow(found, sound)
        if not block.cut_in_member:
            self._end_member()
        if sound.any():
            self._bulk.append((found, sound, pa.array(controls, TEXT), self._members + 1))
        self._members += len(first)
        self.size += tokens.size

    def _follow(self, found: Outline, sound: Mask) -> list[str | None]:
        """Show all segments to the envelope in order, read unsound members, and return the ST02 of each member."""
        known, tokens, first = symbols(), found.tokens, found.members.first
        is_envelope = known.is_boundary[found.symbol] & (found.symbol != known.symbol("INS"))
        controls: list[str | None] = []
        at = 0
        for stop in [*np.flatnonzero(is_envelope).tolist(), len(tokens)]:
            members = range(len(controls), int(np.searchsorted(first, stop)))
            self._between(tokens, range(at, int(first[members[0]]) if members else stop))
            if members:
                self._end_member()
                self.totals.members(len(members), _number(tokens, int(first[members[0]])))
                for member in (np.flatnonzero(~sound[members.start : members.stop]) + members.start).tolist():
                    self._read(found, member)
                controls += [self.totals.set_control or None] * len(members)
            if stop < len(tokens):
                self._end_member()
                segment = elements(tokens.segment(stop), tokens.delimiters.element)
                self.totals.envelope(known.names[found.symbol[stop]], segment, _number(tokens, stop))
            at = stop + 1
        return controls

    def _between(self, tokens: Tokens, segments: range) -> None:
        """Take segments before the first INS: of the header, or of the member that the block before ended in."""
        for index in segments:
            if self.in_member:
                self._rows.add(tokens.segment(index), _number(tokens, index))
            else:
                segment = elements(tokens.segment(index), tokens.delimiters.element)
                self.totals.header(tokens.name(index), segment, _number(tokens, index))

    def _read(self, found: Outline, member: int) -> None:
        """Read a member segment by segment and leave it open."""
        self._end_member()
        tokens, first = found.tokens, int(found.members.first[member])
        number, control = _number(tokens, first), self.totals.set_control
        self._rows.begin(self._members + member + 1, tokens.segment(first), number, tokens.delimiters, control)
        self.in_member = True
        for index in range(first + 1, first + int(found.members.count[member])):
            self._rows.add(tokens.segment(index), _number(tokens, index))

    def _end_member(self) -> None:
        if self.in_member:
            self._rows.end()
            self.in_member = False

    def tables(self) -> RawTables:
        """Return the raw tables of the members held."""
        rows = self._rows
        texts = (*RAW_MEMBER_COLUMNS, MEMBER_TEXT)
        read_singly = RawTables(
            _table([[*row, text] for row, text in zip(rows.members, rows.texts, strict=True)], texts),
            _table(rows.coverage, RAW_COVERAGE_COLUMNS),
            _table(rows.reporting, RAW_REPORTING_COLUMNS),
        )
        read_in_bulk = [raw_tables(*arguments) for arguments in self._bulk]
        return RawTables(*(_in_order(parts) for parts in zip(*read_in_bulk, read_singly, strict=True)))

    def findings(self) -> pd.DataFrame:
        """Return the findings on the members held: `row` is the `member_no`."""
        if not self._rows.findings:
            return findings()
        found = pd.DataFrame(self._rows.findings, columns=["row", "column", "code"])
        found["severity"] = found["code"].map({code: entry.severity.value for code, entry in CATALOGUE.items()})
        found = found.astype({"row": "int64", "column": "str", "code": "str", "severity": "str"})
        return found.sort_values(["row", "column", "code"], ignore_index=True)

    def clear(self) -> None:
        """Forget the members held; member numbers go on."""
        self._bulk.clear()
        self._rows.clear()
        self.size = 0


def _number(tokens: Tokens, index: int) -> int:
    return tokens.number + index + 1


def _table(rows: list[Row], columns: tuple[str, ...]) -> pa.Table:
    values = zip(*rows, strict=True) if rows else ([] for _ in columns)
    return pa.table(
        {
            name: pa.array(column, pa.int64() if name in ("member_no", "segment_no") else TEXT)
            for name, column in zip(columns, values, strict=True)
        }
    )


def _in_order(parts: tuple[pa.Table, ...]) -> pa.Table:
    some = [part for part in parts if part.num_rows] or [parts[-1]]
    table = pa.concat_tables(some).combine_chunks()
    return table.sort_by("segment_no") if len(some) > 1 else table
