"""Where the justice-involved (JI) indicator stands on the 834, and what each HCP status means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pipelines.config.policy.locators import Locator
from pipelines.config.table import Table


class JusticeInvolved(Table):
    """Where the JI indicator stands and what each HCP status means."""

    locators: tuple[Locator, ...]
    hcp_status: dict[Literal["active", "hold", "terminated", "not_covered"], tuple[str, ...]]
    max_flagged_share: Annotated[float, Field(gt=0, le=1)] = 0.2
    """Share of the members whom a locator may flag before the night stops: beyond it, it reads the wrong place."""

    @model_validator(mode="after")
    def _each_status_means_one_thing(self) -> Self:
        if not self.hcp_status.get("active"):
            raise ValueError("hcp_status names no active status: nobody would ever count as enrolled")
        statuses = [status for listed in self.hcp_status.values() for status in listed]
        if len(statuses) != len(set(statuses)):
            raise ValueError("an HCP status stands under two meanings")
        return self

    @model_validator(mode="after")
    def _each_locator_has_its_own_name(self) -> Self:
        names = [locator.name for locator in self.locators]
        if len(names) != len(set(names)):
            raise ValueError("two locators have the same name")
        return self

    @property
    def reading(self) -> str:
        """All that decides how an 834 is read, as one text."""
        return self.model_dump_json(exclude={"max_flagged_share"})

    def pairs(self) -> Iterator[tuple[Locator, Locator]]:
        """Yield the locators that can confirm or contradict each other, each pair once."""
        for number, one in enumerate(self.locators):
            yield from ((one, other) for other in self.locators[number + 1 :] if one.is_beside(other))
