"""What followed from the facts of then: everything up to clocks and needs derived anew, and the roster as it was noted.

To be called once `go_back` has taken away what was not known, within the rehearsal that undoes both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from pipelines.assignment import read_assignments
from pipelines.config import Roster
from pipelines.config.providers import Provider
from pipelines.derivation import (
    AsOf,
    authorize,
    find_episodes,
    find_needs,
    gather_reports,
    match,
    start_clocks,
    update_members,
)
from pipelines.enrollment import apply_enrollment
from pipelines.warehouse import Warehouse


def derive_known(night: AsOf) -> None:
    """Derive everything from the facts that are there; assignments are read from the decisions, not decided anew."""
    apply_enrollment(night.warehouse, night.config, everyone=True)
    update_members(night)
    match(night)
    find_episodes(night)
    authorize(night)
    read_assignments(night.warehouse)
    gather_reports(night)
    start_clocks(night)
    find_needs(night)


def roster_of_then(warehouse: Warehouse, roster: Roster) -> Roster:
    """Give each provider of the table what nights up to then had noted of it."""
    noted = {
        npi: json.loads(attributes)
        for npi, attributes in warehouse.rows(
            "SELECT npi, arg_max(attributes, sequence) FROM facts.roster_entries WHERE listed GROUP BY npi"
        )
    }
    return Roster(tuple(_as_noted(provider, noted.get(provider.npi, {})) for provider in roster.providers))


def _as_noted(provider: Provider, attributes: Mapping[str, object]) -> Provider:
    kept = ("name", "active", "ji_provider", "folder")
    return provider.model_copy(update={name: attributes[name] for name in kept if name in attributes})
