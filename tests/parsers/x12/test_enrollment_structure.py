"""What breaks one member's loop is a finding on that member; the others go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Interchange = Callable[..., str]


def altered(member: list[str], old: str, *new: str) -> list[str]:
    position = member.index(old)
    return [*member[:position], *new, *member[position + 1 :]]


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("NM1*IL*1*QUILLWORT*ZEPHYRA*M**JR", ["DTP*356*D8*20250101"], "NM1*IL"),
        ("REF*0F*SUB0001", ["N3*1 CANARY ST"], "segment 9"),
        ("REF*0F*SUB0001", ["ZZZ*1"], "segment 9"),
        ("REF*0F*SUB0001", ["text without separators"], "segment 9"),
        ("NM1*31*1", ["NM1*XX*1"], "segment 26"),
        ("NM1*31*1", ["NM1*IL*1*OTHER*PERSON"], "segment 26"),
        ("NM1*31*1", ["REF*ZZ*LATE"], "segment 26"),
        ("REF*RB*60", ["NM1*31*1"], "segment 36"),
        ("REF*RB*60", ["DTP*348*D8*20250301"], "segment 36"),
        ("REF*RB*60", ["N1*75*X"], "segment 36"),
        ("DTP*348*D8*20250201", ["DTP*303*D8*20250201"], "DTP*348"),
        ("N1*75*FOSTER YOUTH", ["N1*76*FOSTER YOUTH"], "segment 51"),
        ("LE*2700", ["LE*2700", "LX*3"], "segment 53"),
    ],
)
def test_a_segment_without_a_place_or_one_that_is_missing_marks_its_member_alone(
    read: Callable[..., Any],
    interchange: Interchange,
    member_one: list[str],
    member_two: list[str],
    old: str,
    new: list[str],
    column: str,
) -> None:
    tables = read(interchange([altered(member_one, old, *new), member_two]))
    assert (1, column, "R17") in tables.codes()
    assert set(tables.findings["row"]) == {1}
    assert tables.members.index.tolist() == [1, 2]
    assert set(tables.findings["severity"]) == {"REJECT"}


def test_an_open_reporting_loop_is_missing_its_le(
    read: Callable[..., Any], interchange: Interchange, member_one: list[str], member_two: list[str]
) -> None:
    assert read(interchange([member_one[:-1], member_two])).codes() == {(1, "LE", "R17")}


def test_what_came_first_is_kept_when_a_second_person_appears(
    read: Callable[..., Any], interchange: Interchange, member_one: list[str], member_two: list[str]
) -> None:
    without_ins = member_two[1:]
    tables = read(interchange([[*member_one[:21], *without_ins]]))
    assert tables.members["last_name"].tolist() == ["QUILLWORT"]
    assert tables.members["cin"].tolist() == ["91234567B"]
    assert (1, "segment 29", "R17") in tables.codes()


def test_an_unknown_qualifier_is_passed_over(
    read: Callable[..., Any], interchange: Interchange, member_one: list[str], member_two: list[str]
) -> None:
    added = altered(member_one, "REF*RB*60", "REF*RB*60", "REF*NEW*1", "DTP*999*D8*20250101", "AMT*X9*1")
    tables = read(interchange([added, member_two]))
    assert tables.findings.empty
    assert tables.coverage.loc[1, "segment_number"] == "10"


def test_providers_and_other_insurers_do_not_leak_into_the_member(
    read: Callable[..., Any], interchange: Interchange, member_two: list[str]
) -> None:
    others = ["LX*1", "NM1*P3*1*DOCTOR*NAME", "N3*9 CLINIC RD", "N4*NAPA*CA*94558", "PER*IC**TE*5595550190"]
    others += ["COB*P*POLICY*1", "REF*60*X", "DTP*344*D8*20200101", "NM1*IN*2*INSURER", "N3*1 INSURER RD"]
    guardian = ["NM1*S3*1*PARENT*NAME", "PER*PQ**TE*5595550191", "N3*3 PARENT RD", "N4*YUBA*CA*95901"]
    tables = read(interchange([[*member_two[:9], *guardian, *member_two[9:], *others]]))
    assert tables.findings.empty
    assert tables.members.loc[1, ["last_name", "address_1", "phone"]].tolist() == [
        "THISTLEWOOD",
        "7 CANARY AVE",
        "5595550102",
    ]
    assert tables.members["mailing_address_1"].isna().all()
    assert tables.coverage.loc[1, "benefit_begin"] == "2025-02-01"


def test_a_corrected_name_is_the_members_name(
    read: Callable[..., Any], interchange: Interchange, member_two: list[str]
) -> None:
    corrected = altered(member_two, "NM1*IL*1*THISTLEWOOD*OBERON", "NM1*74*1*THISTLEWOOD*OBERYN")
    corrected.insert(9, "NM1*70*1*WRONG*NAME")
    tables = read(interchange([corrected]))
    assert tables.findings.empty
    assert tables.members.loc[1, "first_name"] == "OBERYN"


def test_control_characters_and_overlong_segments_are_r16(
    read: Callable[..., Any], interchange: Interchange, member_one: list[str], member_two: list[str]
) -> None:
    broken = altered(member_one, "N3*12 CANARY ST*APT 3", "N3*12 CAN\nARY ST")
    long = altered(member_two, "N3*7 CANARY AVE", f"N3*{'A' * 200_000}")
    tables = read(interchange([broken, long, member_two]))
    assert tables.codes() == {(1, "segment 22", "R16"), (2, "segment 59", "R16")}
    assert tables.members["cin"].tolist() == ["91234567B", "97654321I", "97654321I"]
