"""Identifiers are well formed and never issued in real life; the calendar knows weekends and holidays."""

from __future__ import annotations

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sample_data.business_days import business_days, holidays, month_start, plan_holidays
from sample_data.identifiers import cin, npi, phone
from sample_data.names import SURNAMES
from sample_data.stories import STORIES
from schemas.codes import CIN_PATTERN, npi_is_valid

_NUMBERS = st.integers(min_value=1, max_value=2_000_000)
_DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2035, 12, 31))


@given(_NUMBERS, _NUMBERS)
def test_cins_are_well_formed_unissued_and_different(one: int, other: int) -> None:
    assert re.fullmatch(CIN_PATTERN, cin(one))
    assert cin(one)[-1] in "BI"
    assert len(set(cin(one)[1:8])) > 1
    assert (cin(one) == cin(other)) == (one == other)


@given(_NUMBERS)
def test_phones_have_the_exchange_that_nobody_has(number: int) -> None:
    assert re.fullmatch(r"\d{3}555\d{4}", phone(number))


@given(st.integers(min_value=1, max_value=10_000))
def test_npis_carry_their_check_digit_and_a_range_not_in_use(number: int) -> None:
    assert npi_is_valid(npi(number))
    assert npi(number).startswith("2")


def test_surnames_of_the_named_are_theirs_alone() -> None:
    named = [story.who.last for story in STORIES]
    assert len(named) == len(set(named))
    assert not {name.upper() for name in named} & {name.upper() for name in SURNAMES}
    assert len({(story.who.first, story.who.last) for story in STORIES}) == len({story.key for story in STORIES})


@given(_DAYS, st.integers(min_value=1, max_value=60))
def test_business_days_follow_each_other_without_weekends_and_holidays(start: date, days: int) -> None:
    found = business_days(start, days)
    assert len(found) == days
    assert found[0] >= start
    off = set(plan_holidays(start))
    skipped = {start + timedelta(days=n) for n in range((found[-1] - start).days)} - set(found)
    assert all(day.weekday() >= 5 or day in off for day in skipped)
    assert not set(found) & off


def test_the_holidays_of_2026_fall_where_the_calendar_says() -> None:
    found = holidays(2026)
    assert date(2026, 5, 25) in found
    assert date(2026, 11, 26) in found
    assert date(2026, 11, 27) in found
    assert found == sorted(found)


@given(_DAYS, st.integers(min_value=-24, max_value=24))
def test_months_are_counted_over_the_turn_of_the_year(day: date, back: int) -> None:
    assert month_start(month_start(day, back), -back) == day.replace(day=1)
