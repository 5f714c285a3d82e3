"""What a sender is told of an interchange: in the TA1 of its envelope, in the 999 of every group, set and error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from parsers.x12.acknowledgement import (
    Decision,
    Places,
    SetResult,
    Stamp,
    acknowledge_groups,
    acknowledge_interchange,
    answers_due,
)
from parsers.x12.acknowledgement.implementation import MOST_SEGMENTS
from parsers.x12.conformance.deviations import Deviation, deviations
from parsers.x12.interchanges import Interchange, read_interchanges
from tests.parsers.x12.authority_999 import between, errors_in, lines

GOLDEN = Path(__file__).parent / "acknowledgements"
STAMP = Stamp(date(2026, 10, 28), "0345", 7, 3)
ACCEPTED, HELD, REPEATED = Decision(held=False), Decision(held=True), Decision(held=True, repeated=True)
NOTHING = Places(deviations([]))
BOTH = ("TA1", "999")


def found(*rows: Sequence[Any]) -> Places:
    return Places(deviations([Deviation(*row) for row in rows]))


def ta1(
    interchange: Interchange, decision: Decision = ACCEPTED, places: Places = NOTHING, *, alone: bool = False
) -> str:
    answer = acknowledge_interchange(interchange, places, decision, STAMP, alone=alone)
    assert errors_in(answer) == []
    isa, said, iea = lines(answer)
    assert (isa[:3], iea) == ("ISA", "IEA*0*000000007")
    return said.split("*", 4)[-1]


def told(interchange: Interchange, decision: Decision = ACCEPTED, places: Places = NOTHING) -> list[str]:
    answer = acknowledge_groups(interchange, places, decision, STAMP)
    assert errors_in(answer) == []
    return between(answer, "AK1", "AK9")


@pytest.fixture
def one(two_members: str, file_of: Callable[[str], Path]) -> Callable[..., Interchange]:
    """Read the only interchange of the two members' file, one thing in it changed."""

    def change(before: str = "", after: str = "") -> Interchange:
        assert before in two_members
        (interchange,) = read_interchanges(file_of(two_members.replace(before, after, 1) if before else two_members))
        return interchange

    return change


@pytest.fixture
def three_sets(interchange: Callable[..., str], file_of: Callable[[str], Path]) -> Interchange:
    """Sets of the segments 3-8, 9-14 and 15-20."""
    (read,) = read_interchanges(file_of(interchange([], [], [])))
    return read


ERRORS = (
    (5, "QTY", "", "", "SEG:5"), (9, "REF", "2000", "02", "ELE:7"), (9, "REF", "2000", "01", "ELE:2"),
    (24, "DMG", "2100A", "05-03", "ELE:5"), (24, "DMG", "2100A", "", "SEG:8"), (30, "", "", "", "SEG:1"),
    (31, "N3", "2100C", "02", "ELE:10"), (32, "HD", "2300", "", "SEG:4"), (57, "LX", "2700", "", "SEG:SEG1"),
    (58, "N1", "2750", "07", "ELE:3"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "decision", "rows"),
    [
        ("accepted", ACCEPTED, ()),
        (
            "accepted_with_errors",
            Decision(held=False, sets={3: SetResult(deviations=10, loaded=1, rejected=1)}),
            ERRORS,
        ),
        ("rejected", HELD, ERRORS[:1]),
    ],
)
def test_a_999_is_written_as_it_always_was(
    one: Callable[..., Interchange], name: str, decision: Decision, rows: Any
) -> None:
    answer = acknowledge_groups(one(), found(*rows), decision, STAMP)
    assert errors_in(answer) == []
    assert answer.decode("ascii").replace("~", "~\n") == (GOLDEN / f"{name}.999").read_text(encoding="ascii")


def test_a_ta1_is_written_as_it_always_was(one: Callable[..., Interchange]) -> None:
    answer = acknowledge_interchange(one(), NOTHING, ACCEPTED, STAMP, alone=False)
    assert answer.decode("ascii").replace("~", "~\n") == (GOLDEN / "accepted.TA1").read_text(encoding="ascii")


def test_answers_go_back_to_their_sender_in_its_own_delimiters(
    interchange: Callable[..., str], file_of: Callable[[str], Path]
) -> None:
    (asked,) = read_interchanges(file_of(interchange([], delimiters="|>!\\")))
    answer = acknowledge_groups(asked, NOTHING, ACCEPTED, STAMP).decode("ascii")
    assert answer.startswith(
        "ISA|00|          |00|          |30|999999991      |ZZ|CADHCS_5010_834|261028|0345|!|00501|000000007|0|P|>\\"
        "GS|FA|999999991|CADHCS_5010_834|20261028|0345|3|X|005010X231A1\\"
    )
    assert errors_in(answer.encode()) == []


@pytest.mark.parametrize("delimiters", ["*:U~", "*:^\n", "*_^~"])
def test_delimiters_that_would_break_the_answer_give_way_to_the_standard_ones(
    interchange: Callable[..., str], file_of: Callable[[str], Path], delimiters: str
) -> None:
    content = interchange([], delimiters=delimiters).replace("CADHCS5010834", "CADHCS_5010_834")
    (asked,) = read_interchanges(file_of(content))
    answer = acknowledge_groups(asked, NOTHING, ACCEPTED, STAMP)
    assert (answer[3:4], answer[82:83], answer[104:106]) == (b"*", b"^", b":~")
    assert errors_in(answer) == []


def test_a_test_interchange_is_answered_as_a_test(one: Callable[..., Interchange]) -> None:
    assert lines(acknowledge_groups(one("*P*:", "*T*:"), NOTHING, ACCEPTED, STAMP))[0].endswith("*T*:")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("IEA*1*000000001", "IEA*1*000000002", "R*001"),
        ("IEA*1*", "IEA*2*", "R*021"),
        ("IEA*1*", "IEA*many*", "R*021"),
        ("IEA*1*000000001~", "", "R*023"),
        ("~IEA*", "~SE*1*1~IEA*", "R*022"),
        ("GS*BE", "GS*HC", "R*024"),
        ("SE*", "SE*1", "A*000"),
    ],
)
def test_the_ta1_of_a_held_file_says_what_is_wrong_with_the_interchange(
    one: Callable[..., Interchange], before: str, after: str, said: str
) -> None:
    assert ta1(one(before, after), HELD) == said


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        ("*250206*2008*", "*259906*2008*", "014"), ("*2008*^", "*2508*^", "015"), ("*00501*", "*00401*", "017"),
        ("*0*P*:", "*2*P*:", "019"), ("*P*:", "*X*:", "020"),
    ],
)  # fmt: skip
def test_an_element_of_the_isa_that_does_not_matter_is_noted(
    one: Callable[..., Interchange], before: str, after: str, note: str
) -> None:
    assert ta1(one(before, after)) == f"E*{note}"


def test_deviations_of_the_isa_are_noted_in_the_ta1(one: Callable[..., Interchange]) -> None:
    assert ta1(one(), ACCEPTED, found((1, "ISA", "", "05", "ELE:7"))) == "E*005"
    assert ta1(one(), HELD, found((one().last, "IEA", "", "", "ISA:021"))) == "R*021"


def test_a_held_interchange_is_rejected_by_the_ta1_only_where_no_999_does_it(one: Callable[..., Interchange]) -> None:
    assert ta1(one(), HELD) == "A*000"
    assert ta1(one(), HELD, alone=True) == "R*024"
    assert ta1(one(), REPEATED, alone=True) == "R*025"


def test_who_is_answered_with_what(one: Callable[..., Interchange]) -> None:
    def due(interchange: Interchange, decision: Decision, wanted: Sequence[str] = BOTH) -> tuple[str, ...]:
        return answers_due(interchange, NOTHING, decision, wanted)

    assert due(one(), ACCEPTED) == due(one(), HELD) == BOTH
    assert due(one(), ACCEPTED, ["999"]) == ("999",)
    assert due(one(), ACCEPTED, []) == ()
    assert due(one("IEA*1", "IEA*2"), HELD) == ("TA1",), "of what is in a broken interchange nothing is said"
    assert due(one("IEA*1", "IEA*2"), HELD, ["999"]) == ("999",), "but one of the two must say so"
    assert due(one(), REPEATED) == ("TA1",), "the numbers of a 999 would be taken for those of the first time"
    assert due(one(), REPEATED, ["999"]) == ()
    assert due(one("GS*BE", "GS*HC"), HELD) == ("TA1",)
    assert due(one("GS*BE", "GS*FA"), HELD) == (), "acknowledgements are not acknowledged"
    assert due(one("GS*BE", "TA1*000000001*250206*2008*A*000~GS*BE"), ACCEPTED) == ()


@pytest.mark.parametrize(
    ("before", "after", "set_codes", "group_codes"),
    [
        ("SE*", "SE*1", "4", ""), ("SE*", "SE*X", "4", ""), ("~SE*", "~XX*", "2", ""),
        ("*0001~GE", "*0002~GE", "3", ""),
        ("ST*834*0001*005010X220A1", "ST*834*0001*005010X220", "I6", ""), ("ST*834", "ST*837", "1", ""),
        ("ST*834", "ST*999", "6", ""), ("ST*834*0001", "ST*834*1", "3*7", ""), ("GE*1*", "GE*2*", "I5", "5"),
        ("GE*1*10000005", "GE*1*10000006", "I5", "4"), ("GE*1*10000005~", "", "I5", "3"),
        ("*X*005010X220A1", "*X*005010X220", "I5", "2"), ("*10000005*X", "*A5*X", "I5", "4*6"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_headers_and_trailers_rejects_by_its_code(
    one: Callable[..., Interchange], before: str, after: str, set_codes: str, group_codes: str
) -> None:
    said = told(one(before, after), HELD)
    assert said[-2] == f"IK5*R*{set_codes}"
    included = "2" if before == "GE*1*" else "1"
    assert said[-1] == f"AK9*R*{included}*1*0" + (f"*{group_codes}" if group_codes else "")


def test_a_sound_set_of_a_held_file_is_rejected_by_the_implementation(three_sets: Interchange) -> None:
    said = told(three_sets, HELD, found((4, "BGN", "", "", "SEG:3")))
    assert [each for each in said if each.startswith("IK5")] == ["IK5*R*5", "IK5*R*I5", "IK5*R*I5"]
    assert said[-1] == "AK9*R*3*3*0"


def test_a_group_is_accepted_in_part_when_of_one_set_no_member_was_taken(three_sets: Interchange) -> None:
    results = {3: SetResult(loaded=2), 9: SetResult(rejected=2), 15: SetResult(deviations=1, loaded=1, rejected=1)}
    said = told(three_sets, Decision(held=False, sets=results), found((17, "INS", "2000", "01", "ELE:7")))
    assert [each for each in said if each.startswith("IK")] == [
        "IK5*A", "IK5*R*I5", "IK3*INS*3*2000*8", "IK4*1*1073*7", "IK5*E*5*I5",
    ]  # fmt: skip
    assert said[-1] == "AK9*P*3*3*2"


def test_a_group_of_which_nothing_was_taken_is_rejected(three_sets: Interchange) -> None:
    results = {first: SetResult(rejected=1) for first in (3, 9, 15)}
    assert told(three_sets, Decision(held=False, sets=results))[-1] == "AK9*R*3*3*0"


def test_errors_that_are_not_listed_still_count(three_sets: Interchange) -> None:
    said = told(three_sets, Decision(held=False, sets={9: SetResult(deviations=5, loaded=1)}))
    assert [each for each in said if each.startswith("IK")] == ["IK5*A", "IK5*E*5", "IK5*A"]
    assert said[-1] == "AK9*E*3*3*3"


def test_numbers_that_are_not_unique_are_told(interchange: Callable[..., str], file_of: Callable[[str], Path]) -> None:
    content = interchange([], []).replace("*0002", "*0001")
    group = content[content.index("GS*") : content.index("IEA*")]
    (asked,) = read_interchanges(file_of(content.replace("IEA*1", f"{group}IEA*2")))
    answer = acknowledge_groups(asked, NOTHING, ACCEPTED, STAMP)
    assert errors_in(answer) == []
    said = lines(answer)
    assert [each for each in said if each.startswith("IK5")] == ["IK5*A", "IK5*E*23"] * 2
    assert [each for each in said if each.startswith("AK9")] == ["AK9*E*2*2*2", "AK9*E*2*2*2*19"]
    assert [each.split("*")[6] for each in said if each.startswith("GS*")] == ["3", "4"]


def stretched(interchange: Interchange, segments: int) -> Interchange:
    """Let the first set be as long as said, and the only one."""
    group = interchange.groups[0]
    only = replace(group.sets[0], last=group.sets[0].first + segments - 1)
    return replace(interchange, groups=(replace(group, sets=(only,), last=only.last + 1),), last=only.last + 2)


def test_the_list_of_a_set_has_a_bound(three_sets: Interchange) -> None:
    many = [(number, "REF", "2000", "02", "ELE:7") for number in range(4, 4 + 2 * MOST_SEGMENTS)]
    said = told(stretched(three_sets, 3 * MOST_SEGMENTS), ACCEPTED, found(*many))
    assert sum(each.startswith("IK3") for each in said) == MOST_SEGMENTS


def test_places_in_very_long_sets_are_told_in_full_as_x12_allows_and_pyx12_does_not(three_sets: Interchange) -> None:
    asked = stretched(three_sets, 20_000_000)
    answer = acknowledge_groups(asked, found((12_345_678, "REF", "2000", "", "SEG:5")), ACCEPTED, STAMP)
    assert "IK3*REF*12345676*2000*5" in lines(answer)
    assert ["IK302" in error for error in errors_in(answer)[:1]] == [True]


def test_an_id_that_is_none_of_the_guide_s_is_not_repeated(one: Callable[..., Interchange]) -> None:
    said = told(one(), ACCEPTED, found((9, "QUILLWORT", "QUILLWORT", "QUILLWORT", "SEG:1")))
    assert said[2] == "IK3*ZZZ*7**1"
