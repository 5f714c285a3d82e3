"""What the directory says of a provider: which of it the public sees, and which only the plan."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from pipelines.config import Roster
from pipelines.config.providers import Provider

PUBLIC = (
    "name", "ji_provider", "service_scope", "ffs_enrolled", "facility_contracts", "counties", "populations",
    "languages", "phone", "email",
)  # fmt: skip
"""Attributes of the public edition; a change of one has to be published (R34)."""

INTERNAL = ("active", "tin", "capacity", "host", "port", "username", "folder")
"""Attributes whose history is kept, and that never leave the plan."""

LISTS = ("facility_contracts", "counties", "populations", "languages")


def standing_entries(roster: Roster) -> pd.DataFrame:
    """Give each provider of a roster as of a day its attributes as one text: columns npi, attributes."""
    rows = [(npi, _attributes(provider)) for npi, provider in roster.by_npi().items()]
    return pd.DataFrame(rows, columns=["npi", "attributes"], dtype="str")


def _attributes(provider: Provider) -> str:
    """Write the attributes that are given; an attribute added to this software later is no change of the provider's."""
    given = {name: _plain(getattr(provider, name)) for name in (*PUBLIC, *INTERNAL)}
    return json.dumps({name: value for name, value in given.items() if value not in (None, "")}, sort_keys=True)


def _plain(value: Any) -> Any:
    """Join a list in alphabetical order: another order says nothing new."""
    return ";".join(sorted(set(value))) if isinstance(value, tuple) else value
