"""Length, start and review of authorizations: what stands in `[authorization]` and how it has changed since."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import AfterValidator, Field, model_validator

from pipelines.config.table import Table

FIRST_DAY = date(1900, 1, 1)
"""From when the months and anchor of `[authorization]` itself count: always, until a change."""


def _named_once(anchors: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(anchors)) < len(anchors):
        raise ValueError("names an anchor twice")
    return anchors


Anchors = Annotated[
    tuple[Literal["release_date", "effectuation_date"], ...],
    Field(min_length=1, max_length=2),
    AfterValidator(_named_once),
]
Months = Annotated[int, Field(ge=1, le=36)]


class InForce(NamedTuple):
    """What counts for whoever was released on a day from `since` to the next change."""

    since: date
    months: int
    anchor: tuple[str, ...]


class Change(Table):
    """`[[authorization.changes]]`: what is different for releases from a day on; what is not named stays."""

    since: Annotated[date, Field(alias="from", gt=FIRST_DAY)]
    months: Months | None = None
    anchor: Anchors | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.months is None and self.anchor is None:
            raise ValueError("names neither months nor anchor: nothing changes")
        return self


class Authorization(Table):
    """Length and start of the first authorization (rules R4, R5), and when its end is reviewed."""

    months: Months = 12
    anchor: Anchors = ("release_date", "effectuation_date")
    """The first date known, in this order, starts the authorization; never before enrolment is active."""
    changes: tuple[Change, ...] = ()
    review_days_before_end: Annotated[int, Field(ge=1, le=365)] = 60
    """Days before the end on which a reauthorization is to be looked at, or on the business day before that."""

    @model_validator(mode="after")
    def _changes_follow_each_other(self) -> Self:
        if any(later.since <= earlier.since for earlier, later in pairwise(self.changes)):
            raise ValueError("the changes must stand in the order of their dates, each with a date of its own")
        return self

    def history(self) -> tuple[InForce, ...]:
        """Return what was in force from when on, oldest first."""
        found = [InForce(FIRST_DAY, self.months, self.anchor)]
        for change in self.changes:
            before = found[-1]
            found.append(InForce(change.since, change.months or before.months, change.anchor or before.anchor))
        return tuple(found)
