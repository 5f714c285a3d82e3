"""Justice involvement: from evidence and statements to episodes, each from becoming known to leaving or returning."""

from __future__ import annotations

from dagster_project.station import station_assets, table
from pipelines import nightly

_GROUP, _OWNER = "justice_involved", "ji-liaison"

find_episodes = station_assets(
    nightly.find_episodes,
    table(
        "exchange.ji_statements",
        _GROUP,
        reads=["facts.referrals", "facts.mif_members", "facts.release_notices", "exchange.identities"],
        kinds={"sql"},
        owner=_OWNER,
        description="What others said of incarceration and release, of members whose identity is certain.",
    ),
    table(
        "exchange.ji_episodes",
        _GROUP,
        reads=["exchange.ji_evidence", "exchange.ji_statements", "exchange.coverage_months", "exchange.members"],
        kinds={"sql"},
        owner=_OWNER,
        description="One stretch of justice involvement: still inside, released (the hold is gone, rule R8), back "
        "inside, or closed. A return to custody opens the next one.",
    ),
)
