"""How a value is written canonically: dates, months, CINs, pieces of packed and fixed-width values.

Works on whole columns, each value once. A value that is not what it should be stays as it is: rejecting is the
schemas' part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa

from parsers.x12.arrays import TEXT, Column, compute
from parsers.x12.delimiters import BLANK
from parsers.x12.packed import by_value

_LONG_CIN = r"^9[0-9]{7}[A-Z]([0-9]|[0-9]{5})$"
"""A CIN with its check digit (10 characters), or the card number: with check digit and issue date (14)."""

_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_SPAN = r"^[0-9]{8}-[0-9]{8}$"
_ISO_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


@by_value
def iso_date(text: Column) -> Column:
    """Write `YYYYMMDD` as `YYYY-MM-DD` where it is a day of the calendar."""
    shaped = compute.match_substring_regex(text, "^[0-9]{8}$").fill_null(fill_value=False)
    number = compute.if_else(shaped, text, "0").cast("int32").to_numpy(zero_copy_only=False)
    year, month, day = number // 10_000, number // 100 % 100, number % 100
    leaps = (month == 2) & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    is_day = (year > 0) & (month <= 12) & (day > 0) & (day <= _MONTH_DAYS[np.minimum(month, 12)] + leaps)
    parts = [compute.utf8_slice_codeunits(text, *bounds) for bounds in ((0, 4), (4, 6), (6, 8))]
    return replaced(text, pa.array(is_day), joined("-", *parts))


def canonical_cin(text: Column) -> Column:
    """Write CINs in capitals and cut what follows their nine characters on a card."""
    cin = compute.utf8_upper(text)
    return replaced(cin, compute.match_substring_regex(cin, _LONG_CIN), compute.utf8_slice_codeunits(cin, 0, 9))


@by_value
def span_begin(text: Column) -> Column:
    """Write a date, or the first day of a span, as a date."""
    is_span = compute.match_substring_regex(text, _SPAN)
    return iso_date(replaced(text, is_span, compute.utf8_slice_codeunits(text, 0, 8)))


@by_value
def span_end(text: Column) -> Column:
    """Write a date, or the last day of a span, as a date."""
    is_span = compute.match_substring_regex(text, _SPAN)
    return iso_date(replaced(text, is_span, compute.utf8_slice_codeunits(text, 9, 17)))


@by_value
def year_month(text: Column) -> Column:
    """Write `YYYYMM` as the month's first day."""
    first_day = iso_date(joined("", text, "01"))
    is_month = compute.and_(
        compute.equal(compute.utf8_length(first_day), 10), compute.equal(compute.utf8_length(text), 6)
    )
    return replaced(text, is_month, first_day)


@by_value
def month(text: Column) -> Column:
    """Write the first day of a date's month; missing where there is no date."""
    date = iso_date(text)
    first_day = joined("", compute.utf8_slice_codeunits(date, 0, 8), "01")
    return where(compute.match_substring_regex(date, _ISO_DATE), first_day)


WRITTEN: Mapping[str, Callable[[Column], Column]] = {
    "text": lambda text: text,
    "upper": by_value(compute.utf8_upper),
    "cin": canonical_cin,
    "date": iso_date,
    "span_begin": span_begin,
    "span_end": span_end,
    "year_month": year_month,
    "month": month,
}
"""By each of `profile.KINDS`, how its values are written."""


@by_value
def _without_blanks(text: Column) -> Column:
    trimmed = compute.utf8_trim(text, BLANK)
    return where(compute.not_equal(trimmed, ""), trimmed)


def piece(text: Column, first: int, last: int) -> Column:
    """Return the characters from the first to the last, counted from 1, without blanks around; 0 is the end."""
    return _without_blanks(compute.utf8_slice_codeunits(text, first - 1, last or None))


def translated(text: Column, codes: Mapping[str, str]) -> Column:
    """Write the sender's codes as ours; others stay as they are."""
    encoded = text.dictionary_encode()
    ours = [codes.get(value, value) for value in encoded.dictionary.to_pylist()]
    return pa.array(ours, TEXT).take(encoded.indices)


def without_end(text: Column, end: Column) -> Column:
    """Cut off what the end repeats after a blank (`LOS ANGELES CA`)."""
    pairs = joined("\0", text, end).dictionary_encode()
    shortened = [_shortened(*pair.split("\0")) for pair in pairs.dictionary.to_pylist()]
    return compute.coalesce(pa.array(shortened, TEXT).take(pairs.indices), text)


def _shortened(text: str, end: str) -> str:
    return text.removesuffix(f" {end}").rstrip() or text


def where(condition: Column, text: Column) -> Column:
    """Keep text where the condition holds; it is missing elsewhere."""
    return compute.if_else(condition, text, None)


def replaced(text: Column, condition: Column, other: Column) -> Column:
    """Take the other text where the condition holds."""
    return compute.if_else(condition.fill_null(fill_value=False), other, text)


def joined(separator: str, *parts: Column | str) -> Column:
    """Join the rows of the parts, of which some may be the same text for every row; missing where any is."""
    typed = [pa.scalar(part, TEXT) if isinstance(part, str) else part for part in (*parts, separator)]
    return compute.binary_join_element_wise(*typed)
