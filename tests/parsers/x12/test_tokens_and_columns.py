"""Segments and values as positions in the bytes, and columns made of them."""

from __future__ import annotations

import io
from itertools import accumulate, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.x12.blocks import BlockReader
from parsers.x12.columns import pieces
from parsers.x12.delimiters import BLANK, MAX_ISA, Delimiters
from parsers.x12.guide import transitions
from parsers.x12.loops import Members, places
from parsers.x12.symbols import symbols
from parsers.x12.tokens import tokens

MARKS = Delimiters("*", ":", "^", "~")
ISA = "ISA*00*          *00*          *ZZ*SENDER*30*RECEIVER*250206*2008*^*00501*000000001*0*P*:~"


@given(text=st.text(alphabet="A* ~\n", min_size=1, max_size=60))
def test_segments_and_elements_are_those_that_splitting_finds(text: str) -> None:
    found = tokens(text.encode(), MARKS, 0)
    expected = [segment.strip(BLANK) for segment in text.split("~") if segment.strip(BLANK)]
    assert [found.segment(index) for index in range(len(found))] == expected
    for position in (1, 2, 5):
        start, length = found.trimmed(found.element(np.arange(len(found)), position))
        values = [found.text[at : at + count].decode() for at, count in zip(start, length, strict=True)]
        elements = [segment.split("*") for segment in expected]
        assert values == [each[position].strip(" ") if position < len(each) else "" for each in elements]


@pytest.mark.parametrize("blanks", [0, 1, 7, 8, 9, 5_000])
@pytest.mark.parametrize("blank", [" ", "\r\n"])
def test_blanks_around_segments_are_dropped_however_many_there_are(blanks: int, blank: str) -> None:
    around = blank * blanks
    found = tokens(f"{around}A*1{around}~{around}~{around}B*2{around}~{around}".encode(), MARKS, 0)
    assert found.text.rstrip(b"\0") == b"A*1~B*2~"


def test_values_of_every_length_become_text_each_in_its_row() -> None:
    values = ["x" * length + "ñ" for length in range(40)]
    found = tokens("".join(f"A*{value}~" for value in values).encode(), MARKS, 0)
    parts = pieces(found)
    places = np.full(80, parts.nothing)
    places[::2] = parts.at(np.arange(len(found)), 1)[::-1]
    column = parts.column(places)
    assert column.to_pylist()[::2] == values[::-1]
    assert column.to_pylist()[1::2] == [None] * 40


@given(picks=st.lists(st.lists(st.integers(0, 200), max_size=12), min_size=1, max_size=6))
def test_members_stand_in_the_loops_that_the_guide_leads_to(picks: list[list[int]]) -> None:
    known = symbols()
    ins = known.symbol("INS")
    loops = [[ins, *(1 + pick % (len(known.names) - 1) for pick in picked)] for picked in picks]
    count = np.array([len(loop) for loop in loops])
    members = Members(np.cumsum(count) - count, count)
    expected = []
    for loop in loops:
        place = "2000"
        expected.append(place)
        for symbol in loop[1:]:
            name = known.names[symbol]
            following = transitions().get(place, {})
            place = following.get(name.partition("*")[0]) or following.get(name) or ""
            expected.append(place)
    found = places(np.array([symbol for loop in loops for symbol in loop]), members, known)
    assert [known.loops[place] for place in found] == expected


@given(size=st.integers(1, 400), lengths=st.lists(st.integers(0, 90), max_size=12))
def test_blocks_hold_all_segments_and_are_cut_before_members(size: int, lengths: list[int]) -> None:
    members = [f"INS*Y~{'NM1*IL*ROBINS*INS~' * (length // 30)}REF*{'A' * length}~" for length in lengths]
    text = ISA + "ST*834~" + "".join(members) + "IEA*1~"
    blocks = list(BlockReader(io.BytesIO(text.encode()), size))
    assert b"".join(block.tokens.text.rstrip(b"\0") for block in blocks) == text.encode()
    for block, following in pairwise(blocks):
        assert block.tokens.size <= 2 * (size + MAX_ISA + max(map(len, [ISA, *members])))
        assert following.tokens.text.startswith(b"INS*")
    assert list(accumulate(block.tokens.size for block in blocks)) == [block.end for block in blocks]
    assert [block.tokens.number for block in blocks] == [
        sum(len(block.tokens) for block in blocks[:place]) for place in range(len(blocks))
    ]
