"""One thing that was looked at, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Ailment:
    """One thing looked at: fine, worth a look, or wrong."""

    subject: str
    state: Literal["fine", "look", "wrong"]
    what: str
    remedy: str = ""
