"""pyx12's verdict as places and codes, without a value and without a file beside the input."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.x12.conformance import NOT_FINISHED, REJECTED, check_conformance

FileOf = Callable[[str | bytes], Path]


def test_a_sound_file_conforms(file_of: FileOf, two_members: str) -> None:
    assert check_conformance(file_of(two_members)).empty
    assert check_conformance(file_of("\ufeff\n" + two_members)).empty


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("D8*19800229", "D8*QUILLWORT", (24, "DMG", "02", "ELE:8")),
        ("*F**:RET:2054-5", "*Q**:RET:2054-5", (24, "DMG", "03", "ELE:7")),
        ("HD*001**LTC", "HD*001**XXX", (29, "HD", "03", "ELE:7")),
        ("SE*63", "SE*62", (65, "ST", "", "ST:4")),
        ("GE*1", "GE*2", (66, "GS", "", "GS:5")),
        ("IEA*1", "IEA*2", (67, "ISA", "", "ISA:021")),
    ],
)
def test_errors_carry_their_place_and_code(
    file_of: FileOf, two_members: str, old: str, new: str, expected: tuple[int, str, str, str]
) -> None:
    found = check_conformance(file_of(two_members.replace(old, new, 1)))
    assert list(found.itertuples(index=False, name=None)) == [expected]
    assert {name: str(dtype) for name, dtype in found.dtypes.items()} == {
        "segment_no": "int64",
        "segment_id": "str",
        "element": "str",
        "code": "str",
    }


def test_a_segment_id_that_the_guide_does_not_have_is_not_repeated(file_of: FileOf, two_members: str) -> None:
    found = check_conformance(file_of(two_members.replace("LUI*LD", "QUI*LD", 1)))
    assert set(found["segment_id"]) == {""}
    assert set(found["code"]) == {"SEG:1"}


def test_an_error_that_pyx12_does_not_place_is_a_rejection_of_the_file(file_of: FileOf, two_members: str) -> None:
    found = check_conformance(file_of(two_members.replace("*X*005010X220A1", "*Q*005010X220A1")))
    assert list(found["code"]) == [REJECTED]


@pytest.mark.parametrize("content", ["", "cin,last_name\n", "ISA"])
def test_what_is_not_x12_is_one_finding_on_the_file(file_of: FileOf, content: str) -> None:
    found = check_conformance(file_of(content))
    assert list(found.itertuples(index=False, name=None)) == [(-1, "", "", NOT_FINISHED)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("*X*005010X220A1", "*X*009999"),
        (":RET:2054-5", ":RET:2135-2^:RET:2054-5"),
        ("~HD", "~~HD"),
        ("12 CANARY", "A" * 20_000),
    ],
)
def test_pyx12_failing_or_stopping_early_is_told(file_of: FileOf, two_members: str, old: str, new: str) -> None:
    assert NOT_FINISHED in set(check_conformance(file_of(two_members.replace(old, new, 1)))["code"])


def test_nothing_is_written_or_said(
    file_of: FileOf, two_members: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    path = file_of(two_members.replace("D8*19800229", "D8*QUILLWORT").replace("GS*BE", "GS*QUILLWORT"))
    with caplog.at_level(logging.DEBUG):
        check_conformance(path)
    assert capfd.readouterr() == ("", "")
    assert not caplog.records
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_never_raises(file_of: FileOf, two_members: str, data: st.DataObject) -> None:
    content = two_members.encode()
    at = data.draw(st.integers(0, len(content)))
    length = data.draw(st.sampled_from([0, 1, 30]))
    damage = data.draw(st.sampled_from([b"", b"~", b"*", b"\xff", b"IEA*1*000000001~", b"SE~", b"ISA*~"]))
    found = check_conformance(file_of(content[:at] + damage + content[at + length :]))
    assert (found["segment_no"] != 0).all()
