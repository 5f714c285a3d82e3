"""The 834 of DHCS by `str.split` and nothing else: what a careful programmer writes who imports no library.

It makes the columns of the project's three tables, value for value, as lists of a few thousand rows; all but the set's
control number and the e-mail address. It checks nothing, and expects that segments end with `~`, elements with `*` and
components with `:`, and that no value has blanks around it.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

Text = str | None
Row = list[Text]
Columns = dict[str, list[Text]]
Slots = dict[str, tuple[tuple[int, str], ...]]
"""Which elements of a segment fill which columns"""
Plan = dict[str, tuple[tuple[int, int], ...]]
"""The same with the columns' places in the row"""

PIECE = 4 << 20
"""Bytes read at a time."""

MEMBER_REFERENCES = ("0f", "1l", "17", "23", "3h", "6o", "dx", "f6", "q4", "qq", "zz")
COVERAGE_REFERENCES = ("ce", "rb", "17", "9v", "zx", "zz", "xx1")
_NAME = ((3, "last_name"), (4, "first_name"), (5, "middle_name"), (7, "name_suffix"))
STATUS: Slots = {
    "INS": (
        (1, "subscriber_indicator"), (2, "relationship"), (3, "maintenance_type"), (4, "maintenance_reason"),
        (5, "benefit_status"), (6, "medicare_status"), (8, "employment_status"), (12, "death_date"),
    ),
    **{f"REF*{q.upper()}*"[:7]: ((2, f"ref_{q}"),) for q in MEMBER_REFERENCES},
    "NM1*IL": _NAME,
    "NM1*74": _NAME,
    "PER*IP": ((4, "phone"),),
    "N3": ((1, "address_1"), (2, "address_2")),
    "N4": ((1, "city"), (2, "state"), (3, "zip"), (6, "county")),
    "DMG": ((2, "birth_date"), (3, "gender"), (5, "race")),
    "LUI": ((2, "language"),),
}  # fmt: skip
MAILING: Slots = {
    "N3": ((1, "mailing_address_1"), (2, "mailing_address_2")),
    "N4": ((1, "mailing_city"), (2, "mailing_state"), (3, "mailing_zip")),
}
COVERAGE: Slots = {
    "HD": ((1, "maintenance_type"), (3, "insurance_line"), (4, "plan")),
    "DTP*348": ((3, "benefit_begin"),),
    "DTP*349": ((3, "benefit_end"),),
    "AMT*R": ((2, "share_of_cost"),),
    **{f"REF*{q.upper()}*"[:7]: ((2, f"ref_{q}"),) for q in COVERAGE_REFERENCES},
}
REPORTING: Slots = {
    "N1*75": ((2, "category"),),
    "REF*ZZ*": ((1, "ref_qualifier"), (2, "ref_value")),
    "DTP*007": ((3, "date"),),
}

_OPENING = frozenset({"INS", "HD", "LX", "NM1", "N1", "AMT", "PER"})
"""Segments that open a loop, or that their first element tells apart; of these are few."""


class _Table:
    """Rows of one kind, and the plans that say where in them a segment's elements go."""

    def __init__(self, *slots: Slots) -> None:
        self.names = list(dict.fromkeys(name for plan in slots for filled in plan.values() for _, name in filled))
        self.plans: list[Plan] = [
            {key: tuple((at, self.names.index(name)) for at, name in filled) for key, filled in plan.items()}
            for plan in slots
        ]
        self.rows: list[Row] = []
        self.member_no: list[int] = []
        self.segment_no: list[int] = []

    def begin(self, member_no: int, segment_no: int) -> Row:
        row: Row = [None] * len(self.names)
        self.rows.append(row)
        self.member_no.append(member_no)
        self.segment_no.append(segment_no)
        return row

    def take(self) -> Columns:
        """Return the columns and forget the rows."""
        values = zip(*self.rows, strict=True) if self.rows else ([] for _ in self.names)
        columns = {name: list(column) for name, column in zip(self.names, values, strict=True)}
        self.rows = []
        return columns

    def numbers(self) -> dict[str, list[int]]:
        taken = {"member_no": self.member_no, "segment_no": self.segment_no}
        self.member_no, self.segment_no = [], []
        return taken


class Tables(NamedTuple):
    """The columns of some members; `numbers` ties their rows together, in the order of the other three."""

    members: Columns
    coverage: Columns
    reporting: Columns
    numbers: tuple[dict[str, list[int]], ...]


class _Reader:
    """The rows of the members read, and which slots of which row the next segment may fill."""

    def __init__(self) -> None:
        self.members, self.coverage, self.reporting = _Table(STATUS, MAILING), _Table(COVERAGE), _Table(REPORTING)
        self.plan: Plan = {}
        self.row: Row = []
        self.member_no = 0
        self.category = 0

    def take(self, segments: list[str], before: int) -> None:
        """Read segments, `before` of which were read earlier."""
        plan, row = self.plan, self.row
        for number, segment in enumerate(segments, before + 1):
            elements = segment.split("*")
            name = elements[0]
            if name == "REF" or name == "DTP":  # noqa: PLR1714 - faster than `in`, and most segments are
                name = segment[:7]
            elif name in _OPENING:
                name = self.open(name, elements, number)
                plan, row = self.plan, self.row
            if name in plan:
                count = len(elements)
                for at, column in plan[name]:
                    if at < count:
                        row[column] = elements[at] or None

    def open(self, name: str, elements: list[str], number: int) -> str:
        """Begin a row or loop if the segment does, and return the name its slots go by."""
        if name == "INS":
            self.member_no += 1
            self.plan, self.row = self.members.plans[0], self.members.begin(self.member_no, number)
        elif name == "HD":
            self.plan, self.row = self.coverage.plans[0], self.coverage.begin(self.member_no, number)
        elif name == "LX":
            self.category = number
        else:
            name = f"{name}*{elements[1]}"
            if name == "NM1*31":
                self.plan = self.members.plans[1]
            elif name == "N1*75":
                self.plan, self.row = self.reporting.plans[0], self.reporting.begin(self.member_no, self.category)
        return name

    def tables(self) -> Tables:
        """Return the columns of the members read since the last time."""
        read = (self.members, self.coverage, self.reporting)
        numbers = tuple(table.numbers() for table in read)
        members, coverage, reporting = (table.take() for table in read)
        return Tables(_members(members), _coverage(coverage), _reporting(reporting), numbers)


def read(path: Path) -> Iterator[Tables]:
    """Read the members of an 834, some thousands at a time."""
    reader = _Reader()
    before = 0
    for segments in _pieces(path):
        reader.take(segments, before)
        before += len(segments)
        yield reader.tables()


def _pieces(path: Path) -> Iterator[list[str]]:
    """Split the file into segments, a piece of it at a time, each piece ending before an INS."""
    rest = ""
    with path.open("rb", buffering=0) as stream:
        while block := stream.read(PIECE):
            text = rest + block.decode("ascii")
            cut = text.rfind("~INS*")
            rest = text[cut + 1 :]
            if cut >= 0:
                yield text[:cut].split("~")
    yield rest.removesuffix("~").split("~")


class _Days(dict[Text, Text]):
    """`YYYYMMDD` as `YYYY-MM-DD`; the same few days come again and again."""

    def __missing__(self, text: Text) -> Text:
        self[text] = day = f"{text[:4]}-{text[4:6]}-{text[6:]}" if text else None
        return day


_DAYS = _Days()


def _iso(texts: list[Text]) -> list[Text]:
    return [_DAYS[text] for text in texts]


def _unpacked(texts: list[Text], slots: int) -> list[list[Text]]:
    """Return the first values of those packed with semicolons."""
    more = ";" * slots
    parts: dict[Text, Row] = {None: [None] * slots}
    for text in set(texts) - {None}:
        parts[text] = [part or None for part in f"{text}{more}".split(";", slots)[:slots]]
    rows = [parts[text] for text in texts]
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(slots)]


def _without_state(cities: list[Text], states: list[Text]) -> list[Text]:
    return [
        city[:-3] if city and state and city.endswith(f" {state}") else city
        for city, state in zip(cities, states, strict=True)
    ]


def _race(text: Text) -> Text:
    """The code of DMG05, or the CDC code where that is given instead."""
    if not text or ":" not in text:
        return text
    code, _, coded = text.split(":")
    return code or coded


def _members(columns: Columns) -> Columns:
    columns["cin"] = columns["ref_1l"]
    columns["death_date"] = _iso(columns["death_date"])
    columns["birth_date"] = _iso(columns["birth_date"])
    columns["reporting_month"] = [
        month and f"{month[:4]}-{month[4:]}-01" for month in _unpacked(columns["ref_17"], 3)[2]
    ]
    columns["county_code"], columns["aid_code"], columns["case_number"] = _unpacked(columns["ref_3h"], 3)
    columns["race"] = [_race(text) for text in columns["race"]]
    columns["city"] = _without_state(columns["city"], columns["state"])
    columns["mailing_city"] = _without_state(columns["mailing_city"], columns["mailing_state"])
    return columns


def _coverage(columns: Columns) -> Columns:
    columns["hcp_code"], columns["hcp_status"] = _unpacked(columns.pop("plan"), 2)
    columns["aid_code"], columns["esc"], *special = _unpacked(columns["ref_ce"], 8)
    for number in (1, 2, 3):
        columns[f"special_aid_{number}"], columns[f"special_esc_{number}"] = special[2 * number - 2 : 2 * number]
    columns["segment_number"] = _unpacked(columns["ref_zz"], 3)[2]
    columns["benefit_begin"] = _iso(columns["benefit_begin"])
    columns["benefit_end"] = _iso(columns["benefit_end"])
    columns["benefit_month"] = [day and f"{day[:8]}01" for day in columns["benefit_begin"]]
    return columns


def _reporting(columns: Columns) -> Columns:
    columns["date"] = _iso(columns["date"])
    return columns


def main() -> None:
    """Read the file named on the command line and tell how many members it holds."""
    gc.disable()
    print(json.dumps({"members": sum(len(tables.members["cin"]) for tables in read(Path(sys.argv[1])))}))


if __name__ == "__main__":
    main()
