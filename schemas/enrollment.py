"""The enrollment tables of an 834: members (one row per INS), coverage (one per HD), reporting (one per N1*75).

All columns are text in canonical form (dates `YYYY-MM-DD`, missing = NA) but for the numbers that tie rows together.
What cannot be a date is kept as it was read, so that the schemas here reject it. The code lists are those of the guide,
005010X220A1.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import pandas as pd
import pandera.pandas as pa

from schemas.codes import CIN_PATTERN, ZIP_PATTERN
from schemas.enrollment_columns import COVERAGE_COLUMNS, MEMBER_COLUMNS, REPORTING_COLUMNS
from schemas.validation import across, check, holds, matches, one_of, optional, required

MEMBER_MAINTENANCE_TYPES = ("001", "021", "024", "025", "030")
"""INS03: change, addition, cancellation, reinstatement, audit or compare."""

COVERAGE_MAINTENANCE_TYPES = ("001", "002", "021", "024", "025", "026", "030", "032")
"""HD01: as INS03, and delete, correction, employee information not applicable."""

INSURANCE_LINES = (
    "AG", "AH", "AJ", "AK", "DCP", "DEN", "EPO", "FAC", "HE", "HLT", "HMO", "LTC", "LTD", "MM", "MOD", "PDG", "POS",
    "PPO", "PRA", "STD", "UR", "VIS",
)  # fmt: skip
"""HD03; DHCS sends `HLT` and `LTC`."""

GENDERS = ("F", "M", "U")
"""DMG03."""

PLACEHOLDER_CINS = tuple(f"9{digit * 7}{chr(letter)}" for digit in "09" for letter in range(ord("A"), ord("Z") + 1))
"""Values that have the form of a CIN but stand for "none"."""


def _is_date(text: pd.Series[str]) -> pd.Series[bool]:
    """Tell which values are `YYYY-MM-DD` and days of the calendar."""
    shaped = text.str.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}") & ~text.str.startswith("0000")
    return pd.to_datetime(text.where(shaped), format="%Y-%m-%d", errors="coerce").notna()


def _ends_in_order(coverage: pd.DataFrame) -> pd.Series[bool]:
    """Tell which rows do not end before they begin; the very day before means "not covered that month" and is legal."""
    begin = pd.to_datetime(coverage["benefit_begin"], format="%Y-%m-%d", errors="coerce")
    end = pd.to_datetime(coverage["benefit_end"], format="%Y-%m-%d", errors="coerce")
    return ~(end < begin - pd.Timedelta(days=1))


_WAYS = ("phone", "email", "address_1", "mailing_address_1")


def _can_be_reached(members: pd.DataFrame) -> pd.Series[bool]:
    """Tell which rows have at least one way to reach the person."""
    return members[list(_WAYS)].notna().any(axis="columns")


_DATE = holds(_is_date, "R11")
_NUMBER = pa.Column("int64")


def _of_text(columns: tuple[str, ...]) -> dict[str, pa.Column]:
    """Begin a schema: text that may be missing, in every column of which nothing else is said."""
    return {name: optional() for name in columns}


@cache
def members_schema(as_of: date) -> pa.DataFrameSchema:
    """Build the schema of the members table, index `member_no`, for a file of the day `as_of`."""
    born = holds(lambda text: _is_date(text) & (text <= as_of.isoformat()), "R03")
    return pa.DataFrameSchema(
        {
            **_of_text(MEMBER_COLUMNS),
            "segment_no": _NUMBER,
            "maintenance_type": required(one_of(MEMBER_MAINTENANCE_TYPES)),
            "death_date": optional(_DATE),
            "cin": required(
                matches(CIN_PATTERN, "R02"), pa.Check.notin(list(PLACEHOLDER_CINS), error="R02"), missing="R01"
            ),
            "reporting_month": optional(_DATE),
            "last_name": required(missing="R04"),
            "first_name": required(missing="R04"),
            "address_1": required(missing="W01"),
            "city": required(missing="W01"),
            "state": required(missing="W01"),
            "zip": required(matches(ZIP_PATTERN, "W01"), missing="W01"),
            "birth_date": required(born, missing="R03"),
            "gender": optional(one_of(GENDERS)),
        },
        checks=across(_can_be_reached, *_WAYS, code="W02", blamed="phone"),
        name="enrollment members",
        strict=True,
    )


COVERAGE_SCHEMA = pa.DataFrameSchema(
    {
        **_of_text(COVERAGE_COLUMNS),
        "member_no": _NUMBER,
        "segment_no": _NUMBER,
        "maintenance_type": required(one_of(COVERAGE_MAINTENANCE_TYPES)),
        "insurance_line": required(one_of(INSURANCE_LINES)),
        "hcp_code": required(),
        "benefit_begin": required(_DATE, missing="R11"),
        "benefit_end": required(_DATE, missing="R11"),
    },
    checks=across(_ends_in_order, "benefit_begin", "benefit_end", code="R11", blamed="benefit_end", few_values=True),
    name="enrollment coverage",
    strict=True,
)

REPORTING_SCHEMA = pa.DataFrameSchema(
    {
        **_of_text(REPORTING_COLUMNS),
        "member_no": _NUMBER,
        "segment_no": _NUMBER,
        "category": required(),
        "date": optional(_DATE),
    },
    name="enrollment reporting categories",
    strict=True,
)


def check_chunk(members: pd.DataFrame, coverage: pd.DataFrame, reporting: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Check the three tables of a chunk and return findings whose `row` is the `member_no`.

    A finding on a coverage or reporting row stands on its member, with the column written `coverage.<column>` or
    `reporting.<column>`: a member goes on or is quarantined as a whole. `as_of` is the day the file speaks of.
    """
    found = [check(members_schema(as_of), members)]
    for part, schema, table in (
        ("coverage", COVERAGE_SCHEMA, coverage),
        ("reporting", REPORTING_SCHEMA, reporting),
    ):
        of_rows = check(schema, table)
        if len(of_rows):
            member_no = table["member_no"].reindex(of_rows["row"]).to_numpy()
            found.append(of_rows.assign(row=member_no, column=f"{part}." + of_rows["column"]))
    if not any(map(len, found)):
        return found[0]
    return pd.concat(found).drop_duplicates().sort_values(["row", "column", "code"], ignore_index=True)
