"""Where an 834 deviates from the guide: places and codes, never a value, and what pyx12 alone would miss or mistake."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.x12.conformance import NOT_FINISHED, check_conformance

FileOf = Callable[[str | bytes], Path]
Place = tuple[int, str, str, str, str]


def found_in(path: Path) -> list[Place]:
    return list(check_conformance(path).itertuples(index=False, name=None))


def test_a_sound_file_conforms(file_of: FileOf, two_members: str) -> None:
    assert found_in(file_of(two_members)) == []
    assert found_in(file_of("\ufeff\n" + two_members)) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("D8*19800229", "D8*QUILLWORT", (24, "DMG", "2100A", "02", "ELE:8")),
        ("*F**:RET:2054-5", "*Q**:RET:2054-5", (24, "DMG", "2100A", "03", "ELE:7")),
        (":RET:2054-5", ":RTE:2054-5", (24, "DMG", "2100A", "05-02", "ELE:7")),
        ("HD*001**LTC", "HD*001**XXX", (29, "HD", "2300", "03", "ELE:7")),
        ("SE*63", "SE*62", (65, "ST", "", "", "ST:4")),
        ("GE*1", "GE*2", (66, "GS", "", "", "GS:5")),
        ("IEA*1", "IEA*2", (67, "ISA", "", "", "ISA:021")),
    ],
)
def test_deviations_carry_their_place_and_code(
    file_of: FileOf, two_members: str, old: str, new: str, expected: Place
) -> None:
    path = file_of(two_members.replace(old, new, 1))
    assert found_in(path) == [expected]
    types = {name: str(dtype) for name, dtype in check_conformance(path).dtypes.items()}
    assert types == {"segment_no": "int64", **dict.fromkeys(("segment_id", "loop", "element", "code"), "str")}


def test_a_segment_id_that_the_guide_does_not_have_is_not_repeated(file_of: FileOf, two_members: str) -> None:
    found = check_conformance(file_of(two_members.replace("LUI*LD", "QUI*LD", 1)))
    assert set(found["segment_id"]) == {""}
    assert set(found["code"]) == {"SEG:1"}


@pytest.mark.parametrize("content", ["", "cin,last_name\n", "ISA"])
def test_what_is_not_x12_is_one_finding_on_the_file(file_of: FileOf, content: str) -> None:
    assert found_in(file_of(content)) == [(-1, "", "", "", NOT_FINISHED)]


def test_a_group_of_another_guide_is_not_judged(file_of: FileOf, two_members: str) -> None:
    found = found_in(file_of(two_members.replace("*X*005010X220A1", "*X*009999", 1)))
    assert (2, "GS", "GS_LOOP", "", "GS:2") in found
    assert (-1, "", "", "", NOT_FINISHED) in found


class TestWherePyx12IsWrong:
    """What is decided here against pyx12, each for its reason."""

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            pytest.param(":RET:2054-5", ":RET:2135-2^:RET:2054-5", id="DMG05 may repeat; pyx12 raises"),
            pytest.param("REF*ZZ*;;10", "COB*P**5*1^35", id="COB04 may repeat; pyx12 takes it for one code"),
            pytest.param("~HD", "~~HD", id="an empty segment is no end; pyx12 reads no further"),
            pytest.param("~HD", "~\r\n  HD", id="indentation is layout, as line breaks are"),
        ],
    )
    def test_what_is_legal_conforms(self, file_of: FileOf, two_members: str, old: str, new: str) -> None:
        assert found_in(file_of(two_members.replace(old, new, 1))) == []

    def test_a_long_segment_does_not_end_the_judgement(self, file_of: FileOf, two_members: str) -> None:
        text = two_members.replace("12 CANARY", "A" * 20_000, 1).replace("SE*63", "SE*62")
        codes = set(check_conformance(file_of(text))["code"])
        assert codes == {"ELE:5", "ST:4"}

    def test_what_is_wrong_with_the_envelope_has_a_place(self, file_of: FileOf, two_members: str) -> None:
        found = found_in(file_of(two_members.replace("*X*005010X220A1", "*Q*005010X220A1")))
        assert found == [(2, "GS", "GS_LOOP", "07", "ELE:7")]

    def test_a_character_beyond_ascii_is_told_at_its_place(self, file_of: FileOf, two_members: str) -> None:
        found = found_in(file_of(two_members.replace("QUILLWORT", "PE\u00d1A", 1)))
        assert [place[1:] for place in found] == [("NM1", "2100A", "03", "ELE:6")]

    def test_an_unknown_subscriber_code_does_not_cost_the_member_its_place(
        self, file_of: FileOf, two_members: str
    ) -> None:
        found = found_in(file_of(two_members.replace("INS*Y", "INS*Q", 1)))
        assert [place[1:] for place in found] == [("INS", "2000", "01", "ELE:7")]

    def test_a_member_of_an_ins_alone_lacks_its_number_and_name(self, file_of: FileOf, two_members: str) -> None:
        lone = two_members.replace("INS*Y", "INS*Y*18*001*AI*A~INS*Y", 1).replace("SE*63", "SE*64")
        found = found_in(file_of(lone))
        assert [place[1:] for place in found] == [("NM1", "2100A", "", "SEG:3"), ("REF", "2000", "", "SEG:3")]

    def test_each_interchange_is_read_by_its_own_separators(self, file_of: FileOf, two_members: str) -> None:
        other = two_members.translate(str.maketrans("*~:^", "|\n>!")).replace("000000001", "000000006")
        assert found_in(file_of(two_members + other)) == []


def test_nothing_is_written_or_said(
    file_of: FileOf, two_members: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    path = file_of(two_members.replace("D8*19800229", "D8*QUILLWORT").replace("GS*BE", "GS*QUILLWORT"))
    with caplog.at_level(logging.DEBUG):
        check_conformance(path)
    assert capfd.readouterr() == ("", "")
    assert not caplog.records
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_never_raises(file_of: FileOf, two_members: str, data: st.DataObject) -> None:
    content = two_members.encode()
    at = data.draw(st.integers(0, len(content)))
    length = data.draw(st.sampled_from([0, 1, 30]))
    damage = data.draw(st.sampled_from([b"", b"~", b"*", b"\xff", b"IEA*1*000000001~", b"SE~", b"ISA*~"]))
    found = check_conformance(file_of(content[:at] + damage + content[at + length :]))
    assert (found["segment_no"] != 0).all()


def test_control_numbers_that_repeat_are_told(file_of: FileOf, two_members: str) -> None:
    head, st, rest = two_members.partition("ST*834")
    body, ge, _ = (st + rest).partition("GE*1")
    repeated = head + body + body + ge.replace("GE*1", "GE*2") + "*10000005~IEA*1*000000001~"
    path = file_of(repeated)
    assert "ST:23" in {place[-1] for place in found_in(path)}
    assert {place[-1] for place in found_in(file_of(two_members + two_members))} == {"ISA:025"}
