"""Raw 834 rows into the tables of `schemas.enrollment`: dates, CINs, values packed with semicolons, months.

Works on whole columns and does not care how the raw rows were read. A value that is not what it should be stays as it
is: rejecting is the schemas' part.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from parsers.x12.profile import EnrollmentProfile
from parsers.x12.segments import BLANK
from schemas.enrollment import COVERAGE_SCHEMA, MEMBER_COLUMNS, REPORTING_SCHEMA

_RAW_CIN = {"REF*1L": "ref_1l", "REF*0F": "ref_0f", "NM109": "nm109"}
_LONG_CIN = r"9[0-9]{7}[A-Z]([0-9]|[0-9]{5})"
"""A CIN with its check digit (10 characters), or the card number: with check digit and issue date (14)."""


def members_table(raw: pd.DataFrame, profile: EnrollmentProfile) -> pd.DataFrame:
    """Make the members table of raw member rows (`slots.RAW_MEMBER_COLUMNS`), keeping their index."""
    cin = raw[_RAW_CIN[profile.cin_field]]
    if profile.cin_slot:
        cin = unpack(cin, profile.cin_slot)[profile.cin_slot - 1]
    county_code, aid_code, case_number = unpack(raw["ref_3h"], 3)
    table = raw.assign(
        cin=canonical_cin(cin),
        death_date=iso_date(raw["death_date"].where(raw["death_date_format"] == "D8")),
        reporting_month=_iso_month(unpack(raw["ref_17"], 3)[2]),
        county_code=county_code,
        aid_code=aid_code,
        case_number=case_number,
        phone=raw["phone"].fillna(raw["phone_home"]).fillna(raw["phone_cell"]),
        city=_without_state(raw["city"], raw["state"]),
        county=raw["county"].where(raw["location_qualifier"] == "CY"),
        birth_date=iso_date(raw["birth_date"]),
        mailing_city=_without_state(raw["mailing_city"], raw["mailing_state"]),
    )
    return table[list(MEMBER_COLUMNS)]


def coverage_table(raw: pd.DataFrame) -> pd.DataFrame:
    """Make the coverage table of raw coverage rows (`slots.RAW_COVERAGE_COLUMNS`), keeping their index."""
    hcp_code, hcp_status = unpack(raw["plan"], 2)
    aid_code, esc, *special = unpack(raw["ref_ce"], 8)
    begin = iso_date(raw["benefit_begin"])
    table = raw.assign(
        hcp_code=hcp_code,
        hcp_status=hcp_status,
        benefit_begin=begin,
        benefit_end=iso_date(raw["benefit_end"]),
        benefit_month=(begin.str[:8] + "01").where(begin.str.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}")),
        aid_code=aid_code,
        esc=esc,
        segment_number=unpack(raw["ref_zz"], 3)[2],
    )
    for number in (1, 2, 3):
        table[f"special_aid_{number}"], table[f"special_esc_{number}"] = special[2 * number - 2 : 2 * number]
    return table[list(COVERAGE_SCHEMA.columns)]


def reporting_table(raw: pd.DataFrame) -> pd.DataFrame:
    """Make the reporting table of raw rows (`slots.RAW_REPORTING_COLUMNS`); of a span of days the first counts."""
    first_day = raw["date"].str.replace(r"^([0-9]{8})-[0-9]{8}$", r"\1", regex=True)
    return raw.assign(date=iso_date(first_day))[list(REPORTING_SCHEMA.columns)]


def iso_date(text: pd.Series[str]) -> pd.Series[str]:
    """Write `YYYYMMDD` as `YYYY-MM-DD` where it is a day of the calendar."""
    shaped = text.str.fullmatch("[0-9]{8}") & ~text.str.startswith("0000")
    is_day = shaped & pd.to_datetime(text.where(shaped), format="%Y%m%d", errors="coerce").notna()
    return text.mask(is_day, text.str[:4] + "-" + text.str[4:6] + "-" + text.str[6:])


def canonical_cin(text: pd.Series[str]) -> pd.Series[str]:
    """Write CINs in capitals and cut what follows their nine characters on a card."""
    cin = text.str.upper()
    return cin.mask(cin.str.fullmatch(_LONG_CIN), cin.str[:9])


def unpack(packed: pd.Series[str], slots: int) -> list[pd.Series[str]]:
    """Return the first `slots` of the values that DHCS packs into one element with semicolons."""
    parts = packed.str.split(";", n=slots, expand=True).reindex(columns=range(slots))
    return [_text(parts[slot]) for slot in range(slots)]


def _iso_month(text: pd.Series[str]) -> pd.Series[str]:
    """Write `YYYYMM` as the month's first day."""
    first_day = iso_date(text + "01")
    return text.mask((first_day.str.len() == 10) & (text.str.len() == 6), first_day)


def _without_state(city: pd.Series[str], state: pd.Series[str]) -> pd.Series[str]:
    """Cut the state that DHCS repeats after the city (`LOS ANGELES CA`)."""
    repeated = (city.str[-3:] == " " + state) & (city.str.len() > 3)
    return city.mask(repeated, city.str[:-3].str.rstrip())


def _text(values: pd.Series[str]) -> pd.Series[str]:
    text = values.astype("str").str.strip(BLANK)
    return text.where(text != "")


def raw_table(rows: Sequence[Sequence[str | int | None]], columns: Sequence[str], index: pd.Index[int]) -> pd.DataFrame:
    """Make a table of raw rows: numbers are int64, all else is text."""
    values = zip(*rows, strict=True) if rows else ([] for _ in columns)
    return pd.DataFrame(
        {
            name: pd.Series(column, index=index, dtype="int64" if name in ("member_no", "segment_no") else "str")
            for name, column in zip(columns, values, strict=True)
        }
    )
