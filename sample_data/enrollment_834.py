"""The DHCS 834 as text: envelope, header and one loop per member, several values packed into a REF by semicolons.

Each member becomes one string, so that a full file of a hundred thousand members takes seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from sample_data.business_days import month_start
from sample_data.geography import CODE_OF_COUNTY, Address
from sample_data.identifiers import check_digit
from sample_data.people import ACTIVE, HOLD, MONTHS_KEPT, TERMINATED, Member, Month, Person, Statement

HCP_CODE = "010"
SENDER = "CADHCS_5010_834"
RECEIVER = "999999991"
JI_AID_CODES = ("JX", "JY")
"""Invented special aid codes, adult and youth, that show the indicator in REF*CE."""
JI_CATEGORY_NAME = "JUSTICE INVOLVED"
JI_CATEGORIES = ("JI-ADULT", "JI-YOUTH")
"""Invented reporting categories, adult and youth, that show the indicator in loop 2750."""

_RACES = ("7", ":RET:2106-3", ":RET:2135-2", ":RET:2054-5", "8", "C")


@dataclass(frozen=True)
class _Calendar:
    """The dates of one file, written once: the benefit months it may speak of as (first day, last day, day before)."""

    year: int
    month: str
    spans: tuple[tuple[str, str, str], ...]


def enrollment_file(stem: str, file_date: date, control: int, statements: Iterable[Statement]) -> bytes:
    """Write one interchange with one transaction set.

    `stem` is the file's name without suffix (BGN02), `control` the number of the interchange, group and set (ISA13,
    GS06, ST02). The order of `statements` is the order of the member loops.
    """
    calendar = _calendar(file_date)
    loops = [_member_loop(statement, calendar) for statement in statements]
    today = f"{file_date:%Y%m%d}"
    body = (
        f"ST*834*{control:04d}*005010X220A1~BGN*00*{stem}*{today}*02153000****2~QTY*TO*{len(loops)}~"
        "N1*P5*California Department of Health Care Services*FI*999999990~"
        f"N1*IN*Sample Health Plan*FI*{RECEIVER}~" + "".join(loops)
    )
    group = 10_000_000 + control
    return (
        f"ISA*00*          *00*          *ZZ*{SENDER:15}*30*{RECEIVER:15}*{file_date:%y%m%d}*0215*^*00501*{control:09d}"
        f"*0*P*:~GS*BE*{SENDER}*{RECEIVER}*{today}*021530*{group}*X*005010X220A1~"
        f"{body}SE*{body.count('~') + 1}*{control:04d}~GE*1*{group}~IEA*1*{control:09d}~"
    ).encode("ascii")


def _calendar(file_date: date) -> _Calendar:
    starts = [month_start(file_date, back) for back in range(-1, MONTHS_KEPT)]
    one_day = timedelta(days=1)
    spans = tuple(
        (f"{first:%Y%m%d}", f"{following - one_day:%Y%m%d}", f"{first - one_day:%Y%m%d}")
        for following, first in pairwise(starts)
    )
    return _Calendar(file_date.year, f"{file_date:%Y%m}", spans)


def _member_loop(statement: Statement, calendar: _Calendar) -> str:
    member = statement.member
    person = member.person
    told = member.months[: statement.months]
    dual = calendar.year - person.born.year > 65
    coverage = "".join(_coverage(member, month, back, calendar, dual=dual) for back, month in enumerate(told))
    return (
        _status(member, dual=dual)
        + _references(member, calendar, dual=dual)
        + _name_and_address(person, member.mailing)
        + coverage
        + _reporting_category(member, calendar)
    )


def _status(member: Member, *, dual: bool) -> str:
    leaving = member.now.status in TERMINATED
    maintenance, benefit = ("024", "TE") if leaving else ("001", "AC")
    death = f"***D8*{member.died:%Y%m%d}" if member.died else ""
    return f"INS*Y*18*{maintenance}*AI*A*{'C' if dual else 'E'}**{benefit}{death}~"


def _references(member: Member, calendar: _Calendar, *, dual: bool) -> str:
    person = member.person
    number = person.number
    county = CODE_OF_COUNTY[person.home.county]
    redetermination = f"{calendar.year + 1}{number % 12 + 1:02d}" if number % 4 == 0 else ""
    died = f"{member.died:%Y%m%d}" if member.died else ""
    medicare = (
        f"REF*DX*;;;S{number % 9000 + 1000};D{number % 900 + 100};{calendar.year - 1}0101~"
        f"REF*F6*{number % 9 + 1}BI4BI{number % 90 + 10:02d}BI{number % 7}~"
        if dual
        else ""
    )
    former = member.prior_cin or (f"PRIOR{number:07d}" if number % 25 == 0 else "")
    prior = f"REF*Q4*{former};~" if former else ""
    return (
        f"REF*0F*7{number:09d}~REF*1L*{person.cin}~REF*17*{redetermination};{died};{calendar.month};~"
        f"REF*23*{check_digit(number)};20{number % 20:02d}{number % 12 + 1:02d}01;;~"
        f"REF*3H*{county};{member.aid_code};{number * 31 % 9_999_999:07d};;~"
        f"REF*6O*;{'WA'[number % 2]};Y;;{number % 90:02d};~"
        f"{medicare}{prior}REF*ZZ*{_plans(member)}~"
    )


def _plans(member: Member) -> str:
    dental = f"41{number % 10}09" if (number := member.person.number) % 3 == 0 else ""
    here = HCP_CODE + member.now.status
    others = f"{member.other_plan}01" if member.other_plan else dental
    before = HCP_CODE + member.months[1].status if len(member.months) > 1 else ""
    return f"{here};{others};;;;{before};;;;"


def _name_and_address(person: Person, mailing: Address | None) -> str:
    home = person.home
    middle = f"*{person.middle.upper()}" if person.middle else ""
    race = _RACES[person.number % len(_RACES)]
    born = person.born.isoformat().replace("-", "")
    post = (
        f"NM1*31*1~N3*{mailing.street.upper()}~N4*{mailing.city.upper()} CA*CA*{mailing.zip_code}~" if mailing else ""
    )
    return (
        f"NM1*IL*1*{person.last.upper()}*{person.first.upper()}{middle}~PER*IP**TE*{person.phone}~"
        f"N3*{home.street.upper()}~N4*{home.city.upper()} CA*CA*{home.zip_code}**CY*{CODE_OF_COUNTY[home.county]}~"
        f"DMG*D8*{born}*{person.sex}**{race}~LUI*LD*{person.language}**7~{post}"
    )


def _coverage(member: Member, month: Month, back: int, calendar: _Calendar, *, dual: bool) -> str:
    first, last, day_before = calendar.spans[back]
    active = month.status in ACTIVE
    action = "021" if active else "024" if month.status in TERMINATED else "001"
    eligibility = "401" if active else "701" if month.status in HOLD else "901"
    number = member.person.number
    share_of_cost = f"AMT*R*{number % 400 + 50}~" if member.aid_code == "17" else ""
    special = [f"80;{eligibility}"] if dual else []
    if month.ji and member.marker in JI_AID_CODES:
        special.append(f"{member.marker};{eligibility}")
    special += [";"] * (3 - len(special))
    return (
        f"HD*{action}**{'LTC' if member.aid_code == '13' else 'HLT'}*{HCP_CODE};{month.status}~"
        f"DTP*348*D8*{first}~DTP*349*D8*{last if active else day_before}~{share_of_cost}"
        f"REF*17*{'D' if dual else 'N'};;;;;;;;;;;;;1~REF*9V*{'2;2;2' if dual else '9;9;0'}~"
        f"REF*CE*{member.aid_code};{eligibility};{';'.join(special)}~REF*RB*{member.aid_code}~"
        f"REF*ZX*{CODE_OF_COUNTY[member.person.home.county]}~REF*ZZ*;;{10 + back}~"
    )


def _reporting_category(member: Member, calendar: _Calendar) -> str:
    categories = []
    if member.person.number % 40 == 0:
        categories.append(("HEALTH HOMES", "HH-TIER"))
    if said := member.marker if member.now.ji and member.marker in JI_CATEGORIES else member.category:
        categories.append((JI_CATEGORY_NAME, said))
    if not categories:
        return ""
    since = calendar.spans[0][0]
    loops = "".join(
        f"LX*{place}~N1*75*{name}~REF*ZZ*{value}~DTP*007*D8*{since}~"
        for place, (name, value) in enumerate(categories, start=1)
    )
    return f"LS*2700~{loops}LE*2700~"
