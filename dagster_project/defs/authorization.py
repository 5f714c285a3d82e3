"""Authorization: who is authorized for Enhanced Care Management, from when to when, on what basis."""

from __future__ import annotations

from dagster_project.station import station_assets, table
from pipelines import derivation

authorize = station_assets(
    derivation.authorize,
    table(
        "exchange.ecm_authorizations",
        "authorization",
        reads=["exchange.ji_episodes", "exchange.ji_statements", "exchange.coverage_months"],
        kinds={"sql"},
        owner="utilization-management",
        description="Who is authorized for Enhanced Care Management, and until when? Presumptive and referred "
        "authorizations (rules R2 to R6): pending until release, then twelve months. Two of one member "
        "never overlap.",
    ),
)
