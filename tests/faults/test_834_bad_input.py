"""Whatever bytes come as an 834: the file is accepted, accepted with errors or held, every member is loaded or
quarantined, all by codes of the catalogue, and nothing it says is repeated where it does not belong.

`hostile_834.Engine` asserts that of each file that it takes.
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from string import punctuation

import pytest
import xlsxwriter

from parsers.x12.conformance import check_conformance, examine
from parsers.x12.reader import read_834
from sample_data import generate
from schemas.problems import FileFault
from tests.faults.hostile_834 import (
    CANARIES,
    DHCS,
    ONE,
    TWO,
    Ending,
    Engine,
    an_834,
    open_engine,
    read_whole,
)  # fmt: skip

BOTH = an_834(ONE, TWO)
SHORT = (TWO[0], *TWO[2:3], TWO[4], *TWO[8:])
MONTH = ("HD*024**HLT*011;00", "DTP*348*D8*20250201", "DTP*349*D8*20250228")
LOST_PLACE = {"F01", "F02", "F04"}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("sample"), members=1, days=2).out


@pytest.fixture(scope="module")
def holding(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """For files that are all held, and so nothing to each other."""
    engine = open_engine(sample, tmp_path_factory.mktemp("home"))
    yield engine
    assert engine.leaks(CANARIES) == []
    engine.warehouse.connection.close()


@pytest.fixture
def engine(sample: Path, tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(sample, tmp_path)
    yield engine
    assert engine.leaks(CANARIES) == []
    engine.warehouse.connection.close()


@pytest.fixture
def lenient(sample: Path, tmp_path: Path) -> Iterator[Engine]:
    """Of a source whose members are loaded although they break the guide."""
    engine = open_engine(sample, tmp_path, nonconforming="load")
    yield engine
    assert engine.leaks(CANARIES) == []
    engine.warehouse.connection.close()


def workbook() -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.add_worksheet().write_row(0, 0, CANARIES)
    book.close()
    return target.getvalue()


def archive() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr("members.834", BOTH)
    return target.getvalue()


def of_set(set_id: str, group: str, version: str) -> bytes:
    """Write an interchange of another transaction."""
    isa = BOTH[: BOTH.index(b"GS*")].decode()
    content = f"GS*{group}*A*B*20261028*1200*1*X*{version}~ST*{set_id}*0001*{version}~SE*2*0001~GE*1*1~IEA*1*000000001~"
    return (isa + content).encode()


ISA = BOTH[: BOTH.index(b"GS*")]
FOREIGN = {
    "empty": (b"", "F01"),
    "only blanks": (b" \r\n\t" * 500, "F01"),
    "only a byte-order mark": (b"\xef\xbb\xbf", "F01"),
    "zeros": (bytes(5_000), "F01"),
    "NUL in a value": (BOTH.replace(b"QUILLWORT", b"QUILL\0WORT"), "F01"),
    "NUL in the ISA": (BOTH.replace(b"CADHCS_5010", b"CADHCS\x005010", 1), "F01"),
    "UTF-16": (BOTH.decode().encode("utf-16"), "F01"),
    "UTF-16 without mark": (BOTH.decode().encode("utf-16-be"), "F01"),
    "CSV": (b"cin,last_name,first_name\r\n91234567B,QUILLWORT,ZEPHYRA\r\n", "F01"),
    "XLSX": (workbook(), "F01"),
    "zipped": (archive(), "F01"),
    "text before the ISA": (b"Subject: 834\r\n\r\n" + BOTH, "F01"),
    "lower case": (BOTH.lower(), "F01"),
    "two files run together with text": (BOTH + b"-----\r\n" + BOTH, "F04"),
    "three letters": (b"ISA", "F01"),
    "an ISA alone": (ISA, "F04"),
    "an empty interchange": (ISA + b"IEA*0*000000001~", "F02"),
    "TA1 alone": (ISA + b"TA1*000000001*261028*1200*A*000~IEA*0*000000001~", "F02"),
    "999": (of_set("999", "FA", "005010X231A1"), "F02"),
    "270": (of_set("270", "HS", "005010X279A1"), "F02"),
    "820": (of_set("820", "RA", "005010X218"), "F02"),
    "834 of another guide": (of_set("834", "BE", "005010X220"), "F02"),
    "834 of version 4010": (of_set("834", "BE", "004010X095A1").replace(b"*00501*", b"*00401*"), "F02"),
    "270 in the group of an 834": (of_set("270", "BE", "005010X220A1"), "F02"),
    "two ISA of one number": (BOTH + BOTH, "F11"),
    "a count of another file": (BOTH.replace(b"~SE*63*", b"~SE*64*"), "F04"),
    "a huge count": (BOTH.replace(b"~SE*63*", b"~SE*" + b"9" * 4_500 + b"*"), "F04"),
    "a count of no digits": (BOTH.replace(b"~SE*63*", "~SE*\uff16\uff13*".encode()), "F04"),
    "no SE": (BOTH.replace(b"SE*63*0001~", b""), "F04"),
    "two SE": (BOTH.replace(b"SE*63*0001~", b"SE*63*0001~" * 2), "F04"),
    "no GE": (BOTH.replace(b"GE*1*10000005~", b""), "F04"),
    "no IEA": (BOTH.replace(b"IEA*1*000000001~", b""), "F04"),
    "IEA twice": (BOTH + b"IEA*1*000000001~", "F04"),
    "members outside of a set": (ISA + b"INS*Y*18~NM1*IL*1*QUILLWORT~IEA*0*000000001~", "F02"),
    "members after the last set": (BOTH.replace(b"~GE*", b"~INS*Y*18~NM1*IL*1*QUILLWORT~GE*"), "F04"),
    "a member before its ISA": (b"INS*Y*18~" + BOTH, "F01"),
    "an ISA within a member": (BOTH.replace(b"~DMG*", b"~" + ISA + b"DMG*", 1), "F04"),
    "an element of 20 MB": (BOTH.replace(b"QUILLWORT", b"Q" * 20_000_000), "F01"),
    "a file of one character": (b"~" * 1_000_000, "F01"),
}  # fmt: skip


@pytest.mark.parametrize("what", FOREIGN)
def test_a_file_that_is_no_whole_834_is_held_by_its_code(holding: Engine, tmp_path: Path, what: str) -> None:
    content, code = FOREIGN[what]
    assert holding.end_of(content).told == ("HELD", code)
    path = tmp_path / "file"
    path.write_bytes(content)
    assert len(check_conformance(path))


def test_a_file_cut_at_any_byte_is_held(engine: Engine, tmp_path: Path) -> None:
    content = an_834(SHORT, SHORT)
    path = tmp_path / "file"
    for length in range(len(content) - 1):
        path.write_bytes(content[:length])
        with pytest.raises(FileFault) as raised:
            list(read_834(path, DHCS, examine=examine))
        assert raised.value.code in LOST_PLACE
        if length % 40 == 0:
            assert engine.end_of(content[:length]).told == ("HELD", raised.value.code)
    path.write_bytes(content[:-1])
    assert read_whole(path) == 2


def test_only_marks_that_can_separate_are_taken_for_separators(engine: Engine) -> None:
    def separated(element: str, component: str, repetition: str, segment: str) -> Ending:
        isa, rest = BOTH.decode()[: len(ISA)], BOTH.decode()[len(ISA) :]
        isa = isa.replace("*^*", f"*{repetition}*").replace(":~", f"{component}{segment}").replace("*", element)
        rest = rest.translate(str.maketrans("*:~", f"{element}{component}{segment}"))
        return engine.end_of((isa + rest).encode("latin-1"))

    useless = (
        "**^*",
        "*:^:",
        "*~^~",
        "::^~",
        "A:^~",
        "*0^~",
        "*:^B",
        " :^~",
        "* ^~",
        "*:^ ",
        "*:^\0",
        "*\xa7^~",
        "*:^\xff",
    )
    for marks in useless:
        assert separated(*marks).told in {("HELD", "F01"), ("HELD", "F02"), ("HELD", "F04")}, marks
    for number, repetition in enumerate(("U", "", " ", "\xa7", "^^"), start=2):
        isa = BOTH.replace(b"*^*", f"*{repetition}*".encode("latin-1"), 1)
        ending = engine.end_of(isa.replace(b"000000001", b"%09d" % number))
        assert (ending.told, ending.loaded) == (("ACCEPTED", ""), 2), repetition


@pytest.mark.parametrize("first", punctuation.replace("^", ""))
def test_any_other_marks_separate_as_well(tmp_path: Path, first: str) -> None:
    path = tmp_path / "file"
    text = BOTH.decode()
    for component, segment in ((":", "~"), ("|", "\n"), ("\x1f", "\x1c")):
        marks = f"{first}{component}^{segment}"
        if len(set(marks)) == 4:
            values = text.translate({ord(mark): "x" for mark in marks if mark not in "*:^~"})
            path.write_bytes(values.translate(str.maketrans("*:^~", marks)).encode())
            assert read_whole(path, few=0) == 2


def test_a_control_number_comes_once_between_two_partners(engine: Engine) -> None:
    assert engine.end_of(BOTH).told == ("ACCEPTED", "")
    assert engine.end_of(an_834(TWO)).told == ("HELD", "F11")
    assert engine.end_of(an_834(ONE, control=2) + an_834(TWO)).told == ("HELD", "F11")
    assert engine.end_of(an_834(ONE, control=2) + an_834(TWO, control=2)).told == ("HELD", "F11")
    assert engine.end_of(an_834(TWO, control=2)).told == ("ACCEPTED", "")
    assert engine.end_of(an_834(TWO).replace(b"*30*999999991", b"*30*999999992")).told == ("ACCEPTED", "")


def test_empty_segments_and_blanks_between_segments_are_nothing(engine: Engine) -> None:
    content = BOTH.replace(b"~N3*", b"~" * 100_000 + b"N3*", 1)
    assert engine.end_of(content).told == ("ACCEPTED", "")
    content = an_834(ONE, TWO, control=2).replace(b"~", b"~" + b" \r\n" * 3_000)
    ending = engine.end_of(content)
    assert (ending.told, ending.loaded) == (("ACCEPTED", ""), 2)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("*QUILLWORT*", "*QUILLWORT" + "*X" * 100_000, "R16"),
        ("*QUILLWORT*", "*" + "Q" * 900_000 + "*", "R16"),
        ("*QUILLWORT*", "*" + " " * 900_000 + "*", "R16"),
        ("*F**:RET:2054-5", "*F**" + ":" * 200_000, "R16"),
        ("*F**:RET:2054-5", "*F**" + "C^" * 450_000, "R16"),
        ("LE*2700~", "", "R17"),
        ("LS*2700~LX*1~", "LX*1~", "R18"),
        ("LS*2700~", "LE*2700~", "R17"),
        ("HD*001**LTC*010;59~", "", "R18"),
        ("NM1*IL*1*QUILLWORT*ZEPHYRA*M**JR~", "", "R17"),
        ("DMG*D8*19800229*F**:RET:2054-5~", "", "R03"),
        ("REF*1L*91234567B~", "REF*1L*91234567B~REF*1L*97654321I~", "R17"),
        ("N3*12 CANARY ST*APT 3~", "A*1~" * 5_000, "R17"),
        ("N3*12 CANARY ST*APT 3~", "HL*1**20*1~CLM*1~IEA:1~**~*~AB~", "R17"),
        ("REF*0F*SUB0001~", "REF*0F*SUB0001~" * 3_000, "R17"),
    ],
    ids=lambda text: f"{text[:12]}-{len(text)}",
)  # fmt: skip
def test_a_member_broken_beyond_reading_costs_no_other_its_place(engine: Engine, old: str, new: str, code: str) -> None:
    content = BOTH.decode().replace(old, new, 1)
    added = len([s for s in new.split("~") if s]) - len([s for s in old.split("~") if s]) if "~" in old else 0
    ending = engine.end_of(content.replace("SE*63*", f"SE*{63 + added}*").encode())
    assert (ending.told, ending.loaded, ending.rejected) == (("ACCEPTED_WITH_ERRORS", ""), 1, 1)
    assert code in engine.codes(ending)
    assert engine.rows("cin", "facts.enrollment_members", ending.file_id) == [("97654321I",)]


def test_as_many_months_as_nobody_has_are_told(engine: Engine) -> None:
    ending = engine.end_of(an_834((*TWO[:-3], *MONTH * 5_000), TWO))
    assert (ending.told, ending.rejected, engine.codes(ending)) == (("ACCEPTED_WITH_ERRORS", ""), 1, {"R18"})


def test_a_source_may_have_them_loaded(lenient: Engine) -> None:
    ending = lenient.end_of(an_834((*TWO[:-3], *MONTH * 5_000), TWO))
    assert (ending.told, ending.loaded, lenient.codes(ending)) == (("ACCEPTED", ""), 2, {"W09"})
    assert len(lenient.rows("segment_no", "facts.enrollment_coverage", ending.file_id)) == 5_001


def test_the_same_member_a_thousand_times_is_a_thousand_rows(engine: Engine) -> None:
    ending = engine.end_of(an_834(*[ONE] * 1_000))
    assert (ending.told, ending.loaded) == (("ACCEPTED", ""), 1_000)


def test_each_member_in_a_set_of_its_own_is_read(engine: Engine, tmp_path: Path) -> None:
    head, _, rest = an_834(TWO).partition(b"ST*")
    one_set, ge, _ = rest.partition(b"GE*")

    def sets(count: int) -> bytes:
        numbered = (b"ST*" + one_set.replace(b"0001", b"%04d" % number) for number in range(1, count + 1))
        return b"".join(chain([head], numbered, [ge, b"%d*10000005~IEA*1*000000001~" % count]))

    path = tmp_path / "file"
    path.write_bytes(sets(9_999))
    assert sum(len(chunk.members) for chunk in read_834(path, DHCS)) == 9_999
    ending = engine.end_of(sets(500))
    assert (ending.told, ending.loaded) == (("ACCEPTED", ""), 500)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("*AI*A*", "*AI*Q*", "2000 INS05 ELE:7"),
        ("LUI*LD", "QUI*LD", "2100A  SEG:1"),
        ("REF*0F*SUB0001~", "REF*0F*SUB0001~REF*0F*SUB0001~", "2000 REF SEG:5"),
    ],
)
def test_what_is_wrong_with_every_member_takes_no_more_than_its_share_of_work(
    engine: Engine, old: str, new: str, place: str
) -> None:
    def calls(store: Engine, members: int) -> tuple[int, Ending]:
        content = an_834(*[tuple("~".join(ONE).replace(old, new).split("~"))] * members, control=members)
        made = 0

        def count(*_: object) -> None:
            nonlocal made
            made += 1

        sys.setprofile(count)
        try:
            ending = store.end_of(content)
        finally:
            sys.setprofile(None)
        return made, ending

    calls(engine, 1)
    few, some = calls(engine, 100)
    many, most = calls(engine, 1_000)
    assert many < 15 * few
    assert (some.rejected, most.rejected) == (100, 1_000)
    assert ("R18", place) in engine.rows("DISTINCT code, column_name", "quarantine.rows", most.file_id)


def test_what_is_wrong_with_every_member_is_counted_and_kept_in_part(engine: Engine) -> None:
    ending = engine.end_of(an_834(*[TWO] * 5_000).replace(b"*AI*A*", b"*AI*Q*"))
    assert (ending.told, ending.rejected) == (("ACCEPTED_WITH_ERRORS", ""), 5_000)
    assert engine.rows("deviations", "ledger.transaction_sets", ending.file_id) == [(5_000,)]
    assert len(engine.rows("segment_no", "quarantine.deviations", ending.file_id)) == 1_000
