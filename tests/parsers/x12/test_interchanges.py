"""The envelopes of a file are told as they stand, in whatever order, and never stop the reading."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.x12.delimiters import Delimiters
from parsers.x12.interchanges import Interchange, InterchangeRecorder, Trailer, read_interchanges

FileOf = Callable[[str | bytes], Path]


@pytest.fixture
def envelopes(file_of: FileOf) -> Callable[[str | bytes], tuple[Interchange, ...]]:
    return lambda content: read_interchanges(file_of(content))


def test_a_file_is_told_by_its_interchanges_groups_and_sets(
    envelopes: Callable[..., tuple[Interchange, ...]], interchange: Callable[..., str], two_members: str
) -> None:
    first, second = envelopes(two_members + interchange([], [], control="000000002", delimiters="|>!\n"))
    assert first.partners == ("ZZ", "CADHCS_5010_834", "30", "999999991")
    assert (first.date, first.time, first.control_number, first.usage) == ("250206", "2008", "000000001", "P")
    (group,) = first.groups
    assert (group.identifier, group.control_number, group.version) == ("BE", "10000005", "005010X220A1")
    (only,) = group.sets
    assert (only.first, only.identifier, only.control_number) == (3, "834", "0001")
    assert only.trailer == Trailer(str(only.segments), "0001")
    assert (group.last, first.last) == (only.last + 1, only.last + 2)
    assert second.first == first.last + 1
    assert [each.control_number for each in second.groups[0].sets] == ["0001", "0002"]
    assert second.delimiters.segment == "\n"


@pytest.mark.parametrize(("lost", "levels"), [("SE", (False, True, True)), ("GE", (True, False, True)),
                                              ("IEA", (True, True, False))])  # fmt: skip
def test_a_missing_trailer_is_missed_where_it_belongs(
    envelopes: Callable[..., tuple[Interchange, ...]], two_members: str, lost: str, levels: tuple[bool, ...]
) -> None:
    segments = [segment for segment in two_members.split("~") if not segment.startswith(f"{lost}*")]
    (found,) = envelopes("~".join(segments))
    group = found.groups[0]
    trailers = (group.sets[0].trailer, group.trailer, found.trailer)
    assert tuple(trailer is not None for trailer in trailers) == levels
    assert found.last == len(segments) - 1


def test_an_interchange_cut_anywhere_is_told_as_far_as_it_goes(
    envelopes: Callable[..., tuple[Interchange, ...]], two_members: str
) -> None:
    whole = two_members.index("IEA")
    for end in range(0, len(two_members), 7):
        found = envelopes(two_members[:end])
        assert len(found) == (end > 106)
        if found and end < whole:
            assert found[0].trailer is None


def test_without_an_isa_there_is_no_interchange(envelopes: Callable[..., tuple[Interchange, ...]]) -> None:
    assert envelopes("") == envelopes("GS*BE~") == envelopes("ISA*00*~") == ()


def test_what_stands_outside_of_its_place_is_noted(
    envelopes: Callable[..., tuple[Interchange, ...]], two_members: str
) -> None:
    assert not envelopes(two_members)[0].disordered
    assert envelopes(two_members.replace("~GE*", "~SE*1*1~GE*"))[0].disordered
    assert envelopes(two_members.replace("~GS*", "~ST*834*1~GS*"))[0].disordered


def test_an_interchange_that_acknowledges_is_known_by_its_ta1(
    envelopes: Callable[..., tuple[Interchange, ...]], two_members: str
) -> None:
    isa = two_members[: two_members.index("GS*")]
    (found,) = envelopes(f"{isa}TA1*000000001*250206*2008*A*000~IEA*0*000000001~")
    assert (found.acknowledges, found.groups, found.disordered) == (True, (), False)


NAMES = st.sampled_from(("ISA", "GS", "ST", "SE", "GE", "IEA", "TA1", "XXX"))


@given(segments=st.lists(st.tuples(NAMES, st.lists(st.text(max_size=3), max_size=9)), max_size=30))
def test_envelope_segments_in_any_order_never_raise_and_overlap_nowhere(
    segments: list[tuple[str, list[str]]],
) -> None:
    recorder = InterchangeRecorder()
    for number, (name, values) in enumerate(segments, start=1):
        recorder.take(name, [name, *values], number, Delimiters("*", ":", "^", "~"))
    end = 0
    for found in recorder.interchanges(len(segments)):
        assert end < found.first <= found.last <= len(segments)
        end = found.last
        inner = found.first
        for group in found.groups:
            assert inner < group.first <= group.last <= found.last
            inner = group.last
            assert all(group.first < each.first <= each.last <= group.last for each in group.sets)
