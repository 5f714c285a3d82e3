"""The plan's business days: Monday to Friday less the holidays of its configuration, counted for any day whatever."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

Days = npt.NDArray[np.datetime64]


def is_business_day(day: date, holidays: Iterable[date]) -> bool:
    """Tell whether the plan works on `day`."""
    return day.weekday() < 5 and day not in set(holidays)


def as_days(column: pd.Series) -> Days:
    """Turn a column of dates into whole days."""
    return column.to_numpy().astype("datetime64[D]")


def business_days_after(triggers: Days, counts: npt.NDArray[np.int64], holidays: Iterable[date]) -> Days:
    """Give the n-th business day after each trigger, which is not counted itself; n is at least 1."""
    return np.busday_offset(triggers, counts, roll="backward", holidays=_closed(holidays))


def last_business_days(days: Days, holidays: Iterable[date]) -> Days:
    """Give each day itself where the plan works, else the last business day before it."""
    return np.busday_offset(days, 0, roll="backward", holidays=_closed(holidays))


def calendar_version(timezone: str, holidays: Iterable[date]) -> str:
    """Name the calendar by what it consists of: another zone or holiday table has another version."""
    text = "|".join([timezone, *(day.isoformat() for day in sorted(set(holidays)))])
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def years_without_holidays(first: date, last: date, holidays: Iterable[date]) -> list[int]:
    """Give the years from `first` to `last` that the plan's holiday table leaves out; none if there is no table."""
    told = {day.year for day in holidays}
    return [year for year in range(first.year, last.year + 1) if year not in told] if told else []


def _closed(holidays: Iterable[date]) -> Days:
    return np.array(sorted(set(holidays)), dtype="datetime64[D]")
