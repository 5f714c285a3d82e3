"""The station: what the roster of the night changes in the directory, and how well the counties are served."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from pipelines.checkpoints import Checkpoint, reached
from pipelines.config import ExchangeConfig, Roster
from pipelines.config.networks import NETWORK_COLUMNS, read_networks
from pipelines.directory.attributes import INTERNAL, PUBLIC, standing_entries
from pipelines.warehouse import Warehouse
from pipelines.warehouse.audit import note
from schemas.problems import ConfigurationError

_HERE = Path(__file__).parent

_COUNTS = """
    SELECT
        (SELECT count(*) FROM exchange.provider_directory WHERE valid_to IS NULL AND listed AND active),
        (SELECT count(*) FROM exchange.provider_directory WHERE valid_from = $on),
        (SELECT count(*) FROM exchange.provider_directory WHERE status = 'DUE'),
        (SELECT count(*) FROM exchange.provider_directory WHERE status = 'OVERDUE'),
        (SELECT count(DISTINCT county) FROM exchange.county_coverage WHERE problem IS NOT NULL),
        (SELECT count(DISTINCT county) FROM exchange.county_coverage WHERE problem = 'NO_PROVIDER'),
        (SELECT count(*) FROM exchange.network_overlap WHERE problem IS NOT NULL)
"""
_ENTRIES = "SELECT count(*) FROM facts.roster_entries"
_NAMES = (
    "active_providers", "changes", "to_publish", "overdue", "counties_with_a_problem", "counties_without_a_provider",
    "overlap_problems",
)  # fmt: skip


def update_directory(
    warehouse: Warehouse, config: ExchangeConfig, roster: Roster, business_date: date
) -> dict[str, int]:
    """Record what changed in the roster, derive the directory's tables anew, and return their counts.

    Appends to `facts.roster_entries`; a second run of the same night adds nothing. `exchange.provider_directory`,
    `exchange.county_coverage` and `exchange.network_overlap` follow. To run after the assignments, which are counted.
    """
    warehouse.lend("standing_entries", standing_entries(roster.as_of(business_date)))
    with warehouse.transaction():
        before = warehouse.value(_ENTRIES)
        warehouse.run_file(_HERE / "record.sql", business_date=business_date)
        if changed := warehouse.value(_ENTRIES) - before:
            note(warehouse, business_date, "ROSTER_CHANGED", business_date.isoformat(), f"{changed} entries")
        reached(Checkpoint.ROSTER_RECORDED)
        derive_directory(warehouse, config, business_date)
    return dict(zip(_NAMES, warehouse.rows(_COUNTS, {"on": business_date})[0], strict=True))


def derive_directory(warehouse: Warehouse, config: ExchangeConfig, business_date: date) -> None:
    """Derive the directory's tables from the facts; to be called within a transaction.

    A table of other plans' networks that cannot be read must not keep a night from its providers: its counties carry
    the problem NETWORKS_UNREADABLE instead, and `ecm-exchange directory` tells the lines.
    """
    policy = config.directory
    warehouse.run_file(
        _HERE / "versions.sql",
        business_date=business_date,
        public_attributes=list(PUBLIC),
        attributes=[*PUBLIC, *INTERNAL],
        publish_within_days=policy.publish_within_days,
    )
    warehouse.run_file(_HERE / "coverage.sql", plan_counties=list(config.plan.counties), nearly_full=policy.nearly_full)
    networks, state = _other_networks(config)
    warehouse.lend("other_networks", networks)
    warehouse.run_file(
        _HERE / "overlap.sql",
        networks=state,
        missing_in_networks=policy.missing_in_networks,
        exceptions=list(policy.overlap_exceptions),
    )


def _other_networks(config: ExchangeConfig) -> tuple[pd.DataFrame, str]:
    nobody = pd.DataFrame(columns=list(NETWORK_COLUMNS), dtype="str")
    if config.directory.other_networks is None:
        return nobody, "NONE"
    try:
        return read_networks(config.directory.other_networks, own_plan=config.plan.id), "READ"
    except ConfigurationError:
        return nobody, "UNREADABLE"
