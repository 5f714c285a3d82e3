"""How long what was received and sent is kept as bytes, and runs in Dagster. Who was told of whom is kept for good."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipelines.config.table import Table


class Retention(Table):
    """How long landed files, files sent, the contents of rows delivered, and runs in Dagster are kept."""

    years: Annotated[int, Field(ge=6)] = 6
    """At least the six years for which a member may ask to whom something was disclosed (45 CFR 164.528)."""
    dagster_runs_days: Annotated[int, Field(ge=7)] = 120
    """Calendar days after which Dagster forgets a run that has ended; it plots no more nights than these.

    What a night did stands in the store and on its page for good.
    """
