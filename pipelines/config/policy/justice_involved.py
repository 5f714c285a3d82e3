"""Where the justice-involved (JI) indicator stands on the 834, and what each HCP status means."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from pipelines.config.table import Table

LOCATOR_SEGMENTS = {
    **{f"2000/REF*{q}": f"ref_{q.lower()}" for q in ("0F", "17", "23", "3H", "6O", "DX", "Q4", "QQ", "ZZ")},
    **{f"2300/REF*{q}": f"ref_{q.lower()}" for q in ("CE", "RB", "17", "9V", "ZX", "ZZ", "XX1")},
    "2750/N1*75+REF": "ref_value",
    "2750/N1*75": "category",
}
"""Places of an 834 a locator may name, and the column of the facts that keeps what stood there."""

_NOT_IN_THE_STORE = r"\(\?(?:[=!#>(]|<[=!]|P=)|\\[1-9Z]|[*+?}]\+"
"""Parts of a regular expression that only Python knows: looking around, referring back, possessive repetition, \\Z."""


def _usable_pattern(pattern: str) -> str:
    """Check a regular expression that must mean the same here and in the store, and never a blank."""
    try:
        matches_blank = re.fullmatch(pattern, "") is not None
    except re.error as mistake:
        raise ValueError(f"not a regular expression: {mistake.msg}") from None
    if matches_blank:
        raise ValueError("matches a blank: everyone would be justice-involved")
    if re.search(_NOT_IN_THE_STORE, pattern):
        raise ValueError("looks around, refers back, is possessive or uses \\Z, which the store cannot follow")
    return pattern


_Text = Annotated[str, Field(min_length=1)]


class Locator(Table):
    """One place in the 834 where the justice-involved (JI) indicator may stand."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    segment: str
    slots: tuple[Annotated[int, Field(ge=1, le=20)], ...] = ()
    """Semicolon positions from 1; empty means the whole value."""
    equals: _Text | None = None
    one_of: Annotated[tuple[_Text, ...], Field(min_length=1)] | None = None
    regex: Annotated[str, AfterValidator(_usable_pattern)] | None = None
    months: Literal["any", "current"] = "any"

    @model_validator(mode="after")
    def _says_one_match_at_a_known_place(self) -> Self:
        if self.segment not in LOCATOR_SEGMENTS:
            raise ValueError(f"segment is none of {', '.join(LOCATOR_SEGMENTS)}")
        if sum(match is not None for match in (self.equals, self.one_of, self.regex)) != 1:
            raise ValueError("give exactly one of equals, one_of, regex")
        return self

    @property
    def pattern(self) -> str:
        """The match as one regular expression for the whole value."""
        if self.regex is not None:
            return self.regex
        wanted = (self.equals,) if self.equals is not None else self.one_of or ()
        return "|".join(re.escape(value) for value in wanted)


class JusticeInvolved(Table):
    """Where the JI indicator stands and what each HCP status means."""

    locators: tuple[Locator, ...]
    hcp_status: dict[Literal["active", "hold", "terminated", "not_covered"], tuple[str, ...]]

    @model_validator(mode="after")
    def _each_status_means_one_thing(self) -> Self:
        if not self.hcp_status.get("active"):
            raise ValueError("hcp_status names no active status: nobody would ever count as enrolled")
        statuses = [status for listed in self.hcp_status.values() for status in listed]
        if len(statuses) != len(set(statuses)):
            raise ValueError("an HCP status stands under two meanings")
        return self
