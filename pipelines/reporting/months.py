"""Calendar months as reports are asked for: by name, with their days and the day a report on them is due."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.problems import ExchangeError, ExitCode


class MonthRefused(ExchangeError):
    """What was given is no month, or one that nothing can be said of."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month."""

    first: date

    @classmethod
    def named(cls, text: str) -> Month:
        """Read `YYYY-MM`.

        Raises
        ------
        MonthRefused
            When it is anything else.
        """
        found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text.strip())
        if found is None or found[1] == "0000":
            raise MonthRefused("V01", "not a month", remedy="Write it as YYYY-MM, such as 2026-11.")
        return cls(date(int(found[1]), int(found[2]), 1))

    @classmethod
    def before(cls, day: date) -> Month:
        """Return the month before the one of a day: the last one that is over."""
        return cls((day.replace(day=1) - timedelta(days=1)).replace(day=1))

    @property
    def last(self) -> date:
        """The last day."""
        return self.following.first - timedelta(days=1)

    @property
    def following(self) -> Month:
        """The month after it."""
        return Month((self.first + timedelta(days=31)).replace(day=1))

    def due(self, day: int) -> date:
        """Return the day of the following month on which a report is due."""
        return self.following.first.replace(day=day)

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"
