"""How senders of an 834 differ in what they put where, as data: one profile per kind of sender.

Only what the reader must know to find a value is here. What a value means (status tables, the justice-involved
indicator) is configuration of a later station.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CinField = Literal["REF*1L", "REF*0F", "NM109"]
"""Where a member's CIN can stand: loop 2000 REF02 by qualifier, or loop 2100A NM109."""


@dataclass(frozen=True)
class EnrollmentProfile:
    """The dialect of one sender."""

    name: str
    cin_field: CinField = "REF*1L"
    cin_slot: int | None = None
    """Position, from 1, among values packed with semicolons; None takes the whole value."""


PROFILES = {profile.name: profile for profile in (EnrollmentProfile("dhcs"),)}
"""The known dialects by name; `dataclasses.replace` makes a variant."""
