"""Locators: where on the 834 the justice-involved (JI) indicator may stand, and what counts as a match.

A place is written loop/segment, with its qualifier. Its value is one text, or several between semicolons (slots). A
qualifier stands once in its loop: a member in whom it is repeated breaks the guide and is quarantined (R17), because
nobody could say which of two values counts. What repeats are whole loops, and each of them is looked at.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from pipelines.config.patterns import compiled
from pipelines.config.table import Table
from schemas.enrollment_columns import COVERAGE_REFERENCES, MEMBER_REFERENCES

_REPORTING_QUALIFIERS = (
    "00", "17", "18", "19", "26", "3L", "6M", "9V", "9X", "GE", "LU", "PID", "XX1", "XX2", "YY", "ZZ",
)  # fmt: skip
"""REF01 of a reporting category by the guide."""

_AID_CODES = ", ".join(
    f"coalesce({column}, '')"
    for column in ("aid_code", "esc", *(f"special_{part}_{n}" for n in (1, 2, 3) for part in ("aid", "esc")))
)

PLACES = {
    "2000/INS/04": "maintenance_reason",
    "2000/INS/05": "benefit_status",
    "2000/INS/08": "employment_status",
    **{f"2000/REF*{qualifier.upper()}": f"ref_{qualifier}" for qualifier in MEMBER_REFERENCES},
    "2000/AID": "aid_code",
    "2300/HD/03": "insurance_line",
    "2300/HD/04": "concat_ws(';', hcp_code, hcp_status)",
    **{f"2300/REF*{qualifier.upper()}": f"ref_{qualifier}" for qualifier in COVERAGE_REFERENCES},
    "2300/AID": f"rtrim(concat_ws(';', {_AID_CODES}), ';')",
    "2750/N1*75": "category",
    "2750/N1*75+REF": "ref_value",
    **{f"2750/REF*{q}": f"CASE WHEN ref_qualifier = '{q}' THEN ref_value END" for q in _REPORTING_QUALIFIERS},
}
"""Places that the facts keep, and how a row of them tells what stood there.

`2300/HD/04` is HCP code and HCP status, and `AID` the aid codes in the slots of DHCS' REF*CE, whichever elements the
sender's dialect has them in. `2750/N1*75+REF` is the value of a reporting category, whatever its qualifier.
"""

DATE_PLACES = {"2300/DTP*348": "benefit_begin", "2300/DTP*349": "benefit_end", "2750/DTP*007": "date"}
"""Places that the facts keep as a date."""

_NOT_IN_THE_STORE = r"\(\?(?:[=!#>(]|<[=!]|P=)|\\[1-9Z]|[*+?}]\+"
"""Parts of a regular expression that only Python knows: looking around, referring back, possessive repetition, \\Z."""


def _usable_pattern(pattern: str) -> str:
    """Check a regular expression that must mean the same here and in the store, and never a blank."""
    if compiled(pattern).fullmatch(""):
        raise ValueError("matches a blank: everyone would be justice-involved")
    if re.search(_NOT_IN_THE_STORE, pattern):
        raise ValueError("looks around, refers back, is possessive or uses \\Z, which the store cannot follow")
    return pattern


_Text = Annotated[str, Field(min_length=1)]
_Slot = Annotated[int, Field(ge=1, le=50)]
"""Semicolon position from 1: a REF02 has at most 50 characters."""


def _loop(place: str) -> str:
    return place.partition("/")[0]


def _known(key: str, segment: str, known: dict[str, str]) -> None:
    if segment not in known:
        close = get_close_matches(segment, known, n=1)
        meant = f"; did you mean `{close[0]}`?" if close else "."
        raise ValueError(f"{key} is none of the places that the facts keep{meant} They are {', '.join(known)}")


class EffectiveDate(Table):
    """Where the date stands from which an indicator holds: in the same segment, or elsewhere in the same loop."""

    segment: str | None = None
    """A place of the locator's loop; the locator's own where it is left out."""
    slot: _Slot | None = None
    """Semicolon position from 1; the whole value where it is left out."""
    format: Literal["D8", "YYYYMM"] = "D8"
    """D8 is YYYYMMDD; a month means its first day."""


class Locator(Table):
    """One place in the 834 where the justice-involved (JI) indicator may stand."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    segment: str
    category: _Text | None = None
    """For a place of loop 2750: only under a reporting category of this name (N102)."""
    slots: tuple[_Slot, ...] = ()
    """Semicolon positions from 1; empty means the whole value."""
    equals: _Text | None = None
    one_of: Annotated[tuple[_Text, ...], Field(min_length=1)] | None = None
    regex: Annotated[str, AfterValidator(_usable_pattern)] | None = None
    months: Literal["any", "current"] = "any"
    """Which benefit months of loop 2300 count: any, or the file's own and those to come."""
    date: EffectiveDate | None = None

    @model_validator(mode="after")
    def _says_one_match_at_a_known_place(self) -> Self:
        _known("segment", self.segment, PLACES)
        if sum(match is not None for match in (self.equals, self.one_of, self.regex)) != 1:
            raise ValueError("give exactly one of equals, one_of, regex")
        if self.months == "current" and self.loop != "2300":
            raise ValueError(f"months is for places of loop 2300: a value of loop {self.loop} belongs to no month")
        if self.category is not None and (self.loop != "2750" or self.segment == "2750/N1*75"):
            raise ValueError("category is for values of a reporting category: `2750/N1*75+REF` or `2750/REF*..`")
        return self

    @model_validator(mode="after")
    def _finds_its_date_in_its_own_loop(self) -> Self:
        if self.date is not None and self.date.segment is not None:
            beside = {place: kept for place, kept in (PLACES | DATE_PLACES).items() if _loop(place) == self.loop}
            _known("date.segment", self.date.segment, beside)
            if self.date.segment in DATE_PLACES and self.date.slot is not None:
                raise ValueError("slot is for values between semicolons: a DTP segment has one date")
        return self

    @property
    def loop(self) -> str:
        """The loop of its place: 2000, 2300 or 2750."""
        return _loop(self.segment)

    @property
    def pattern(self) -> str:
        """The match as one regular expression for the whole value."""
        if self.regex is not None:
            return self.regex
        wanted = (self.equals,) if self.equals is not None else self.one_of or ()
        return "|".join(re.escape(value) for value in wanted)

    def is_beside(self, other: Locator) -> bool:
        """Tell whether it reads another place: at one and the same place two locators are alternatives."""
        if (self.segment, self.category) != (other.segment, other.category):
            return True
        return bool(self.slots and other.slots) and not set(self.slots) & set(other.slots)
