"""What a file's name says of its place among its kind: date, sequence, daily or full."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

_YEAR, _MONTH, _DAY, _TIME = r"(20\d{2})", r"(0[1-9]|1[0-2])", r"(0[1-9]|[12]\d|3[01])", r"(\d{6})?"
_DATES = tuple(
    # Parts that are divided otherwise are two things: 202502_03102025 is a month, and a day of the next.
    (re.compile(rf"(?<!\d){mark.join(parts)}{'' if mark else time}(?!\d)"), form)
    for form, parts, time in (("%Y%m%d", (_YEAR, _MONTH, _DAY), _TIME), ("%m%d%Y", (_MONTH, _DAY, _YEAR), ""))
    for mark in ("", *map(re.escape, "-._"))
)
_LAST = 999_999
_SEQUENCE = re.compile(r"(?:^|[-_])(\d{1,6})(?=\.[A-Za-z0-9]+$|$)")


@dataclass(frozen=True)
class FileOrder:
    """Where a file stands among the files of its source."""

    file_date: date
    sequence: int
    scope: str
    """DAILY or FULL."""

    @property
    def rank(self) -> int:
        """One rising number: date, then full before daily, then sequence."""
        return (int(self.file_date.strftime("%Y%m%d")) * 10 + (self.scope == "DAILY")) * 1_000_000 + self.sequence


def order_of(name: str, *, full_marker: str, otherwise: date) -> FileOrder:
    """Read the order from a name such as `DHCS834-DA-20261028-SHP-010-001.dat`; without a date it is `otherwise`.

    A time of day behind the date (`YYYYMMDDHHMMSS`) serves as the sequence where the name ends with no other number.

    A file that comes back corrected under its response's name stands right behind the one it corrects.
    """
    file_date, rest = otherwise, name
    for pattern, form in _DATES:
        if found := _real_date(pattern, form, name):
            file_date, rest = found
            break
    number = _SEQUENCE.search(rest)
    tokens = re.split(r"[-_.]", name)
    scope = "FULL" if full_marker in tokens else "DAILY"
    sequence = (int(number.group(1)) if number else 0) + name.count(".response")
    return FileOrder(file_date, min(sequence, _LAST), scope)


def _real_date(pattern: re.Pattern[str], form: str, name: str) -> tuple[date, str] | None:
    """Find the first day of the calendar and the name without it; a time of day behind it stays."""
    for match in pattern.finditer(name):
        try:
            found = datetime.strptime("".join(match.groups()[:3]), form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
        time_of_day = "".join(part or "" for part in match.groups()[3:])
        return found, name[: match.start()] + time_of_day + name[match.end() :]
    return None
