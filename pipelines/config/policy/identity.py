"""How long a row is tried again, what is proposed to the liaison, and what a prior identifier on the 834 means."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from pipelines.config.table import Table
from schemas.enrollment_columns import MEMBER_REFERENCES

_PLACES = {f"2000/REF*{qualifier.upper()}": f"ref_{qualifier}" for qualifier in MEMBER_REFERENCES}
"""Places of an 834 where a prior identifier may stand, and the column of the facts that keeps what stood there."""


def _known_place(place: str) -> str:
    if place not in _PLACES:
        raise ValueError(f"is none of {', '.join(_PLACES)}")
    return place


class Identity(Table):
    """Whom rows of referrals, notices and MIFs speak of, and which CINs are one person."""

    retry_days: Annotated[int, Field(ge=0, le=730)] = 90
    """Days from the first time a row is told in which an 834 may still make its person known; after that it expires."""
    proposals: bool = False
    """Whether to propose members to the liaison by probability. Off unless asked for, so that no result depends on
    whether the extra `matching` happens to be installed; where it is asked for, it must be."""
    min_probability: Annotated[float, Field(ge=0.5, lt=1)] = 0.9
    """Below this, nobody is proposed."""
    prior_identifier: Literal["ignore", "propose", "merge"] = "propose"
    """What another CIN in the place of the prior identifier does: nothing, a question to the liaison, or a merge."""
    prior_identifier_place: Annotated[str, AfterValidator(_known_place)] = "2000/REF*Q4"

    @property
    def prior_identifier_column(self) -> str:
        """Column of `facts.enrollment_members` that keeps the prior identifier."""
        return _PLACES[self.prior_identifier_place]
