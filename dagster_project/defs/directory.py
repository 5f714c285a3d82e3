"""The provider directory: every version of every entry, what each county has, what other plans have too."""

from __future__ import annotations

from dagster_project.station import station_assets, table
from pipelines import derivation

_GROUP, _OWNER = "assignment", "provider-network"

update_directory = station_assets(
    derivation.update_directory,
    table(
        "facts.roster_entries",
        _GROUP,
        reads=[],
        kinds={"csv"},
        owner=_OWNER,
        description="Each change of the roster of providers, on the night that found it. Append-only.",
    ),
    table(
        "exchange.provider_directory",
        _GROUP,
        reads=["facts.roster_entries"],
        kinds={"sql"},
        owner=_OWNER,
        description="Every version of every provider's entry, and by when it is to be published (rule R34).",
    ),
    table(
        "exchange.county_coverage",
        _GROUP,
        reads=["facts.roster_entries", "exchange.ecm_assignments"],
        kinds={"sql"},
        owner=_OWNER,
        description="Providers and free places in each county of the plan, and what is missing (rule R20).",
    ),
    table(
        "exchange.network_overlap",
        _GROUP,
        reads=["facts.roster_entries"],
        kinds={"sql"},
        owner=_OWNER,
        description="How far the JI network of each county overlaps with those of other plans (rule R19).",
    ),
)
