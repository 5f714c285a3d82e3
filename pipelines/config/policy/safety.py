"""Thresholds that hold a file, or rows of one, instead of letting them through."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipelines.config.table import Table


class Safety(Table):
    """Thresholds that hold a file, or rows of one, instead of letting them through."""

    max_rejected_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    cin_slot_min_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    stale_after_days: Annotated[int, Field(ge=1)] = 45
    returns_after_end_days: Annotated[int, Field(ge=0)] = 92
    """Calendar days after the end of an assignment in which its provider may still report on the member.

    What was done in a month is reported after it, and corrected after that.
    """
    max_full_shrink: Annotated[float, Field(gt=0, le=1)] = 0.2
    """Share of the roster that a full 834 may leave out, or be smaller by than the one before."""
    max_roster_shrink: Annotated[float, Field(gt=0, le=1)] = 0.2
    """Share of a provider's open members that may leave in one night before their ends are held."""
    max_growth: Annotated[float, Field(ge=1)] = 5.0
    """How many times as many members as on its busiest day so far a provider may be given on one day.

    A monthly full file or a neighbour that closes brings a few times the usual; an error (one provider left active in a
    table, a place of the 834 misread) brings tens of times as many.
    """
    growth_floor: Annotated[int, Field(ge=1)] = 25
    """New members of one day that are never held: about as many as one person looks through in a morning."""
    growth_days: Annotated[int, Field(ge=7)] = 90
    """Calendar days that a provider's history goes back."""
    doubtful_rejected_share: Annotated[float, Field(gt=0, le=1)] = 0.2
    """Share of an 834's members that may be rejected before what rests on the others is held.

    Beyond `max_rejected_share` such a file is not loaded at all.
    """
    enrollment_stale_days: Annotated[int, Field(ge=1)] = 3
    """Business days after which the last 834 of a source that sends them daily ends nobody's assignment any more.

    The state's file is due every business day: one may come late and one may fail; after a third something is broken.
    """
