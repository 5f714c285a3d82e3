"""The plan's calendar: Monday to Friday less the holidays it lists in its configuration."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count, islice

_MONDAY, _THURSDAY = 0, 3


def holidays(year: int) -> list[date]:
    """List the days of `year` on which the plan does not work, in order."""
    thanksgiving = _nth_weekday(year, 11, _THURSDAY, 4)
    return [
        date(year, 1, 1),
        _nth_weekday(year, 1, _MONDAY, 3),
        _nth_weekday(year, 2, _MONDAY, 3),
        _nth_weekday(year, 6, _MONDAY, 1) - timedelta(days=7),  # the last Monday of May
        date(year, 7, 4),
        _nth_weekday(year, 9, _MONDAY, 1),
        date(year, 11, 11),
        thanksgiving,
        thanksgiving + timedelta(days=1),
        date(year, 12, 25),
    ]


def plan_holidays(start: date) -> list[date]:
    """List the holidays of the year of `start` and of the year after."""
    return holidays(start.year) + holidays(start.year + 1)


def business_days(start: date, days: int) -> tuple[date, ...]:
    """Take the first `days` business days from `start` on; `start` itself is one of them when it is a business day."""
    off = set(plan_holidays(start))
    candidates = (start + timedelta(days=offset) for offset in count())
    return tuple(islice((day for day in candidates if day.weekday() < 5 and day not in off), days))


def month_start(day: date, back: int = 0) -> date:
    """Give the first day of the month that lies `back` months before the month of `day`."""
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
