"""Length and start of authorizations."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pipelines.config.table import Table


class Authorization(Table):
    """Length and start of the first authorization (rules R4, R5)."""

    months: Annotated[int, Field(ge=1, le=36)] = 12
    anchor: Annotated[tuple[Literal["release_date", "effectuation_date"], ...], Field(min_length=1, max_length=2)] = (
        "release_date",
        "effectuation_date",
    )
    """The first date known, in this order, starts the authorization; never before enrolment is active."""
