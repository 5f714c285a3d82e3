"""The fast conformance check says what pyx12 says: of sound members, of damaged ones, of other delimiters."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from parsers.x12.conformance import check_conformance
from tests.parsers.x12.conftest import MEMBER_ONE
from tests.parsers.x12.pyx12_itself import NOT_FINISHED, REJECTED, pyx12_findings

FileOf = Callable[[str | bytes], Path]
Place = tuple[int, str, str, str]

HEADER_TEXT = """\
ISA*00*          *00*          *ZZ*CADHCS_5010_834*30*999999991      *250206*2008*^*00501*000000005*0*P*:
GS*BE*CADHCS*999999991*20250206*200823*10000005*X*005010X220A1
ST*834*0001*005010X220A1
BGN*00*CANARY*20250206*20082300****2
REF*38*GROUP
DTP*007*D8*20250101
N1*P5*SPONSOR*FI*11
N1*IN*PLAN*FI*22
N1*BO*BROKER*94*X1
ACT*12345"""
HEADER = tuple(HEADER_TEXT.split("\n"))
"""With every loop that may stand before the first member."""

FULL_MEMBER = """\
INS*Y*18*001*AI*A*E**AC***D8*20250110
REF*0F*SUB0001
REF*1L*91234567B
REF*17*;;202502;
REF*ZZ*01059
DTP*303*D8*20250101
DTP*356*D8*20250101
NM1*IL*1*QUILLWORT*ZEPHYRA*M**JR*34*123456789
PER*IP**TE*5595550101*EM*Z@EXAMPLE.ORG
N3*12 CANARY ST*APT 3
N4*LOS ANGELES CA*CA*90037**CY*19
DMG*D8*19800229*F**:RET:2054-5
EC*01
ICM*1*100
AMT*R*12.5
HLH*N*60*150
LUI*LD*SPA**7
NM1*70*1*OLD*NAME
DMG*D8*19800229
NM1*31*1
N3*PO BOX 555
N4*FRESNO*CA*93701
NM1*36*1*EMPLOYER
PER*EP**TE*5595550101
NM1*S3*1*PARENT*P
N3*1 A ST
N4*FRESNO*CA*93701
NM1*QD*1*RESPONSIBLE*P
PER*RP**TE*5595550101
NM1*45*1*DROP*OFF
N3*1 A ST
N4*FRESNO*CA*93701
DSB*4
DTP*360*D8*20250101
HD*021**HLT*010;59
DTP*348*D8*20250201
DTP*349*D8*20250131
AMT*R*120.5
REF*17*N
REF*CE*60;001
REF*QQ*X
IDC*X*D
LX*1
NM1*P3*1*DOCTOR*D****XX*1234567893*25
N4*FRESNO*CA*93701
PER*IC**TE*5595550101
LX*2
NM1*P3*1*DOCTOR*D****XX*1234567893*25
COB*P**5*1
REF*60*X
DTP*344*D8*20250101
NM1*IN*2*INSURER
N3*1 A
N4*FRESNO*CA*93701
PER*CN**TE*5595550101
HD*021**HLT*010;S1
DTP*348*RD8*20250101-20250131
LS*2700
LX*1
N1*75*CATEGORY
REF*17*X
DTP*007*D8*20250101
LX*2
N1*75*CATEGORY
LE*2700
"""
"""With every loop that a member may have."""

MEMBERS = tuple(text.strip().split("\n") for text in (FULL_MEMBER, MEMBER_ONE))

mutants = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a smaller seed is no smaller damage
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

VALUES = (
    "", "X", "D8", "RD8", "IL", "74", "31", "QQ", "0F", "1L", "348", "349", "303", "20250230", "20240229", "17991231",
    "999", "A" * 80, "A" * 55, "1.5", "-1", ".5", "A:B", "A^B", ":RET:1", "RET:1:2:3", "A\tB", "\xd1", "CA", "ZZ", "75",
    "2700", "021", "000", ":", "0F:", " LEADING", "20250101-20250131", "20250101-2025013", "20250101-20250199",
    "12345678901",
)  # fmt: skip


def member(random_: random.Random) -> list[str]:
    """Return a member with one or two kinds of damage, its INS unharmed."""
    segments = list(random_.choice(MEMBERS))
    for _ in range(random_.choice((1, 1, 2))):
        at = random_.randrange(1, len(segments))
        kind = random_.choice(("leave out", "repeat", "move", "insert", "change", "change", "change", "lengthen"))
        if kind == "leave out" and len(segments) > 3:
            del segments[at]
        elif kind == "repeat":
            segments.insert(at, segments[at])
        elif kind == "move":
            segments.insert(random_.randrange(1, len(segments)), segments.pop(at))
        elif kind == "insert":
            segments.insert(at, random_.choice(MEMBERS[0][1:]))
        elif kind == "change":
            segments[at] = changed(random_, segments[at])
        else:
            segments[at] += random_.choice(("*", "*X", "*X*X*X*X*X*X*X*X*X"))
    return segments


def changed(random_: random.Random, segment: str) -> str:
    """Return the segment with another value in one of its elements, or in one that it does not have."""
    elements = segment.split("*")
    at = random_.randrange(1, len(elements) + 1)
    elements += [""] * (at + 1 - len(elements))
    elements[at] = random_.choice(VALUES)
    return "*".join(elements)


def file_with(members: list[list[str]], *, marks: str = "*:^~") -> bytes:
    """Write an 834 of these members with right totals; `marks` are its four separators."""
    content = [segment for segments in members for segment in segments]
    count = len(HEADER) - 2 + len(content) + 1
    text = "~".join([*HEADER, *content, f"SE*{count}*0001", "GE*1*10000005", "IEA*1*000000005", ""])
    return text.translate(str.maketrans("*:^~", marks)).encode("latin-1")


def places(path: Path, check: Callable[[Path], object]) -> set[Place]:
    table = check(path)
    columns = ["segment_no", "segment_id", "element", "code"]
    return set(table[columns].itertuples(index=False, name=None))  # type: ignore[index]


@pytest.mark.parametrize("marks", ["*:^~", "|>!\n", "\x1d\x1f^\x1e"])
def test_members_of_every_shape_conform(file_of: FileOf, marks: str) -> None:
    path = file_of(file_with([*map(list, MEMBERS)] * 3, marks=marks))
    assert places(path, pyx12_findings) <= {(-1, "", "", REJECTED)}  # as of control characters in ISA16
    assert places(path, check_conformance) == set()


@settings(mutants, max_examples=40)
@given(seed=st.integers(0, 2**32))
def test_what_is_wrong_with_damaged_members_is_what_pyx12_says(file_of: FileOf, seed: int) -> None:
    random_ = random.Random(seed)  # noqa: S311 - damage, not secrets
    path = file_of(file_with([member(random_) for _ in range(30)]))
    expected = places(path, pyx12_findings)
    assert (-1, "", "", NOT_FINISHED) not in expected
    assert places(path, check_conformance) == expected - {(-1, "", "", REJECTED)}


@settings(mutants, max_examples=40)
@given(seed=st.integers(0, 2**32))
def test_whatever_segment_is_damaged_the_verdict_is_never_milder(file_of: FileOf, seed: int) -> None:
    random_ = random.Random(seed)  # noqa: S311 - damage, not secrets
    segments = file_with([list(random_.choice(MEMBERS)) for _ in range(3)]).decode("latin-1").split("~")[:-1]
    for _ in range(random_.choice((1, 2))):
        at = random_.randrange(1, len(segments))
        match random_.choice(("leave out", "repeat", "swap", "change")):
            case "leave out":
                del segments[at]
            case "repeat":
                segments.insert(at, segments[at])
            case "swap":
                other = random_.randrange(1, len(segments))
                segments[at], segments[other] = segments[other], segments[at]
            case _:
                segments[at] = changed(random_, segments[at])
    path = file_of("~".join([*segments, ""]).encode("latin-1"))
    if places(path, pyx12_findings):
        assert places(path, check_conformance)
