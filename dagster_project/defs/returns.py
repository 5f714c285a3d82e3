"""Returns: what providers report of the members assigned to them."""

from __future__ import annotations

from dagster_project.station import station_assets, table
from dagster_project.telling import read_files
from pipelines import nightly

_GROUP, _OWNER = "returns", "ji-liaison"
_READS = ["ledger.files", "exchange.cin_aliases"]

load_returns = station_assets(
    nightly.load_returns,
    table(
        "facts.return_transmissions",
        _GROUP,
        reads=_READS,
        kinds={"csv", "excel"},
        owner=_OWNER,
        description="What do providers report, and was it taken? Each row of each Return Transmission File: contact "
        "data, ECM status, care dates and closure. Rows on members that are not the provider's are "
        "refused and not kept.",
    ),
    table(
        "facts.outreach_attempts",
        _GROUP,
        reads=_READS,
        kinds={"csv", "excel"},
        owner=_OWNER,
        description="Whom did providers try to reach? Each attempt, of Outreach Tracker Files and of merged Return "
        "Transmission Files.",
    ),
    completes={"ledger.files": read_files},
)
