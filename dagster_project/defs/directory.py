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
        description="Did the table of providers change? Each change, on the night that found it. Append-only.",
    ),
    table(
        "exchange.provider_directory",
        _GROUP,
        reads=["facts.roster_entries"],
        kinds={"sql"},
        owner=_OWNER,
        description="Is every change of a provider published in time? Every version of every provider's entry, and "
        "by when it is to be published (rule R34).",
    ),
    table(
        "exchange.county_coverage",
        _GROUP,
        reads=["facts.roster_entries", "exchange.ecm_assignments"],
        kinds={"sql"},
        owner=_OWNER,
        description="Which county lacks providers or places? Providers and free places in each county of the plan "
        "(rule R20).",
    ),
    table(
        "exchange.network_overlap",
        _GROUP,
        reads=["facts.roster_entries"],
        kinds={"sql"},
        owner=_OWNER,
        description="Does our network overlap with other plans' networks? The JI network of each county beside "
        "theirs (rule R19).",
    ),
)
