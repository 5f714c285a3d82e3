"""Thresholds that hold a file instead of letting it through."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipelines.config.table import Table


class Safety(Table):
    """Thresholds that hold a file instead of letting it through."""

    max_rejected_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    cin_slot_min_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    stale_after_days: Annotated[int, Field(ge=1)] = 45
    max_full_shrink: Annotated[float, Field(gt=0, le=1)] = 0.2
    """Share of the roster that a full 834 may leave out, or be smaller by than the one before."""
    max_roster_shrink: Annotated[float, Field(gt=0, le=1)] = 0.2
    """Share of a provider's open members that may leave in one night before the file is held."""
