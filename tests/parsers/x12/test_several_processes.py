"""Several processes read what one does, chunk by chunk and fault by fault, and one that dies is told to a person."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from pathlib import Path

import pandas as pd
import pytest

from parsers.x12.profile_files import load_profile
from parsers.x12.reader import EnrollmentChunk, read_834
from schemas.problems import ExchangeError, FileFault
from tests.parsers.x12.examiners import end_the_process, size_of_block

Interchange = Callable[..., str]
Write = Callable[[str | bytes], Path]
SIZE = 3_000


@pytest.fixture(autouse=True)
def any_file_is_large_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parsers.x12.reader.WORTHWHILE", 0)


@pytest.fixture
def many(interchange: Interchange, member_one: list[str], member_two: list[str]) -> str:
    """Interchanges of their own delimiters, with damaged members and one longer than a block."""
    long = [*member_two, *(f"REF*NEW*{number:0200d}" for number in range(60))]
    odd = [*member_one[:20], "FOO*1", *member_one[20:], "N3*\x07"]
    first = interchange([member_one, odd, member_two] * 3, [long, member_one], after="\r\n")
    second = interchange([member_two, odd], control="000000002", delimiters="|;!\n")
    return first + second + interchange([member_one] * 9, control="000000003") + interchange([], control="000000004")


def chunks(path: Path, processes: int) -> tuple[list[EnrollmentChunk], str]:
    reading = read_834(path, load_profile("dhcs"), chunk_size=SIZE, few=1, processes=processes, examine=size_of_block)
    found: list[EnrollmentChunk] = []
    try:
        found.extend(reading)
    except FileFault as fault:
        return found, str(fault)
    return found, ""


def assert_the_same(path: Path) -> tuple[list[EnrollmentChunk], str]:
    (alone, fault), (together, same_fault) = (chunks(path, processes) for processes in (1, 2))
    assert fault == same_fault
    assert len(alone) == len(together)
    for one, other in zip(alone, together, strict=True):
        for part in ("members", "coverage", "reporting", "findings"):
            pd.testing.assert_frame_equal(getattr(one, part), getattr(other, part))
        texts, same_texts = (chunk.segments.of(chunk.members.index) for chunk in (one, other))
        pd.testing.assert_series_equal(texts, same_texts)
        assert (one.examined, one.bytes_read) == (other.examined, other.bytes_read)
    return alone, fault


def test_several_processes_read_what_one_does(file_of: Write, many: str) -> None:
    path = file_of(many)
    found, fault = assert_the_same(path)
    assert fault == ""
    assert len(found) > 5
    assert sum(len(chunk.members) for chunk in found) == 22
    assert set(pd.concat([chunk.findings for chunk in found])["code"]) == {"R16", "R17"}
    examined = [each for chunk in found for each in chunk.examined]
    ends = list(accumulate(segments for _, (segments, _) in examined))
    assert [before for before, _ in examined] == [0, *ends[:-1]]
    assert sum(members for _, (_, members) in examined) == 22
    assert [chunk.bytes_read for chunk in found] == sorted({chunk.bytes_read for chunk in found})
    assert found[-1].bytes_read == path.stat().st_size


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("GE*2*10000005", "GE*3*10000005", "F04"),
        ("QUILLWORT|", "QUILL\0WORT|", "F01"),
        ("IEA*1*000000003~", "IEA*1*000000003~more", "F04"),
    ],
)
def test_what_is_wrong_in_the_middle_is_told_at_the_same_place(
    file_of: Write, many: str, old: str, new: str, code: str
) -> None:
    assert old in many
    found, fault = assert_the_same(file_of(many.replace(old, new, 1)))
    assert f"[{code}]" in fault
    assert found


def test_a_process_that_dies_ends_the_reading_with_a_problem(file_of: Write, many: str) -> None:
    with pytest.raises(ExchangeError) as raised:
        list(read_834(file_of(many), load_profile("dhcs"), chunk_size=SIZE, processes=2, examine=end_the_process))
    assert raised.value.code == "O03"


def test_who_stops_half_way_waits_for_nobody(file_of: Write, many: str) -> None:
    reading = read_834(file_of(many), load_profile("dhcs"), chunk_size=SIZE, processes=2)
    assert len(next(iter(reading)).members)
    reading.close()  # type: ignore[attr-defined]  # an iterator by its type, a generator by nature
