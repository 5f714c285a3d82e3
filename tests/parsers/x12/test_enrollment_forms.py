"""The forms in which a sound 834 may come: delimiters, line breaks, encodings, several sets, any size of chunk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

Interchange = Callable[..., str]


def same(left: Any, right: Any) -> None:
    for part in ("members", "coverage", "reporting", "findings"):
        pd.testing.assert_frame_equal(getattr(left, part), getattr(right, part), check_index_type=False)


@pytest.mark.parametrize("delimiters", ["|>^~", "*:^\n", "\t:^~", "*:^\x1c", "+:^'", "\x1d\x1f\x1e\x1c"])
def test_delimiters_are_those_of_the_isa(
    read: Callable[..., Any], interchange: Interchange, member_one: list[str], member_two: list[str], delimiters: str
) -> None:
    plain = interchange([member_one, member_two])
    other = interchange([member_one, member_two], delimiters=delimiters).encode("latin-1")
    same(read(other), read(plain))


@pytest.mark.parametrize("after", ["\n", "\r\n", "\r\n    ", "\t", "~", "~\n~ \n"])
def test_line_breaks_indentation_and_empty_segments_after_terminators_change_nothing(
    read: Callable[..., Any], interchange: Interchange, member_one: list[str], member_two: list[str], after: str
) -> None:
    content = interchange([member_one, member_two], after=after).removesuffix(after)
    same(read(content), read(interchange([member_one, member_two])))


@pytest.mark.parametrize("wrap", ["\ufeff{}", "\n\n  {}", "{}\r\n\r\n", "\ufeff \n{}  "])
def test_a_byte_order_mark_and_blanks_around_the_file_change_nothing(
    read: Callable[..., Any], two_members: str, wrap: str
) -> None:
    same(read(wrap.format(two_members)), read(two_members))


def test_the_last_terminator_may_be_missing(read: Callable[..., Any], two_members: str) -> None:
    same(read(two_members[:-1]), read(two_members))


def test_elements_of_the_isa_need_not_have_their_width(read: Callable[..., Any], two_members: str) -> None:
    same(read(two_members.replace("*00*          *00*          *", "*00**00**", 1)), read(two_members))


def test_every_set_and_interchange_is_read_with_its_own_delimiters(
    read: Callable[..., Any], interchange: Interchange, member_one: list[str], member_two: list[str]
) -> None:
    first = interchange([member_one], [member_two], after="\n")
    second = interchange([member_two, member_one], control="000000002", delimiters="|;!\n")
    tables = read(first + second)
    assert tables.members["cin"].tolist() == ["91234567B", "97654321I", "97654321I", "91234567B"]
    assert tables.members["set_control"].tolist() == ["0001", "0002", "0001", "0001"]
    assert tables.members.index.tolist() == [1, 2, 3, 4]
    assert tables.coverage["member_no"].tolist() == [1, 1, 2, 3, 4, 4]
    assert tables.coverage.index.tolist() == [1, 2, 3, 4, 5, 6]
    assert tables.members["race"].tolist() == ["2054-5", "7", "7", "2054-5"]


def test_segments_are_counted_through_the_file(
    read: Callable[..., Any], interchange: Interchange, member_two: list[str]
) -> None:
    text = interchange([member_two]) + interchange([member_two], control="000000002")
    places = read(text).members["segment_no"]
    named = [number for number, segment in enumerate(text.split("~"), start=1) if segment.startswith("INS*")]
    assert places.tolist() == named


@pytest.mark.parametrize(
    ("encoding", "findings"), [("utf-8", set()), ("cp1252", {(1, "", "W06")}), ("latin-1", {(1, "", "W06")})]
)
def test_names_beyond_ascii_survive_and_another_encoding_than_utf8_is_told(
    read: Callable[..., Any], two_members: str, encoding: str, findings: set[tuple[int, str, str]]
) -> None:
    tables = read(two_members.replace("QUILLWORT", "PEÑAÀ").encode(encoding))
    assert tables.members.loc[1, "last_name"] == "PEÑAÀ"
    assert "*PEÑAÀ*" in tables.segments.loc[1]
    assert tables.codes() == findings


def test_bytes_of_no_encoding_are_read_all_the_same(read: Callable[..., Any], two_members: str) -> None:
    tables = read(two_members.encode().replace(b"QUILLWORT", b"QU\x81\x8d\xff"))
    assert len(tables.members.loc[1, "last_name"]) == 5
    assert tables.codes() == {(1, "", "W06")}


def test_a_long_element_costs_no_member(read: Callable[..., Any], two_members: str) -> None:
    tables = read(two_members.replace("12 CANARY ST", "A" * 200_000))
    assert tables.members["cin"].tolist() == ["91234567B", "97654321I"]
    assert len(tables.members.loc[1, "address_1"]) == 200_000


@settings(max_examples=8, deadline=None)
@given(picks=st.lists(st.booleans(), min_size=1, max_size=9), size=st.integers(1, 10), sets=st.integers(1, 3))
def test_the_tables_do_not_depend_on_the_size_of_a_chunk(
    read: Callable[..., Any], interchange: Interchange, picks: list[bool], size: int, sets: int
) -> None:
    one = ["INS*Y*18*001*AI*A***AC", "REF*1L*91234567B", "NM1*IL*1*QUILLWORT*ZEPHYRA", "FOO*1", "HD*021**HLT*010;01"]
    two = ["INS*Y*18*001*AI*A***AC", "NM1*IL*1*THISTLEWOOD*OBERON", "LS*2700", "LX*1", "N1*75*X", "LE*2700"]
    content = interchange(*[[one if pick else two for pick in picks]] * sets)
    chunked, whole = read(content, chunk_size=size * 300), read(content, chunk_size=1 << 21)
    same(chunked, whole)
    pd.testing.assert_series_equal(chunked.segments, whole.segments, check_index_type=False)
    assert len(whole.members) == len(picks) * sets
