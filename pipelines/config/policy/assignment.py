"""What a provider must offer a member under the rule of assignment, and how much it counts when it does not."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pipelines.config.table import Table

Weight = Literal["required"] | Annotated[int, Field(strict=True, ge=0, le=1000)]
"""`required`: no provider without it; a number: what its absence adds to the mismatch, 0 where it does not matter."""


class Assignment(Table):
    """What counts when the rule chooses a provider (R17); a provider somebody named needs none of it (R21)."""

    county: Weight = "required"
    """The provider serves the county of residence on the 834 (R22)."""
    population: Weight = "required"
    """It serves the member's age: youth until the 21st birthday, then adults."""
    service_scope: Weight = 2
    """It offers services before release, for one who is still inside."""
    language: Weight = 1
    """It speaks the member's language, where that is not English."""
