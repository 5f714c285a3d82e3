"""The work lists by name, as `lists.toml` beside this module words them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.identity.questions import EXPIRED, REASONS


@dataclass(frozen=True)
class WorkList:
    """One list: what stands on it and what a person does about it."""

    name: str
    title: str
    rule: str
    says: str
    do: str
    reasons: Mapping[str, str] = field(default_factory=dict)
    """What is said of an item by its reason; of one that ends with a number of days, by what stands before it."""

    def words(self, reason: str) -> str:
        """Say why an item stands on the list."""
        kind, _, days = reason.partition("_")
        if kind in self.reasons and days.isdigit():
            return self.reasons[kind].format(days=days)
        return self.reasons.get(reason) or reason.replace("_", " ").lower()


def _read(path: Path) -> dict[str, WorkList]:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    tables["IDENTITY"]["reasons"] = {
        "EXPIRED": EXPIRED,
        **{reason: f"{meaning[0].upper()}{meaning[1:]}. {do}" for reason, (meaning, do) in REASONS.items()},
    }
    return {name: WorkList(name=name, **table) for name, table in tables.items()}


WORK_LISTS: Mapping[str, WorkList] = _read(Path(__file__).with_name("lists.toml"))
"""In the order in which they are worked."""
