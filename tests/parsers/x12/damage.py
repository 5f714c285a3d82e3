"""Ways to damage an 834 so that its envelope still agrees with its content."""

from __future__ import annotations

import re
from random import Random

ODD = """\
HD*021**HLT*010;01|DTP*348*D8*20250301|DTP*348|DTP*348*D8* |NM1*31*1|NM1*IL*1*OTHER*PERSON|NM1*74*1*OTHER|N1*75*X|LX*3
LS*2700|LE*2700|REF*1L*91111111B|REF* 1L*91111111B|REF*NEW*1|REF*ZX*|REF*ZX* 19 |REF|FOO*1|INS*Y*18|INS *Y*18|INSX*Y
INS AND MORE*Y|IEA*1*000000001|IEA|IEA *1*000000001|ISA|ST*834*0009|SE*9*0009|SE *9*0001|GE*1*10000005|TA1*1|QTY*TO*1
GS*BE*A*B*20250101*1200*7*X*005010X220A1|PER*IP**TE*1*EM*2*CP*3*HP*4|PER*IP** TE *1|LUI*LD*ENG|LUI*LD*|N3*  A  *  B
DMG*D8*19900101*F**C^D|DMG*D8|DMG*D8*19900101*M**:RET|N4*NAPA*CA*9**CY*1|HD|NM1|AMT*R* 5 |COB*P*X*1|DSB*1| ~ """
INSERTED = [segment for line in ODD.split("\n") for segment in line.split("|")] + ["X" * 1_001, f"REF*0F*{'Y' * 990}"]


def with_true_totals(content: str) -> str:
    """Count members and segments anew, so that damage reaches the tables instead of stopping at the envelope."""
    segments = content.split("~")
    begin = members = 0
    announced: int | None = None
    for place, segment in enumerate(segments):
        if segment.startswith("ST*"):
            begin, members, announced = place, 0, None
        members += segment.startswith("INS*")
        if segment.startswith("QTY*"):
            announced = place
        if segment.startswith("SE*"):
            empty = sum(not other.strip() for other in segments[begin:place])
            segments[place] = re.sub(r"^SE\*[^*]*", f"SE*{place - begin + 1 - empty}", segment)
            if announced is not None:
                segments[announced] = f"QTY*TO*{members}"
    return "~".join(segments)


def damaged(content: str, random: Random) -> str:
    segments = content.split("~")
    for _ in range(random.choice([1, 1, 2, 3])):
        place, other = random.randrange(2, len(segments)), random.randrange(len(segments))
        match random.randrange(5):
            case 0:
                del segments[place]
            case 1:
                segments.insert(place, segments[other])
            case 2:
                segments[place], segments[other] = segments[other], segments[place]
            case 3:
                segments.insert(place, random.choice(INSERTED))
            case _:
                at = random.randrange(len(segments[place]) + 1)
                more = random.choice(["*", ":", "^", " ", "\n", "\t", "\x1f", "\x7f", "é", "~", ";", "  *", ""])
                segments[place] = segments[place][:at] + more + segments[place][at + random.choice([0, 1]) :]
    return with_true_totals("~".join(segments))
