"""Sound members are read in bulk and all others one by one: whatever a file holds, it reads as by the plain reader.

The comparison is in the fixture `read`; here are the files that try it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.x12.profile_files import load_profile
from parsers.x12.reader import read_834
from sample_data.exchange import generate
from schemas.problems import FileFault
from tests.parsers.x12.damage import INSERTED, damaged, with_true_totals

Read = Callable[..., Any]
Interchange = Callable[..., str]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    random=st.randoms(use_true_random=True),
    encoding=st.sampled_from(["utf-8", "latin-1"]),
    size=st.sampled_from([1 << 21, 1 << 21, 1 << 21, 700]),
)
def test_damage_to_some_members(
    read: Read,
    interchange: Interchange,
    member_one: list[str],
    member_two: list[str],
    random: Random,
    encoding: str,
    size: int,
) -> None:
    sets = random.choice([[[member_one, member_two, member_one]], [[member_two, member_one], [member_two]]])
    content = damaged(interchange(*sets), random).encode(encoding)
    try:
        tables = read(content, chunk_size=size)
    except FileFault:
        return
    assert tables.members.index.is_unique


@pytest.mark.parametrize("segment", INSERTED)
@pytest.mark.parametrize("before", [0, 33])
def test_an_odd_segment_in_one_of_three_members(
    read: Read, interchange: Interchange, member_one: list[str], member_two: list[str], segment: str, before: int
) -> None:
    odd = [*member_one[:before], segment, *member_one[before:]] if before else [*member_one, segment]
    try:
        tables = read(with_true_totals(interchange([member_two, odd, member_one])))
    except FileFault:
        return
    assert tables.members["cin"].tolist()[0] == "97654321I"


@pytest.mark.parametrize("wrapping", ["{}", "{}\r\n", "\n   {}"])
def test_every_size_of_chunk(
    read: Read, interchange: Interchange, member_one: list[str], member_two: list[str], wrapping: str
) -> None:
    odd = [*member_two, "FOO*1"]
    text = interchange([member_one, odd, member_two], [member_two]) + interchange([member_two], control="000000002")
    content = "".join(wrapping.format(f"{segment}~") for segment in text.split("~")[:-1])
    for size in [1, 50, *range(100, len(content) + 600, 799)]:
        assert len(read(content, chunk_size=size).members) == 5


def test_a_month_of_invented_members(read: Read, tmp_path: Path) -> None:
    exchange = generate(tmp_path / "exchange", members=700, days=1, start=date(2026, 10, 28))
    files = list(exchange.servers(exchange.dates[0]).rglob("DHCS834-*"))
    assert len(files) == 2
    rows = [len(read(path.read_bytes(), chunk_size=size).members) for path in files for size in (1 << 21, 200_000)]
    assert max(rows) > 650
    assert min(rows) > 1


def test_a_member_of_many_segments(read: Read, interchange: Interchange, member_two: list[str]) -> None:
    months = [segment for _ in range(900) for segment in ("HD*021**HLT*010;01", "DTP*348*D8*20250201", "REF*NEW*1")]
    tables = read(interchange([member_two, [*member_two, *months], member_two]))
    assert len(tables.coverage) == 903
    assert tables.findings.empty


@pytest.mark.parametrize("content", ["~" * 300, " \r\n" * 100, "~ " * 200])
def test_many_blanks_between_segments(read: Read, two_members: str, content: str) -> None:
    text = two_members.replace("REF*0F*SUB0001~", f"REF*0F*SUB0001{content}~{content}")
    for size in (50, 1 << 21):
        assert read(text, chunk_size=size).members["ref_0f"].tolist() == ["SUB0001", "SUB0002"]


def test_nul_bytes_are_told_at_the_segment_that_holds_them(read: Read, two_members: str) -> None:
    for size in (50, 1 << 21):
        with pytest.raises(FileFault) as raised:
            read(two_members.replace("QUILLWORT", "QUILL\0WORT"), chunk_size=size)
        assert (raised.value.code, raised.value.where) == ("F01", "segment 20")


def test_interchanges_of_few_members(
    file_of: Callable[[str], Path], interchange: Interchange, member_one: list[str], member_two: list[str]
) -> None:
    texts = (interchange([member_one, [*member_two, "FOO*1"]], control=f"{number:09d}") for number in range(1, 30))
    path = file_of("".join(texts))
    one_by_one, in_bulk = (list(read_834(path, load_profile("dhcs"), few=few)) for few in (2, 1))
    assert len(one_by_one) == len(in_bulk) == 1
    for part in ("members", "coverage", "reporting", "findings"):
        pd.testing.assert_frame_equal(getattr(one_by_one[0], part), getattr(in_bulk[0], part))
    assert len(one_by_one[0].members) == 58


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("REF*1L*", "REF* 1L*"),
        ("REF*CE*", "REF*CE *"),
        ("NM1*IL*", "NM1*IL *"),
        ("*TE*5595550101*EM*", "*XX*1*YY*2*ZZ*3*TE*5595550101*EM*"),
        ("*TE*5595550101*EM*", "*TE* *TE*5595550101*EM*"),
    ],
)
def test_qualifiers_in_unusual_places_and_with_blanks(read: Read, two_members: str, old: str, new: str) -> None:
    members = read(two_members.replace(old, new, 1)).members
    assert members.loc[1, ["cin", "last_name", "phone"]].tolist() == ["91234567B", "QUILLWORT", "5595550101"]


@pytest.mark.parametrize("delimiters", ["*\n^~", "*\t^~", "*::~"])
def test_delimiters_that_are_blanks_or_the_same(
    read: Read, interchange: Interchange, member_one: list[str], member_two: list[str], delimiters: str
) -> None:
    named = [segment.replace("QUILLWORT", "QUILLWORT:").replace("*E**AC", "*:E**AC") for segment in member_one]
    content = interchange([named, member_two], delimiters=delimiters)
    assert read(content).members["cin"].tolist() == ["91234567B", "97654321I"]
