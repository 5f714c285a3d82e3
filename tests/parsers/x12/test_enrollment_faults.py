"""What is wrong with an 834 as a whole holds it: whatever the bytes, there is all of a file or a `FileFault`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.x12 import clean, rows
from parsers.x12.profile_files import load_profile
from parsers.x12.reader import read_834
from schemas.problems import FileFault

Interchange = Callable[..., str]
FaultOf = Callable[[str | bytes], FileFault]


@pytest.mark.parametrize(
    ("old", "new", "where", "detail"),
    [
        ("SE*63*", "SE*62*", "segment 65", "SE01 announces 62 segments, there are 63"),
        ("SE*63*0001", "SE*63*0002", "segment 65", "SE02 is not the control number in ST02"),
        ("SE*63*", f"SE*{'9' * 5000}*", "segment 65", "SE01 is not a count; there are 63 segments"),
        ("GE*1*", "GE*2*", "segment 66", "GE01 announces 2 transaction sets, there are 1"),
        ("GE*1*10000005", "GE*1*10000006", "segment 66", "GE02 is not the control number in GS06"),
        ("IEA*1*", "IEA*2*", "segment 67", "IEA01 announces 2 functional groups, there are 1"),
        ("IEA*1*000000001", "IEA*1*000000002", "segment 67", "IEA02 is not the control number in ISA13"),
        ("QTY*TO*2", "QTY*TO*3", "segment 65", "QTY*TO announces 3 members, there are 2"),
        ("QTY*TO*2", "QTY*TO*", "segment 65", "QTY*TO is not a count; there are 2 members"),
        ("SE*63*0001~", "", "segment 65", "GE does not stand directly within an open GS"),
        ("GE*1*10000005~", "", "segment 66", "IEA does not stand directly within an open ISA"),
        ("IEA*1*000000001~", "", "segment 66", "the file ends before its IEA"),
        ("SE*63*0001~GE*1*10000005~IEA*1*000000001~", "", "segment 64", "the file ends before its SE, GE, IEA"),
        ("IEA*1*000000001~", "IEA*1*000000001~more", "segment 68", "there is text after the IEA"),
        ("IEA*1*000000001~", "IEA*1*000000001~IEA*1*000000001~", "segment 68", "there is text after the IEA"),
        ("N1*P5*", "NM1*P5*", "segment 6", "a segment stands outside of the member loops"),
        ("GS*BE*", "INS*Y~GS*BE*", "segment 2", "INS does not stand directly within an open ST"),
        ("ST*834*", "BGN*00~ST*834*", "segment 3", "content does not stand directly within an open ST"),
    ],
)
def test_control_totals_that_disagree_are_f04_with_both_counts(
    fault_of: FaultOf, two_members: str, old: str, new: str, where: str, detail: str
) -> None:
    assert old in two_members
    fault = fault_of(two_members.replace(old, new, 1))
    assert (fault.code, fault.where) == ("F04", where)
    assert f"({detail})" in fault.what


def test_an_interchange_that_begins_within_another_is_f04(fault_of: FaultOf, two_members: str) -> None:
    fault = fault_of(two_members[: two_members.index("SE*63")] + two_members)
    assert (fault.code, fault.where) == ("F04", "segment 65")
    assert "before the SE, GE, IEA of the last" in fault.what


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("*X*005010X220A1", "*X*004010X095A1"),
        ("GS*BE*", "GS*HC*"),
        ("ST*834*0001*005010X220A1", "ST*837*0001*005010X220A1"),
        ("ST*834*0001*005010X220A1", "ST*834*0001*005010X221A1"),
    ],
)
def test_another_transaction_or_version_is_f02(fault_of: FaultOf, two_members: str, old: str, new: str) -> None:
    assert fault_of(two_members.replace(old, new)).code == "F02"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \r\n ",
        b"\xef\xbb\xbf",
        b"cin,last_name\r\n91234567B,QUILLWORT\r\n",
        b"PK\x03\x04 workbook",
        b"ISA",
        b"ISA*00*",
        b"ISA" * 300,
        b"ISA" + b"*A" * 15 + b"*AB",
        b"ISA" + b"*A" * 15 + b"*:",
        b"ISA" + b"*A" * 15 + b"*:\xe9",
        b"ISA" + b"*A" * 15 + b"*::",
        b"\0" * 200,
    ],
)
def test_what_is_not_x12_is_f01(fault_of: FaultOf, content: bytes) -> None:
    assert fault_of(content).code == "F01"


def test_nul_bytes_and_utf16_are_f01(fault_of: FaultOf, two_members: str) -> None:
    assert fault_of(two_members.replace("QUILLWORT", "QUILL\0WORT")).code == "F01"
    assert fault_of(two_members.encode("utf-16")).code == "F01"


def test_a_segment_without_end_is_f01_at_its_place(fault_of: FaultOf, two_members: str) -> None:
    allowed = two_members.replace("QUILLWORT", "A" * (clean.MAX_SEGMENT - 50))
    endless = two_members.replace("QUILLWORT", "A" * clean.MAX_SEGMENT)
    fault = fault_of(endless)
    assert (fault.code, fault.where) == ("F01", "segment 20")
    assert fault_of(allowed[:-1].replace("SE*63", "SE*1")).code == "F04"


def test_a_member_without_end_is_f01(fault_of: FaultOf, two_members: str) -> None:
    many = "REF*NEW*" + "A" * 900 + "~"
    fault = fault_of(two_members.replace("REF*0F*SUB0001~", many * (rows.MAX_MEMBER // 900)))
    assert fault.code == "F01"
    assert "a member has more than" in fault.what


def test_a_file_cut_at_any_byte_is_a_fault_unless_only_its_last_terminator_is_missing(
    read: Callable[..., Any], two_members: str
) -> None:
    content = (two_members + "\r\n").encode()
    whole = len(two_members) - 1
    for cut in range(whole):
        with pytest.raises(FileFault):
            read(content[:cut])
    for cut in range(whole, len(content) + 1):
        assert read(content[:cut]).members["cin"].tolist() == ["91234567B", "97654321I"]


def test_no_fault_carries_a_value_of_the_file(fault_of: FaultOf, two_members: str) -> None:
    canaries = ("QUILLWORT", "91234567B", "5595550101", "ZEPHYRA")
    for old, new in (
        ("SE*63", "SE*QUILLWORT"),
        ("N1*P5", "QUILLWORT*P5"),
        ("*X*0050", "*X*ZEPHYRA"),
        ("IEA", "91234567B"),
    ):
        fault = fault_of(two_members.replace(old, new, 1))
        assert not any(canary in f"{fault} {fault.__cause__} {fault.__context__}" for canary in canaries)


def test_a_set_without_members_gives_no_chunk(interchange: Interchange, file_of: Callable[..., Path]) -> None:
    assert list(read_834(file_of(interchange([])), load_profile("dhcs"))) == []


DAMAGE = st.sampled_from(
    [
        b"~",
        b"*",
        b":",
        b"^",
        b"\n",
        b" ",
        b"\x00",
        b"\x80",
        b"\xc3",
        b"ISA",
        b"IEA*1*000000001~",
        b"INS*Y~",
        b"HD*~",
        b"ST*",
        b"A" * 40,
    ]
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_happens_to_the_bytes_nothing_but_a_fault_is_raised(
    read: Callable[..., Any], two_members: str, data: st.DataObject
) -> None:
    content = two_members.encode()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        length = data.draw(st.sampled_from([0, 1, 2, 30, 300]))
        content = content[:at] + data.draw(DAMAGE | st.binary(max_size=4)) + content[at + length :]
    try:
        tables = read(content)
    except FileFault:
        return
    assert tables.members.index.tolist() == list(range(1, len(tables.members) + 1))
    assert tables.segments.index.tolist() == tables.members.index.tolist()
    assert set(tables.coverage["member_no"]) <= set(tables.members.index)
