"""Bring members, coverage months and JI evidence up to date for everyone a not yet applied file speaks of."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from pipelines.config import ExchangeConfig
from pipelines.config.policy.justice_involved import LOCATOR_SEGMENTS
from pipelines.enrollment.roster import compare_rosters
from pipelines.warehouse import Warehouse
from schemas.codes import COUNTY_CODES

_HERE = Path(__file__).parent

_EVIDENCE = {
    "2000": ("evidence.sql", "facts.enrollment_members"),
    "2300": ("evidence_coverage.sql", "facts.enrollment_coverage"),
    "2750": ("evidence.sql", "facts.enrollment_reporting"),
}
"""Script and table that look for evidence, by the loop of the locator's place."""


def apply_enrollment(warehouse: Warehouse, config: ExchangeConfig, *, everyone: bool = False) -> int:
    """Fold what fresh files say into what is known of the members they touch, and compare full files with the roster.

    Whoever a late file speaks of is made anew from all facts, so that the order of arrival leaves no trace. Returns how
    many members were touched. With `everyone` the tables are made anew from the facts, and so they are when the
    configuration reads the 834 in another way than before.
    """
    lend_policy(warehouse, config)
    with warehouse.transaction():
        everyone = _reads_anew(warehouse, config) or everyone
        warehouse.run_file(_HERE / "touched.sql", everyone=everyone)
        touched: int = warehouse.value("SELECT count(*) FROM touched")
        warehouse.run_file(_HERE / "members.sql")
        warehouse.run_file(_HERE / "coverage_months.sql")
        _find_evidence(warehouse, config)
        compare_rosters(warehouse, everyone=everyone)
        warehouse.run("UPDATE ledger.files SET applied = true WHERE kind = '834' AND status LIKE 'ACCEPTED%'")
    return touched


def _reads_anew(warehouse: Warehouse, config: ExchangeConfig) -> bool:
    """Note by which configuration the tables are made now; tells whether they were made by another one before."""
    policy = f"{config.plan.hcp_codes}|{config.justice_involved.model_dump_json()}"
    reading = hashlib.sha256(policy.encode()).hexdigest()
    before = [known for (known,) in warehouse.rows("SELECT reading FROM ledger.readings")]
    if before == [reading]:
        return False
    warehouse.run("DELETE FROM ledger.readings")
    warehouse.run("INSERT INTO ledger.readings VALUES ($reading)", {"reading": reading})
    return bool(before)


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


def _find_evidence(warehouse: Warehouse, config: ExchangeConfig) -> None:
    warehouse.run("DELETE FROM exchange.ji_evidence WHERE cin IN (FROM made_anew)")
    for locator in config.justice_involved.locators:
        script, table = _EVIDENCE[locator.segment.partition("/")[0]]
        query = (_HERE / script).read_text(encoding="utf-8")
        query = query.replace("located_table", table).replace("located_value", LOCATOR_SEGMENTS[locator.segment])
        found_by = {
            "locator": locator.name,
            "place": locator.segment,
            "slots": list(locator.slots) or [0],
            "pattern": locator.pattern,
        }
        of_month = {"current_only": locator.months == "current"} if "$current_only" in query else {}
        warehouse.run(query, found_by | of_month)
