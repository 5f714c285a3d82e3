"""Whom providers call at the plan: stands in what they are sent."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipelines.config.cells import Email, Phone
from pipelines.config.table import Table


class Contact(Table):
    """The JI liaison, as providers reach that person (R26)."""

    name: Annotated[str, Field(min_length=1)]
    phone: Phone
    email: Email | None = None
    after_hours: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """How to reach somebody after hours: a phone number, or a sentence."""
