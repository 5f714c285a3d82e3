"""The plain reader, one segment after the other and tables by pandas: what production must equal.

It shares with production what is data (slots, guide, profile), the control totals and the reading of one member; its
cutting of the file, its chunks and its canonical tables are its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from parsers.x12.clean import MAX_SEGMENT
from parsers.x12.control import ENVELOPE, ControlTotals
from parsers.x12.delimiters import BLANK, MAX_ISA, Delimiters, declared
from parsers.x12.profile import EnrollmentProfile
from parsers.x12.reader import EnrollmentChunk
from parsers.x12.rows import MemberRows
from parsers.x12.slots import RAW_COVERAGE_COLUMNS, RAW_MEMBER_COLUMNS, RAW_REPORTING_COLUMNS
from parsers.x12.text import elements
from schemas.enrollment import COVERAGE_SCHEMA, MEMBER_COLUMNS, REPORTING_SCHEMA
from schemas.findings import CATALOGUE, file_fault

_BLOCK = 1 << 18
_BLANKS = re.compile(f"[{BLANK}]*")
_BOM = b"\xef\xbb\xbf".decode("latin-1")
_RAW_CIN = {"REF*1L": "ref_1l", "REF*0F": "ref_0f", "NM109": "nm109"}
_LONG_CIN = r"9[0-9]{7}[A-Z]([0-9]|[0-9]{5})"


def read_834_plainly(path: Path, profile: EnrollmentProfile) -> Iterator[EnrollmentChunk]:
    """Read the members of an 834 as one chunk."""
    with path.open("rb") as stream:
        rows = _read(SegmentReader(stream))
    if rows.members:
        yield _chunk(rows, profile)


def _read(source: SegmentReader) -> MemberRows:
    totals = ControlTotals()
    rows = MemberRows()
    member_no = 0
    in_member = False
    for text in source:
        separator = source.delimiters.element
        name = text[:4].partition(separator)[0].strip(BLANK)
        if name == "INS":
            if in_member:
                rows.end()
            totals.members(1, source.number)
            member_no += 1
            rows.begin(member_no, text, source.number, source.delimiters, totals.set_control)
            in_member = True
        elif name in ENVELOPE:
            if in_member:
                rows.end()
                in_member = False
            totals.envelope(name, elements(text, separator), source.number)
        elif in_member:
            rows.add(text, source.number)
        else:
            totals.header(name, elements(text, separator), source.number)
    totals.end(source.number)
    return rows


def _chunk(rows: MemberRows, profile: EnrollmentProfile) -> EnrollmentChunk:
    index = _numbers("member_no", len(rows.members))
    raw_members = raw_table(rows.members, RAW_MEMBER_COLUMNS, index)
    raw_coverage = raw_table(rows.coverage, RAW_COVERAGE_COLUMNS, _numbers("coverage_no", len(rows.coverage)))
    raw_reporting = raw_table(rows.reporting, RAW_REPORTING_COLUMNS, _numbers("reporting_no", len(rows.reporting)))
    found = pd.DataFrame(rows.findings, columns=["row", "column", "code"])
    found["severity"] = found["code"].map({code: entry.severity.value for code, entry in CATALOGUE.items()})
    return EnrollmentChunk(
        members=members_table(raw_members, profile),
        coverage=coverage_table(raw_coverage),
        reporting=reporting_table(raw_reporting),
        findings=found.astype({"row": "int64", "column": "str", "code": "str", "severity": "str"}).sort_values(
            ["row", "column", "code"], ignore_index=True
        ),
        segments=pd.Series(rows.texts, index=index, dtype="str", name="segments"),
    )


def _numbers(name: str, count: int) -> pd.Index[int]:
    return pd.RangeIndex(1, count + 1, name=name)


class SegmentReader:
    """The segments of a file, in order, without terminators and without blanks around them; empty ones are skipped.

    Iterating raises `FileFault` F01 for what is not X12 and F04 for text after the last interchange.

    Attributes
    ----------
    delimiters
        Those of the interchange that the last segment belongs to.
    number
        The last segment's place in the file, the first ISA being 1.
    """

    delimiters: Delimiters

    def __init__(self, stream: BinaryIO) -> None:
        self.number = 0
        self._stream = stream
        self._text = ""
        self._at = 0

    def __iter__(self) -> Iterator[str]:
        self._fill(len(_BOM))
        if self._text.startswith(_BOM):
            self._at = len(_BOM)
        while self._at_interchange():
            self.delimiters = self._read_delimiters()
            yield from self._interchange()
        if not self.number:
            raise file_fault("F01", "it is empty")

    def _interchange(self) -> Iterator[str]:
        terminator = self.delimiters.segment
        last = ("IEA", f"IEA{self.delimiters.element}")
        text, at = self._text, self._at
        while True:
            end = text.find(terminator, at)
            if end < 0:
                self._at = at
                end = self._read_until(terminator)
                text, at = self._text, self._at
            segment = text[at:end].strip(BLANK)
            at = end + 1
            if segment:
                if "\0" in segment:
                    raise file_fault("F01", "it holds NUL bytes", where=self._next_place())
                self.number += 1
                if segment.startswith("IEA") and (segment == last[0] or segment.startswith(last[1])):
                    self._at = min(at, len(text))
                    yield segment
                    return
                yield segment
            if end == len(text):
                self._at = end
                return

    def _read_until(self, terminator: str) -> int:
        """Read on to the next terminator and return its position; without one, the position of the file's end."""
        end = -1
        while end < 0:
            if len(self._text) - self._at > MAX_SEGMENT:
                break
            if not self._more():
                return len(self._text)
            end = self._text.find(terminator, self._at)
        if end < 0 or end - self._at > MAX_SEGMENT:
            raise file_fault("F01", f"a segment is longer than {MAX_SEGMENT} characters", where=self._next_place())
        return end

    def _at_interchange(self) -> bool:
        """Skip blanks and tell whether another interchange begins (True) or the file ends (False)."""
        while True:
            blanks = _BLANKS.match(self._text, self._at)
            self._at = blanks.end() if blanks else self._at
            if self._at < len(self._text):
                break
            if not self._more():
                return False
        self._fill(3)
        if self._text.startswith("ISA", self._at):
            return True
        if self.number:
            raise file_fault("F04", "there is text after the IEA", where=self._next_place())
        raise file_fault("F01", "it does not begin with an ISA segment", where="segment 1")

    def _read_delimiters(self) -> Delimiters:
        """Find the delimiters at the interchange that begins here."""
        self._fill(MAX_ISA)
        found = declared(self._text[self._at : self._at + MAX_ISA])
        if found is not None:
            return found
        raise file_fault("F01", "its ISA segment is damaged", where=self._next_place())

    def _fill(self, characters: int) -> None:
        while len(self._text) - self._at < characters and self._more():
            pass

    def _more(self) -> bool:
        block = self._stream.read(_BLOCK)
        self._text = self._text[self._at :] + block.decode("latin-1")
        self._at = 0
        return bool(block)

    def _next_place(self) -> str:
        return f"segment {self.number + 1}"


def members_table(raw: pd.DataFrame, profile: EnrollmentProfile) -> pd.DataFrame:
    """Make the members table of raw member rows (`slots.RAW_MEMBER_COLUMNS`), keeping their index."""
    cin = raw[_RAW_CIN[profile.cin_field]]
    if profile.cin_slot:
        cin = unpack(cin, profile.cin_slot)[profile.cin_slot - 1]
    county_code, aid_code, case_number = unpack(raw["ref_3h"], 3)
    table = raw.assign(
        cin=canonical_cin(cin),
        death_date=iso_date(raw["death_date"].where(raw["death_date_format"] == "D8")),
        reporting_month=_iso_month(unpack(raw["ref_17"], 3)[2]),
        county_code=county_code,
        aid_code=aid_code,
        case_number=case_number,
        phone=raw["phone"].fillna(raw["phone_home"]).fillna(raw["phone_cell"]),
        city=_without_state(raw["city"], raw["state"]),
        county=raw["county"].where(raw["location_qualifier"] == "CY"),
        birth_date=iso_date(raw["birth_date"]),
        mailing_city=_without_state(raw["mailing_city"], raw["mailing_state"]),
    )
    return table[list(MEMBER_COLUMNS)]


def coverage_table(raw: pd.DataFrame) -> pd.DataFrame:
    """Make the coverage table of raw coverage rows (`slots.RAW_COVERAGE_COLUMNS`), keeping their index."""
    hcp_code, hcp_status = unpack(raw["plan"], 2)
    aid_code, esc, *special = unpack(raw["ref_ce"], 8)
    begin = iso_date(raw["benefit_begin"])
    table = raw.assign(
        hcp_code=hcp_code,
        hcp_status=hcp_status,
        benefit_begin=begin,
        benefit_end=iso_date(raw["benefit_end"]),
        benefit_month=(begin.str[:8] + "01").where(begin.str.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}")),
        aid_code=aid_code,
        esc=esc,
        segment_number=unpack(raw["ref_zz"], 3)[2],
    )
    for number in (1, 2, 3):
        table[f"special_aid_{number}"], table[f"special_esc_{number}"] = special[2 * number - 2 : 2 * number]
    return table[list(COVERAGE_SCHEMA.columns)]


def reporting_table(raw: pd.DataFrame) -> pd.DataFrame:
    """Make the reporting table of raw rows (`slots.RAW_REPORTING_COLUMNS`); of a span of days the first counts."""
    first_day = raw["date"].str.replace(r"^([0-9]{8})-[0-9]{8}$", r"\1", regex=True)
    return raw.assign(date=iso_date(first_day))[list(REPORTING_SCHEMA.columns)]


def iso_date(text: pd.Series[str]) -> pd.Series[str]:
    """Write `YYYYMMDD` as `YYYY-MM-DD` where it is a day of the calendar."""
    shaped = text.str.fullmatch("[0-9]{8}") & ~text.str.startswith("0000")
    is_day = shaped & pd.to_datetime(text.where(shaped), format="%Y%m%d", errors="coerce").notna()
    return text.mask(is_day, text.str[:4] + "-" + text.str[4:6] + "-" + text.str[6:])


def canonical_cin(text: pd.Series[str]) -> pd.Series[str]:
    """Write CINs in capitals and cut what follows their nine characters on a card."""
    cin = text.str.upper()
    return cin.mask(cin.str.fullmatch(_LONG_CIN), cin.str[:9])


def unpack(packed: pd.Series[str], slots: int) -> list[pd.Series[str]]:
    """Return the first `slots` of the values that DHCS packs into one element with semicolons."""
    parts = packed.str.split(";", n=slots, expand=True).reindex(columns=range(slots))
    return [_text(parts[slot]) for slot in range(slots)]


def _iso_month(text: pd.Series[str]) -> pd.Series[str]:
    """Write `YYYYMM` as the month's first day."""
    first_day = iso_date(text + "01")
    return text.mask((first_day.str.len() == 10) & (text.str.len() == 6), first_day)


def _without_state(city: pd.Series[str], state: pd.Series[str]) -> pd.Series[str]:
    """Cut the state that DHCS repeats after the city (`LOS ANGELES CA`)."""
    repeated = (city.str[-3:] == " " + state) & (city.str.len() > 3)
    return city.mask(repeated, city.str[:-3].str.rstrip())


def _text(values: pd.Series[str]) -> pd.Series[str]:
    text = values.astype("str").str.strip(BLANK)
    return text.where(text != "")


def raw_table(rows: Sequence[Sequence[str | int | None]], columns: Sequence[str], index: pd.Index[int]) -> pd.DataFrame:
    """Make a table of raw rows: numbers are int64, all else is text."""
    values = zip(*rows, strict=True) if rows else ([] for _ in columns)
    return pd.DataFrame(
        {
            name: pd.Series(column, index=index, dtype="int64" if name in ("member_no", "segment_no") else "str")
            for name, column in zip(columns, values, strict=True)
        }
    )
