"""How long what was received and sent is kept as bytes. What it says of whom to whom is kept for good."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipelines.config.table import Table


class Retention(Table):
    """How long landed files, files sent, and the contents of rows delivered are kept."""

    years: Annotated[int, Field(ge=6)] = 6
    """At least the six years for which a member may ask to whom something was disclosed (45 CFR 164.528)."""
