"""The 834 that a plan passes down to the plan it delegates to: one transaction set for each member, in its own dialect.

It says what `sample_data.enrollment_834` says of the same people: who they are stands in NM1*IL, plan and aid code have
fixed places in HD04, and months in which nothing changed are told as one span, with dates for the member as a whole
where one span is all there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from sample_data.business_days import month_start
from sample_data.enrollment_834 import HCP_CODE, JI_AID_CODES, JI_CATEGORIES, RECEIVER
from sample_data.geography import CODE_OF_COUNTY, Address
from sample_data.people import ACTIVE, HOLD, TERMINATED, Member, Statement

SENDER = "999999992"
_RACES = ("7", ":RET:2106-3", ":RET:2135-2", ":RET:2054-5", "8", "C")
_ISO_LANGUAGES = {"ARM": "hye"}
"""By NISO code, the ISO 639-2 codes that are not the same in small letters."""


@dataclass(frozen=True)
class _Stretch:
    """Benefit months in which nothing changed."""

    status: str
    first: date
    last: date

    @property
    def is_covered(self) -> bool:
        return self.status in ACTIVE


def delegated_file(reference: str, file_date: date, control: int, statements: Iterable[Statement]) -> bytes:
    """Write one interchange with one transaction set for each of `statements`.

    `reference` begins BGN02, `control` is the number of the interchange and group (ISA13, GS06).
    """
    today = f"{file_date:%Y%m%d}"
    sets = []
    for number, statement in enumerate(statements, start=1):
        body = (
            f"ST*834*{number:04d}*005010X220A1~BGN*00*{reference}-{number}*{today}*0400****2~QTY*TO*1~"
            f"N1*P5*Orchard Health Plan*FI*{SENDER}~N1*IN*Sample Health Plan*FI*{RECEIVER}~"
            f"{_member_loop(statement, file_date)}"
        )
        sets.append(f"{body}SE*{body.count('~') + 1}*{number:04d}~")
    return (
        f"ISA*00*          *00*          *30*{SENDER:15}*30*{RECEIVER:15}*{file_date:%y%m%d}*0400*^*00501*{control:09d}"
        f"*0*P*:~GS*BE*{SENDER}*{RECEIVER}*{today}*0400*{control}*X*005010X220A1~{''.join(sets)}"
        f"GE*{len(sets)}*{control}~IEA*1*{control:09d}~"
    ).encode("ascii")


def _member_loop(statement: Statement, file_date: date) -> str:
    member = statement.member
    stretches = list(_stretches(statement, file_date))
    whole = stretches[0] if len(stretches) == 1 and stretches[0].is_covered else None
    coverage = "".join(_coverage(member, stretch, dated=whole is None) for stretch in stretches)
    return (
        _status(member)
        + _references(member, file_date)
        + (_eligibility(member, whole) if whole else "")
        + _name_and_address(member)
        + coverage
        + _reporting_category(member)
    )


def _stretches(statement: Statement, file_date: date) -> Iterator[_Stretch]:
    """Tell the months as stretches, the newest first; each month that was cancelled stands by itself."""
    months = statement.member.months[: statement.months]
    told = [(month.status, back if month.status in TERMINATED else -1, back) for back, month in enumerate(months)]
    for (status, _), run in groupby(told, lambda each: each[:2]):
        backs = [back for *_, back in run]
        following = month_start(file_date, backs[0] - 1)
        yield _Stretch(status, month_start(file_date, backs[-1]), following - timedelta(days=1))


def _status(member: Member) -> str:
    maintenance, benefit = ("024", "TE") if member.now.status in TERMINATED else ("001", "AC")
    death = f"***D8*{member.died:%Y%m%d}" if member.died else ""
    return f"INS*Y*18*{maintenance}*AI*A*E**{benefit}{death}~"


def _references(member: Member, file_date: date) -> str:
    person = member.person
    county = CODE_OF_COUNTY[person.home.county]
    return (
        f"REF*0F*7{person.number:09d}~REF*1L*GROUP{HCP_CODE}~REF*17*{county}{member.aid_code}{file_date:%Y%m}~"
        f"REF*3H*{person.number * 31 % 9_999_999:07d}~"
    )


def _eligibility(member: Member, stretch: _Stretch) -> str:
    """Date the coverage for the member as a whole: since when it is so, since when there is any, and how long."""
    enrolled = date(stretch.first.year - 1, 1, 1)
    end = "" if member.person.number % 5 == 0 else f"DTP*357*D8*{stretch.last:%Y%m%d}~"
    return f"DTP*303*D8*{stretch.first:%Y%m%d}~DTP*356*D8*{enrolled:%Y%m%d}~{end}"


def _name_and_address(member: Member) -> str:
    person = member.person
    language = _ISO_LANGUAGES.get(person.language, person.language.lower())
    post = f"NM1*31*1~{_address(member.mailing)}~" if member.mailing else ""
    return (
        f"NM1*IL*1*{person.last}*{person.first}*{person.middle}***ZZ*{person.cin}~PER*IP**TE*{person.phone}~"
        f"{_address(person.home)}**CY*{CODE_OF_COUNTY[person.home.county]}~"
        f"DMG*D8*{person.born:%Y%m%d}*{person.sex}**{_RACES[person.number % len(_RACES)]}~LUI*LE*{language}**7~{post}"
    )


def _address(address: Address) -> str:
    return f"N3*{address.street.upper()}~N4*{address.city.upper()}*CA*{address.zip_code}"


def _coverage(member: Member, stretch: _Stretch, *, dated: bool) -> str:
    cancelled = stretch.status in TERMINATED
    action = "021" if stretch.is_covered else "024" if cancelled else "001"
    eligibility = "401" if stretch.is_covered else "701" if stretch.status in HOLD else "901"
    end = stretch.first - timedelta(days=1) if cancelled else stretch.last
    since = f"{stretch.first:%Y%m%d}"
    dates = f"DTP*348*D8*{since}~DTP*349*D8*{end:%Y%m%d}~" if dated else f"DTP*303*D8*{since}~"
    line = "LTC" if member.aid_code == "13" else "HLT"
    packed = f"{HCP_CODE}{stretch.status}{member.aid_code}{eligibility}{'':5}N{member.person.number % 900 + 100}"
    return f"HD*{action}**{line}*{packed}~{dates}REF*ZX*{CODE_OF_COUNTY[member.person.home.county]}~"


def _reporting_category(member: Member) -> str:
    if not member.now.ji:
        return ""
    category = dict(zip(JI_AID_CODES, JI_CATEGORIES, strict=True)).get(member.marker, member.marker)
    return f"LS*2700~LX*1~N1*75*JUSTICE INVOLVED~REF*ZZ*{category}~LE*2700~"
