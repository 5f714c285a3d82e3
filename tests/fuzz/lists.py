"""Referrals, MIFs, notices and returns as delimited text: read by their layouts, every row accounted for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from parsers.tabular import TabularFile, read_tabular
from sample_data.example_files import FOLDER
from schemas.findings import CATALOGUE, Severity
from schemas.layout import Layout, available_layouts, load_layout
from schemas.problems import FileFault
from tests.fuzz.mutate import Mutator
from tests.fuzz.parts import joined
from tests.fuzz.target import Target, silent_about

ON = date(2026, 11, 3)
NAMING = ("cin", "last_name", "first_name", "phone", "member_phone", "address", "notes")
"""Columns whose values say who somebody is, where a layout has them."""

_EXAMPLES = {
    "mini_mif/VRC_JI_REFERRAL.txt": "VRC_JI_REFERRAL_20261030.txt",
    "mini_mif/PROBATION_REFERRALS.csv": "PROBATION_REFERRALS_20261029.csv",
    "release_notice/RELEASE_NOTICE.csv": "RELEASE_NOTICE_20261029.csv",
}
_WORKBOOKS = {
    "mini_mif/ASHGROVE.xlsx": "ASHGROVE_ECM_REFERRALS_20261103.xlsx",
    "mif/ORCHARD.xlsx": "ORCHARD_MIF_20261001.xlsx",
}
_HEADINGS = {
    f"{layout.name}/{layout.name}.psv": b"|".join(
        (column.headings or (column.name,))[0].encode() for column in layout.columns
    )
    + b"\n"
    + b"|".join((column.codes or ("91234567B",))[0].encode() for column in layout.columns)
    + b"\n"
    for layout in map(load_layout, available_layouts())
}
_SEEDS = [
    *(joined({name: (FOLDER / file).read_bytes()}) for name, file in _EXAMPLES.items()),
    *(joined({name: content}) for name, content in _HEADINGS.items()),
    joined(
        {"mini_mif/wide.csv": (FOLDER / _EXAMPLES["mini_mif/PROBATION_REFERRALS.csv"]).read_text().encode("utf-16")}
    ),
]
_WORDS = (
    *(mark.encode() for mark in ',|\t;"\n\r\'=+@'),
    *(word.encode("latin-1") for word in ("\x00", "\x1f", "\x85", "\xa0", "\xff\xfe", "\xd1", "\xef\xbb\xbf")),
    *(word.encode() for word in ("\N{ZERO WIDTH SPACE}", "\u017f", "\u0130", "\uff11")),
    *(b"2026-02-30 45000 1E5 31/12/2026 #N/A".split(b" ")),
    *(b'"a\nb"', b'""', b"TRUE", b"-0", b"NaN", b"9" * 400, b"A" * 40_000, b"(559) 555-0123", b"a; b", b"error_code"),
)  # fmt: skip


_POSITIONS = {"column", "sheet"}


def examine(table: TabularFile) -> None:
    """Every row is there once in every form, and findings speak of rows, places and codes alone."""
    rows = list(range(1, len(table.rows) + 1))
    assert table.rows.index.tolist() == table.original.index.tolist() == table.lines.index.tolist() == rows
    assert table.lines.is_monotonic_increasing
    assert tuple(table.rows.columns) == table.layout.column_names
    found = table.examine(ON)
    assert set(found["row"]) <= {-1, *rows}
    assert set(found["code"]) <= CATALOGUE.keys()
    assert not {CATALOGUE[code].severity for code in found["code"]} & {Severity.HOLD}
    known = {"", *table.layout.column_names}
    assert [
        place for place in found["column"].unique() if place not in known and place.split()[0] not in _POSITIONS
    ] == []


def read_or_held(path: Path, layout: Layout, name: str, canaries: frozenset[str]) -> None:
    """Read a file as its layout says: a table that holds together, or a fault that repeats nothing."""
    try:
        table = read_tabular(path, layout, name=name)
    except FileFault as fault:
        held = fault
    else:
        examine(table)
        return
    assert CATALOGUE[held.code].severity is Severity.HOLD
    silent_about(canaries, held, held.__cause__)


@cache
def canaries() -> frozenset[str]:
    """What names people in the examples."""
    found = set()
    for name, file in {**_EXAMPLES, **_WORKBOOKS}.items():
        rows = read_tabular(FOLDER / file, load_layout(name.partition("/")[0]), name=file).rows
        for column in rows.columns.intersection(list(NAMING)):
            found |= {value for value in rows[column].dropna() if len(value) > 5}
    return frozenset(found)


def _check(parts: Mapping[str, bytes], folder: Path) -> None:
    path = folder / "landed"
    for place, content in parts.items():
        kind, _, name = place.partition("/")
        if kind in available_layouts():
            path.write_bytes(content)
            read_or_held(path, load_layout(kind), name, canaries())


LISTS = Target("lists", _check, Mutator(b"\n", _WORDS, _SEEDS))
