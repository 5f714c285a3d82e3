"""What counts as near on the JI liaison's work lists."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from pipelines.config.table import Table

_Days = Annotated[int, Field(ge=1, le=365)]


class WorkLists(Table):
    """Calendar days from the business date."""

    release_within: tuple[_Days, _Days, _Days] = (14, 30, 90)
    """Steps in which an expected release comes nearer."""
    late_adds_of_days: _Days = 7
    """How long a late add stays on its list."""
    review_within: _Days = 14
    """How long before its day a reauthorization review is listed."""

    @model_validator(mode="after")
    def _steps_rise(self) -> Self:
        if any(later <= earlier for earlier, later in pairwise(self.release_within)):
            raise ValueError("release_within names its days from the nearest to the farthest")
        return self
