"""Reporting: the run's own record, and the copy that people read while the next night is at work."""

from __future__ import annotations

from dagster_project.station import station_assets, table
from pipelines import nightly

publish_copy = station_assets(
    nightly.publish_copy,
    table(
        "ledger.runs",
        "reporting",
        reads=["delivery.deliveries", "exchange.unassigned", "exchange.clocks"],
        kinds=set(),
        owner="data-exchange",
        description="One row for each run of a night. With it the readers' copy `published.duckdb` is replaced: "
        "reports read that copy, never the live store.",
    ),
)
