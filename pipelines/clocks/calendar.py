"""The plan's business days: Monday to Friday less the holidays of its configuration."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pandas as pd


def is_business_day(day: date, holidays: Iterable[date]) -> bool:
    """Tell whether the plan works on `day`."""
    return day.weekday() < 5 and day not in set(holidays)


def calendar_table(around: date, holidays: Iterable[date], *, days: int = 800) -> pd.DataFrame:
    """Number the business days: columns day, is_business, number (business days up to and including the day).

    The n-th business day after a day is the business day whose number is the day's plus n: the day itself, the
    trigger, is not counted.
    """
    closed = set(holidays)
    table = pd.DataFrame({"day": [around + timedelta(days=offset) for offset in range(-days, days + 1)]})
    table["is_business"] = [is_business_day(day, closed) for day in table["day"]]
    table["number"] = table["is_business"].cumsum()
    return table
