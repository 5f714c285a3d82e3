"""Who is told how a night went, and of what: an address is a secret, so only the variable that holds it is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from pipelines.config.table import Table

Kind = Literal["stopped", "missed", "undelivered", "needs_person", "finished"]
"""What somebody is told of: a night that stopped; one that is not there by its hour; files that were written and have
not arrived; what else needs a person; and, as a sign of life, every night that came to its end.
"""


def _a_variable(name: str) -> str:
    if not name.replace("_", "").isalnum() or not name.isascii() or name != name.upper() or name[:1].isdigit():
        raise ValueError(
            "name an environment variable, such as ECM_ALERTS_MAIL, that holds the address: it is a secret"
        )
    return name


class Alert(Table):
    """One address and what it is told of."""

    to: Annotated[str, Field(min_length=1), AfterValidator(_a_variable)]
    """Environment variable that holds the address."""
    on: Annotated[tuple[Kind, ...], Field(min_length=1)] = ("stopped", "missed", "undelivered", "needs_person")
    again_after_days: Annotated[int, Field(ge=1, le=31)] = 3
    """Nights after which it is told again of what stands unchanged."""
    by: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "06:00"
    """Hour and minute, where the plan is, from which a night that has not come to its end counts as missed."""


@dataclass(frozen=True)
class Addressees:
    """Who is told of a plan's nights: all that must be known of a configuration of which the rest may be wrong."""

    plan: str
    """Id of the plan."""
    timezone: str
    home: Path
    alerts: tuple[Alert, ...]


def told_twice(alerts: Sequence[Alert]) -> bool:
    """Tell whether two tables are for one address."""
    return len({alert.to for alert in alerts}) < len(alerts)
