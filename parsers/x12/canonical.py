"""Raw 834 rows into the tables of `schemas.enrollment`: dates, CINs, values packed with semicolons, months.

Works on whole columns and does not care how the raw rows were read. A value that is not what it should be stays as it
is: rejecting is the schemas' part.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from parsers.x12.arrays import TEXT, Column, compute
from parsers.x12.packed import by_value, unpack
from parsers.x12.profile import EnrollmentProfile
from schemas.enrollment import COVERAGE_SCHEMA, MEMBER_COLUMNS, REPORTING_SCHEMA

_RAW_CIN = {"REF*1L": "ref_1l", "REF*0F": "ref_0f", "NM109": "nm109"}
_LONG_CIN = r"^9[0-9]{7}[A-Z]([0-9]|[0-9]{5})$"
"""A CIN with its check digit (10 characters), or the card number: with check digit and issue date (14)."""

_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def members_table(raw: pa.Table, profile: EnrollmentProfile) -> pa.Table:
    """Make the members table of raw member rows (`slots.RAW_MEMBER_COLUMNS`)."""
    text = _texts(raw)
    cin = text[_RAW_CIN[profile.cin_field]]
    if profile.cin_slot:
        cin = unpack(cin, ";", profile.cin_slot)[profile.cin_slot - 1]
    text["cin"] = canonical_cin(cin)
    text["death_date"] = iso_date(_where(compute.equal(text["death_date_format"], "D8"), text["death_date"]))
    text["reporting_month"] = _iso_month(unpack(text["ref_17"], ";", 3)[2])
    text["county_code"], text["aid_code"], text["case_number"] = unpack(text["ref_3h"], ";", 3)
    text["phone"] = compute.coalesce(text["phone"], text["phone_home"], text["phone_cell"])
    text["city"] = _without_state(text["city"], text["state"])
    text["county"] = _where(compute.equal(text["location_qualifier"], "CY"), text["county"])
    text["birth_date"] = iso_date(text["birth_date"])
    text["mailing_city"] = _without_state(text["mailing_city"], text["mailing_state"])
    return pa.table({column: text[column] for column in MEMBER_COLUMNS})


def coverage_table(raw: pa.Table) -> pa.Table:
    """Make the coverage table of raw coverage rows (`slots.RAW_COVERAGE_COLUMNS`)."""
    text = _texts(raw)
    text["hcp_code"], text["hcp_status"] = unpack(text["plan"], ";", 2)
    text["aid_code"], text["esc"], *special = unpack(text["ref_ce"], ";", 8)
    for number in (1, 2, 3):
        text[f"special_aid_{number}"], text[f"special_esc_{number}"] = special[2 * number - 2 : 2 * number]
    text["segment_number"] = unpack(text["ref_zz"], ";", 3)[2]
    begin = text["benefit_begin"] = iso_date(text["benefit_begin"])
    text["benefit_end"] = iso_date(text["benefit_end"])
    month = _joined("", compute.utf8_slice_codeunits(begin, 0, 8), "01")
    text["benefit_month"] = _where(compute.match_substring_regex(begin, r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), month)
    return pa.table({column: text[column] for column in COVERAGE_SCHEMA.columns})


def reporting_table(raw: pa.Table) -> pa.Table:
    """Make the reporting table of raw rows (`slots.RAW_REPORTING_COLUMNS`); of a span of days the first counts."""
    text = _texts(raw)
    is_span = compute.match_substring_regex(text["date"], r"^[0-9]{8}-[0-9]{8}$")
    text["date"] = iso_date(_replaced(text["date"], is_span, compute.utf8_slice_codeunits(text["date"], 0, 8)))
    return pa.table({column: text[column] for column in REPORTING_SCHEMA.columns})


@by_value
def iso_date(text: Column) -> Column:
    """Write `YYYYMMDD` as `YYYY-MM-DD` where it is a day of the calendar."""
    shaped = compute.match_substring_regex(text, "^[0-9]{8}$").fill_null(fill_value=False)
    number = compute.if_else(shaped, text, "0").cast("int32").to_numpy(zero_copy_only=False)
    year, month, day = number // 10_000, number // 100 % 100, number % 100
    leaps = (month == 2) & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    is_day = (year > 0) & (month <= 12) & (day > 0) & (day <= _MONTH_DAYS[np.minimum(month, 12)] + leaps)
    parts = [compute.utf8_slice_codeunits(text, *bounds) for bounds in ((0, 4), (4, 6), (6, 8))]
    return _replaced(text, pa.array(is_day), _joined("-", *parts))


def canonical_cin(text: Column) -> Column:
    """Write CINs in capitals and cut what follows their nine characters on a card."""
    cin = compute.utf8_upper(text)
    return _replaced(cin, compute.match_substring_regex(cin, _LONG_CIN), compute.utf8_slice_codeunits(cin, 0, 9))


def _iso_month(text: Column) -> Column:
    """Write `YYYYMM` as the month's first day."""
    first_day = iso_date(_joined("", text, "01"))
    is_month = compute.and_(
        compute.equal(compute.utf8_length(first_day), 10), compute.equal(compute.utf8_length(text), 6)
    )
    return _replaced(text, is_month, first_day)


def _without_state(city: Column, state: Column) -> Column:
    """Cut the state that DHCS repeats after the city (`LOS ANGELES CA`)."""
    ending = compute.utf8_slice_codeunits(city, -3, None)
    repeated = compute.and_(
        compute.equal(ending, _joined("", " ", state)), compute.greater(compute.utf8_length(city), 3)
    )
    return _replaced(city, repeated, compute.utf8_rtrim_whitespace(compute.utf8_slice_codeunits(city, 0, -3)))


def _texts(raw: pa.Table) -> dict[str, Column]:
    return {name: raw[name].chunk(0) for name in raw.column_names}


def _where(condition: Column, text: Column) -> Column:
    """Keep text where the condition holds; it is missing elsewhere."""
    return compute.if_else(condition, text, None)


def _replaced(text: Column, condition: Column, other: Column) -> Column:
    """Take the other text where the condition holds."""
    return compute.if_else(condition.fill_null(fill_value=False), other, text)


def _joined(separator: str, *parts: Column | str) -> Column:
    """Join the rows of the parts, of which some may be the same text for every row; missing where any is."""
    typed = [pa.scalar(part, TEXT) if isinstance(part, str) else part for part in (*parts, separator)]
    return compute.binary_join_element_wise(*typed)
