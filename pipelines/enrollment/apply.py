"""Bring members, coverage months and JI evidence up to date for everyone a not yet applied file speaks of."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pipelines.checkpoints import Checkpoint, reached
from pipelines.config import ExchangeConfig
from pipelines.enrollment.evidence import find_evidence
from pipelines.enrollment.locators import compare_locators
from pipelines.enrollment.roster import compare_rosters
from pipelines.warehouse import Warehouse
from pipelines.warehouse.readings import note_members, note_reading
from pipelines.warehouse.remade import is_remade, settle_remade
from schemas.codes import COUNTY_CODES

_HERE = Path(__file__).parent

POLICY = "834"
"""The name in `ledger.readings` of what decides how an 834 is read."""

TABLES = (
    "exchange.members",
    "exchange.coverage_months",
    "exchange.ji_evidence",
    "exchange.locator_disagreements",
    "exchange.locator_totals",
    "exchange.roster_differences",
)
"""What follows from the 834s alone."""


def apply_enrollment(warehouse: Warehouse, config: ExchangeConfig, *, everyone: bool = False) -> int:
    """Fold what fresh files say into what is known of the members they touch, and compare full files with the roster.

    Whoever a late file speaks of is made anew from all facts, so that the order of arrival leaves no trace. Returns how
    many members were touched. With `everyone` the tables are made anew from the facts. So they are when a new version
    of the store emptied one of them, and when the configuration reads the 834 in another way than before:
    `ledger.readings` then says how many members stand otherwise because of it.
    """
    lend_policy(warehouse, config)
    with warehouse.transaction():
        reads_anew = note_reading(warehouse, POLICY, f"{config.plan.hcp_codes}|{config.justice_involved.reading}")
        remade = is_remade(warehouse, TABLES)
        everyone = everyone or reads_anew or remade
        tells_otherwise = reads_anew and not remade
        if tells_otherwise:
            warehouse.run_file(_HERE / "standing_before.sql")
        for table in TABLES if everyone else ():
            warehouse.run(f"DELETE FROM {table}")  # noqa: S608 - from above
        warehouse.run_file(_HERE / "touched.sql", everyone=everyone)
        touched: int = warehouse.value("SELECT count(*) FROM touched")
        warehouse.run_file(_HERE / "members.sql")
        warehouse.run_file(_HERE / "coverage_months.sql")
        find_evidence(warehouse, config.justice_involved.locators)
        compare_locators(warehouse, config.justice_involved)
        compare_rosters(warehouse, everyone=everyone)
        if tells_otherwise:
            warehouse.run_file(_HERE / "standing_otherwise.sql")
            note_members(warehouse, POLICY, warehouse.value("SELECT count(*) FROM standing_otherwise"))
        warehouse.run("UPDATE ledger.files SET applied = true WHERE kind = '834' AND status LIKE 'ACCEPTED%'")
        settle_remade(warehouse, TABLES)
        reached(Checkpoint.MEMBERS_FOLLOW)
    return touched


def lend_policy(warehouse: Warehouse, config: ExchangeConfig) -> None:
    """Lend what the plan's configuration says of HCP codes and statuses, and the views that read coverage by it."""
    status = [(s, c) for c, listed in config.justice_involved.hcp_status.items() for s in listed]
    warehouse.lend("hcp_status", pd.DataFrame(status, columns=["status", "coverage_class"], dtype="str"))
    warehouse.lend("counties", pd.DataFrame(COUNTY_CODES.items(), columns=["code", "name"], dtype="str"))
    warehouse.run_file(
        _HERE / "policy.sql",
        own_codes=list(config.plan.hcp_codes),
        active_statuses=list(config.justice_involved.hcp_status.get("active", ())),
    )
