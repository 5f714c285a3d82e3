"""A two-member 834 in the shape DHCS sends, built segment by segment, and the ways the tests read one.

Whatever a test reads with `read`, the plain reader reads too, and the two must agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from parsers.x12.profile import EnrollmentProfile
from parsers.x12.profile_files import load_profile
from parsers.x12.reader import EnrollmentChunk, read_834
from schemas.problems import FileFault
from tests.parsers.x12.plain_reader import Tables, read_834_plainly

MEMBER_ONE = """\
INS*Y*18*001*AI*A*E**AC***D8*20250110
REF*0F*SUB0001
REF*1L*91234567B
REF*17*;;202502;
REF*23*4;20200101;;
REF*3H*19;10;CASE01;;
REF*6O*;W;Y;;60;
REF*DX*;;;S0000;001;20240901
REF*F6*1AA0AA0AA00
REF*Q4*PRIOR1;
REF*QQ*;;202004;202004
REF*ZZ*01059;;;;;010S1;;;;
NM1*IL*1*QUILLWORT*ZEPHYRA*M**JR
PER*IP**TE*5595550101*EM*ZEPHYRA@EXAMPLE.ORG
N3*12 CANARY ST*APT 3
N4*LOS ANGELES CA*CA*90037**CY*19
DMG*D8*19800229*F**:RET:2054-5
LUI*LD*SPA**7
NM1*31*1
N3*PO BOX 555*ROOM 2
N4*FRESNO CA*CA*93701
HD*001**LTC*010;59
DTP*348*D8*20250201
DTP*349*D8*20250131
AMT*R*120.5
REF*17*N;;;;;;;;;;;;;1
REF*9V*9;9;0
REF*CE*60;001;80;891;5A;402;5B;403
REF*RB*60
REF*XX1*JI1
REF*ZX*19
REF*ZZ*;;10
HD*021**HLT*010;S1
DTP*348*D8*20250101
DTP*349*D8*20250131
REF*CE*60;401;80;891;;;;
REF*ZZ*;;11
LS*2700
LX*1
N1*75*JUSTICE INVOLVED
REF*ZZ*JI
DTP*007*D8*20250115
LX*2
N1*75*FOSTER YOUTH
LE*2700"""

MEMBER_TWO = """\
INS*Y*18*024*AI*A***TE
REF*0F*SUB0002
REF*1L*97654321I
REF*3H*10;M1;CASE02;;
NM1*IL*1*THISTLEWOOD*OBERON
PER*IP**HP*5595550102*CP*5595550103
N3*7 CANARY AVE
N4*FRESNO*CA*937010001
DMG*D8*19751130*M**7
HD*024**HLT*011;00
DTP*348*D8*20250201
DTP*349*D8*20250228"""

Interchange = Callable[..., str]

DHCS = load_profile("dhcs")


@pytest.fixture
def member_one() -> list[str]:
    return MEMBER_ONE.split("\n")


@pytest.fixture
def member_two() -> list[str]:
    return MEMBER_TWO.split("\n")


def _interchange(
    *sets: Sequence[Sequence[str]], control: str = "000000001", delimiters: str = "*:^~", after: str = ""
) -> str:
    """Wrap sets of members (each a list of segments) into one interchange; `after` follows every terminator."""
    segments = [
        f"ISA*00*          *00*          *ZZ*CADHCS_5010_834*30*999999991      *250206*2008*^*00501*{control}*0*P*:",
        "GS*BE*CADHCS_5010_834*999999991*20250206*200823*10000005*X*005010X220A1",
    ]
    for number, members in enumerate(sets, start=1):
        content = [
            f"ST*834*{number:04d}*005010X220A1",
            "BGN*00*DHCS834-DA-20250206-Sample-001*20250206*20082300****2",
            f"QTY*TO*{len(members)}",
            "N1*P5*California Department of Health Care Services*FI*999999990",
            "N1*IN*Sample Plan*FI*999999991",
            *(segment for member in members for segment in member),
        ]
        segments += [*content, f"SE*{len(content) + 1}*{number:04d}"]
    segments += [f"GE*{len(sets)}*10000005", f"IEA*1*{control}"]
    return "".join(f"{segment}~{after}" for segment in segments).translate(str.maketrans("*:^~", delimiters))


@pytest.fixture(scope="session")
def interchange() -> Interchange:
    return _interchange


@pytest.fixture
def two_members(member_one: list[str], member_two: list[str]) -> str:
    return _interchange([member_one, member_two])


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Tables]:
    path = tmp_path_factory.mktemp("enrollment") / "file.834"

    def read_all(content: str | bytes, *, chunk_size: int = 1 << 21, profile: EnrollmentProfile = DHCS) -> Tables:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        expected = _outcome(lambda: read_834_plainly(path, profile))
        outcome = _outcome(lambda: together(list(read_834(path, profile, chunk_size=chunk_size, few=0))))
        _assert_equal(outcome, expected)
        if isinstance(outcome, FileFault):
            raise outcome
        return outcome

    return read_all


@pytest.fixture(scope="session")
def fault_of(read: Callable[..., Tables]) -> Callable[[str | bytes], FileFault]:
    def fault(content: str | bytes) -> FileFault:
        with pytest.raises(FileFault) as raised:
            read(content)
        return raised.value

    return fault


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "file.834"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def _outcome(read_all: Callable[[], Tables]) -> Tables | FileFault:
    try:
        return read_all()
    except FileFault as fault:
        return fault


def _assert_equal(outcome: Tables | FileFault, expected: Tables | FileFault) -> None:
    if isinstance(outcome, FileFault) or isinstance(expected, FileFault):
        assert str(outcome if isinstance(outcome, FileFault) else None) == str(expected)
        return
    for part in ("members", "coverage", "reporting", "findings"):
        pd.testing.assert_frame_equal(getattr(outcome, part), getattr(expected, part), check_index_type=False)
    pd.testing.assert_series_equal(outcome.segments, expected.segments, check_index_type=False)


def together(chunks: list[EnrollmentChunk]) -> Tables:
    if not chunks:
        return Tables(*(pd.DataFrame() for _ in range(4)), pd.Series(dtype="str"))
    return Tables(
        pd.concat([chunk.members for chunk in chunks]),
        pd.concat([chunk.coverage for chunk in chunks]),
        pd.concat([chunk.reporting for chunk in chunks]),
        pd.concat([chunk.findings for chunk in chunks], ignore_index=True),
        pd.concat([chunk.segments.of(chunk.members.index) for chunk in chunks]),
    )
