"""What a file's name says of its place among its kind: date, sequence, daily or full."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from pipelines.config.returns import RETURN_SHEET
from pipelines.transfer.answers import corrected

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

    def behind(self, places: int = 1) -> FileOrder:
        """Return the order of a file so many places behind this one, on the same day."""
        return replace(self, sequence=min(self.sequence + places, _LAST))


def order_of(name: str, *, full_marker: str, otherwise: date) -> FileOrder:
    """Read the order from a name such as `DHCS834-DA-20261028-SHP-010-001.dat`; without a date it is `otherwise`.

    A time of day behind the date (`YYYYMMDDHHMMSS`) serves as the sequence where the name ends with no other number.

    A file that comes back corrected under its response's name stands right behind the one it corrects. A return sheet
    is of `otherwise`: the date in its name says when it was handed out, not when somebody filled it in.
    """
    if came_back := corrected(name):
        return order_of(came_back.stem, full_marker=full_marker, otherwise=otherwise).behind(came_back.times)
    found, rest = _real_date(name), name
    if found:
        # A time of day stays: it may be all that tells files of one day apart.
        rest = name[: found.match.start()] + "".join(found.match.groups("")[3:]) + name[found.match.end() :]
    number = _SEQUENCE.search(rest)
    tokens = re.split(r"[-_.]", name)
    scope = "FULL" if full_marker in tokens else "DAILY"
    day = found.day if found and not name.upper().startswith(f"{RETURN_SHEET}_") else otherwise
    return FileOrder(day, int(number.group(1)) if number else 0, scope)


def undated(name: str) -> str:
    """Return a name with the letters of its form in place of its date, such as `LIST_YYYYMMDD.csv`."""
    found = _real_date(name)
    if found is None:
        return name
    letters = found.form.replace("%Y", "YYYY").replace("%m", "MM").replace("%d", "DD")
    return name[: found.match.start()] + letters + name[found.match.end() :]


class _Dated(NamedTuple):
    """Where in a name a day of the calendar stands, and in which form."""

    day: date
    form: str
    match: re.Match[str]


def _real_date(name: str) -> _Dated | None:
    for pattern, form in _DATES:
        for match in pattern.finditer(name):
            with suppress(ValueError):
                day = datetime.strptime("".join(match.groups()[:3]), form).date()  # noqa: DTZ007 - a date has no zone
                return _Dated(day, form, match)
    return None
