"""The directory of providers: when its changes are due, and when a county's network is too thin."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from pipelines.config.cells import County
from pipelines.config.table import Table


class Directory(Table):
    """The directory of providers and the networks of the plan's counties (R19, R20, R34)."""

    publish_within_days: Annotated[int, Field(ge=1, le=30)] = 30
    """Calendar days from a change to its publication; R34 allows 30."""
    nearly_full: Annotated[float, Field(gt=0, le=1)] = 0.9
    """Share of the places of a county's providers from which on they count as nearly full."""
    other_networks: Path | None = None
    """CSV of other plans' providers: plan, npi, county and optionally name."""
    missing_in_networks: Annotated[int, Field(ge=1)] = 2
    """How many other plans of a county must have a provider before it is told as missing from the plan's own; all of
    them, where there are fewer."""
    overlap_exceptions: tuple[County, ...] = ()
    """Counties for which an exception from the overlap was granted (R19)."""
