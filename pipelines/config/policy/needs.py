"""Which community supports a plan has elected, and when a need at the release counts as missing."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from pipelines.config.table import Table
from schemas.codes import COMMUNITY_SUPPORTS

_Days = Annotated[int, Field(ge=0, le=365)]


class Needs(Table):
    """Calendar days around the release (rules R27 to R30)."""

    unknown_within: _Days = 14
    """How many days before the release a need that nobody speaks of begins to count as missing."""
    missing_after: _Days = 30
    """For how many days after the release a need that is known to be missing is told; a ride up to the day itself."""
    community_supports: tuple[str, ...] = tuple(COMMUNITY_SUPPORTS)
    """Those the plan has elected (R28)."""

    @field_validator("community_supports")
    @classmethod
    def _are_known(cls, supports: tuple[str, ...]) -> tuple[str, ...]:
        if not set(supports) <= set(COMMUNITY_SUPPORTS):
            raise ValueError(f"every community support is one of {', '.join(COMMUNITY_SUPPORTS)}")
        return supports
