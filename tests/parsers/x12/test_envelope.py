"""Who sent an 834 to whom, when and as what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from parsers.x12.delimiters import Delimiters
from parsers.x12.envelope import Envelope, read_envelope
from schemas.problems import FileFault

FileOf = Callable[[str | bytes], Path]


def test_the_envelope_holds_the_parties_numbers_and_delimiters(file_of: FileOf, two_members: str) -> None:
    assert read_envelope(file_of(two_members)) == Envelope(
        sender_qualifier="ZZ",
        sender_id="CADHCS_5010_834",
        receiver_qualifier="30",
        receiver_id="999999991",
        control_number="000000001",
        usage="P",
        group_control_number="10000005",
        version="005010X220A1",
        purpose="00",
        reference="DHCS834-DA-20250206-Sample-001",
        file_date=date(2025, 2, 6),
        action="2",
        delimiters=Delimiters("*", ":", "^", "~"),
    )


def test_a_mark_blanks_line_breaks_and_other_delimiters_change_only_the_delimiters(
    file_of: FileOf, interchange: Callable[..., str], member_two: list[str]
) -> None:
    text = "\ufeff \n" + interchange([member_two], delimiters="|;^!", after="\r\n ")
    assert read_envelope(file_of(text)).delimiters == Delimiters("|", ";", "^", "!")
    assert read_envelope(file_of(text)).file_date == date(2025, 2, 6)


def test_nothing_after_the_bgn_is_looked_at(file_of: FileOf, two_members: str) -> None:
    cut = two_members[: two_members.index("QTY")]
    assert read_envelope(file_of(cut)).reference == "DHCS834-DA-20250206-Sample-001"


def test_an_acknowledgement_of_interchange_before_the_group_is_passed_over(file_of: FileOf, two_members: str) -> None:
    text = two_members.replace("GS*BE", "TA1*000000009*250101*1200*A*000~GS*BE")
    assert read_envelope(file_of(text)).control_number == "000000001"


@pytest.mark.parametrize("day", ["", "20250230", "2025", "randomday", "²0250101"])
def test_a_header_date_that_is_none_is_left_out(file_of: FileOf, two_members: str, day: str) -> None:
    text = two_members.replace("*20250206*20082300", f"*{day}*20082300")
    assert read_envelope(file_of(text)).file_date is None


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("ISA*", "ISO*", "F01"),
        ("*:~", "*:", "F01"),
        ("GS*BE", "GS*HC", "F02"),
        ("*005010X220A1~ST", "*004010X095A1~ST", "F02"),
        ("ST*834", "ST*999", "F02"),
        ("BGN*00", "BHT*00", "F02"),
        ("ST*834", "BGN*834", "F04"),
    ],
)
def test_what_is_not_an_834_of_this_guide_is_refused(
    file_of: FileOf, two_members: str, old: str, new: str, code: str
) -> None:
    with pytest.raises(FileFault) as raised:
        read_envelope(file_of(two_members.replace(old, new, 1)))
    assert raised.value.code == code


def test_a_file_cut_before_its_bgn_is_a_fault(file_of: FileOf, two_members: str) -> None:
    for cut in range(two_members.index("BGN*00") - 1):
        with pytest.raises(FileFault):
            read_envelope(file_of(two_members[:cut]))


def test_an_interchange_without_a_set_is_refused(file_of: FileOf, two_members: str) -> None:
    isa = two_members[: two_members.index("GS*")]
    with pytest.raises(FileFault) as raised:
        read_envelope(file_of(isa + "IEA*0*000000001~"))
    assert raised.value.code == "F02"
