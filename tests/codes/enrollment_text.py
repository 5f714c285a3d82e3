"""An 834 of one member, a segment a line, for the samples to spoil."""

from __future__ import annotations

_HEADER = """\
ISA*00*          *00*          *ZZ*CADHCS_5010_834*30*999999991      *241103*0345*^*00501*{control}*0*P*:
GS*BE*CADHCS_5010_834*999999991*20241103*034500*905*X*005010X220A1
ST*834*0001*005010X220A1
BGN*00*DHCS834-DA-20241103-SHP-010-001*20241103*034500****2
QTY*TO*{members}
N1*P5*California Department of Health Care Services*FI*999999990
N1*IN*Sample Health Plan*FI*999999991"""

_MEMBER = """\
INS*Y*18*001*AI*A*E**AC
REF*0F*SUB0001
REF*1L*98450239B
REF*3H*10;M1;CASE01;;
NM1*IL*1*CRUNDELACK*OTTIL
PER*IP**TE*5595550142
N3*12 CANARY ST
N4*FRESNO*CA*93701**CY*10
DMG*D8*19880211*F
HD*001**HLT*010;01
DTP*348*D8*20241101
DTP*349*D8*20241130"""
_CIN = "98450239B"


def an_834(*changes: tuple[str, str], totals: int | None = None, copies: int = 1, control: str = "000000905") -> str:
    """Write the 834 with pieces of its member replaced.

    `totals` is what SE01 says, the truth unless given; of several `copies` of the member each has a CIN of its own.
    """
    member = _MEMBER
    for old, new in changes:
        assert member.count(old) == 1
        member = member.replace(old, new)
    members = [member, *(member.replace(_CIN, f"9845{number:04d}B") for number in range(1, copies))]
    header = _HEADER.format(control=control, members=copies)
    lines = [line for part in (header, *members) for line in part.splitlines()]
    count = len(lines) - 1 if totals is None else totals
    return "".join(f"{line}~\n" for line in [*lines, f"SE*{count}*0001", "GE*1*905", f"IEA*1*{control}"])
