"""The plan's calendar: which day is the n-th business day, and by which calendar that was counted."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clocks.calendar import business_days_after, calendar_version, is_business_day, last_business_days
from pipelines.clocks.clocks import due_days

HOLIDAYS = (date(2026, 11, 26), date(2027, 1, 1))
holiday_tables = st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=20)


def counted(trigger: date, days: int, unit: str, holidays: tuple[date, ...] = HOLIDAYS) -> tuple[date, str]:
    counts = pd.DataFrame({"trigger_date": pd.to_datetime([trigger]), "days": [days], "unit": [unit]})
    found = due_days(counts, holidays, "v")
    return found["due"][0].date(), found["calendar"][0]


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), holiday_tables, st.integers(1, 10))
def test_the_nth_business_day_is_the_nth_day_the_plan_works_after_the_trigger(
    trigger: date, holidays: frozenset[date], count: int
) -> None:
    day, left = trigger, count
    while left:
        day += timedelta(days=1)
        left -= is_business_day(day, holidays)
    triggers = np.array([trigger], dtype="datetime64[D]")
    assert business_days_after(triggers, np.array([count]), holidays)[0].item() == day


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), holiday_tables)
def test_the_last_business_day_is_the_day_itself_or_the_nearest_before_it(day: date, holidays: frozenset[date]) -> None:
    found = last_business_days(np.array([day], dtype="datetime64[D]"), holidays)[0].item()
    assert is_business_day(found, holidays)
    assert found <= day
    assert not any(is_business_day(found + timedelta(days=n), holidays) for n in range(1, (day - found).days + 1))


def test_a_clock_can_be_counted_in_any_year() -> None:
    for trigger in (date(1926, 5, 3), date(2026, 5, 4), date(9998, 12, 31)):
        assert counted(trigger, 7, "CALENDAR") == (trigger + timedelta(days=7), "v")


@pytest.mark.parametrize(
    ("trigger", "unit", "holidays", "calendar"),
    [
        (date(2027, 12, 30), "BUSINESS", HOLIDAYS, "v;no holidays for 2028"),
        (date(2027, 12, 20), "BUSINESS", HOLIDAYS, "v"),
        (date(2024, 12, 31), "BUSINESS", HOLIDAYS, "v;no holidays for 2024, 2025"),
        (date(2027, 12, 30), "CALENDAR", HOLIDAYS, "v"),
        (date(2027, 12, 30), "BUSINESS", (), "v"),
    ],
    ids=["beyond the table", "within", "before the table", "calendar days need no holidays", "a plan without a table"],
)
def test_business_days_beyond_the_holiday_table_say_so(
    trigger: date, unit: str, holidays: tuple[date, ...], calendar: str
) -> None:
    assert counted(trigger, 2, unit, holidays)[1] == calendar


def test_the_version_tells_another_holiday_table_or_zone_and_nothing_else() -> None:
    version = calendar_version("America/Los_Angeles", HOLIDAYS)
    assert version == calendar_version("America/Los_Angeles", (*reversed(HOLIDAYS), HOLIDAYS[0]))
    assert version != calendar_version("America/Los_Angeles", HOLIDAYS[:1])
    assert version != calendar_version("America/Denver", HOLIDAYS)
